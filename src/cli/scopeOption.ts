import { AppError } from '../base/errors.ts';
import { resolveScope } from '../core/estate/scope.ts';
import { parseScope } from '../kql/scopeLine.ts';
import type { ScopeLine } from '../kql/scopeLine.ts';
import type { Estate, Workspace } from '../model/estate.ts';
import { EVERYTHING } from '../model/scope.ts';
import type { Scope } from '../model/scope.ts';
import { textOf } from './command.ts';
import type { Values } from './command.ts';

/**
 * The scope of `--scope`, else of the `// @scope` line of a query, else everything. Throws `input.scope`. With an
 * estate, names are checked too.
 */
export function readScope(values: Values, found: ScopeLine | undefined, estate?: Estate): Scope {
  const option = textOf(values, 'scope');
  const line = option === undefined ? found : undefined;
  const read = option !== undefined ? parseScope(option) : line;
  if (read?.error)
    throw new AppError(
      'input.scope',
      `${line ? `Line ${line.line + 1}: ` : '--scope: '}${read.error.message} Nothing was sent.`,
    );
  const scope = read?.scope ?? EVERYTHING;
  if (estate) checkScope(scope, estate);
  return scope;
}

function checkScope(scope: Scope, estate: Estate): void {
  const problems = resolveScope(scope, estate).problems.filter((problem) => problem.selector);
  if (problems.length > 0) throw new AppError('input.scope', problems.map((problem) => problem.message).join(' '));
}

/** The one workspace a name means: its name, `customer/name`, its id, or its resource id. Throws `input.scope`. */
export function findWorkspace(name: string, estate: Estate): Workspace {
  const { workspaces, problems } = resolveScope({ include: [{ kind: 'workspace', value: name }], except: [] }, estate);
  const [workspace] = workspaces;
  if (!workspace) throw new AppError('input.scope', problems[0]?.message ?? `There is no workspace "${name}".`);
  return workspace;
}

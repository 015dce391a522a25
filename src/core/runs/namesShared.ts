import { AppError } from '../../base/errors.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { QueryLiteral } from './literalsOf.ts';
import type { RunFacts } from './runFacts.ts';

/**
 * Refuses with `query.notRestricted` a query that reads a workspace of several customers by its name or id, as
 * `workspace("...")` does: who is asked would bring the rows of all of them as its own.
 */
export function checkNamesShared(
  { reachesOut }: Pick<RunFacts, 'reachesOut'>,
  literals: readonly QueryLiteral[],
  { workspaces }: Pick<Estate, 'workspaces'>,
): void {
  // What the parser cannot tell may reach out, too.
  if (reachesOut?.length === 0) return;
  const texts = literals.map(({ text }) => text.toLowerCase());
  const named = workspaces.find((one) => one.shared && texts.some((text) => isNamed(one, text)));
  if (!named) return;
  throw new AppError(
    'query.notRestricted',
    `${named.name} is shared: a query that names it reads the rows of every customer there, and they would be told to be those of who is asked. Put it into the scope instead (workspace:${named.name}). Nothing was sent.`,
  );
}

/**
 * By its name, alone or in a path such as `subscription/group/name`, by its ID, by its resource ID or that of what it
 * lies in.
 */
function isNamed({ name, guid, armId }: Workspace, text: string): boolean {
  const wanted = name.toLowerCase();
  const own = text.replaceAll(/^[@h]*["'`]+|["'`]+$/gi, '').trim();
  const [id, around] = [armId.toLowerCase(), own.replace(/\/*$/, '/')];
  const isWithin = around.startsWith('/subscriptions/') && id.startsWith(around);
  return own.split('/').includes(wanted) || own.includes(guid) || own.includes(id) || isWithin;
}

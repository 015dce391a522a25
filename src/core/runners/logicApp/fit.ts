import { AppError } from '../../../base/errors.ts';
import type { RollupPlan } from '../../../kql/rollup/planRollup.ts';
import type { Centre } from '../../../model/centre.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { RollupDefinition } from '../../../model/rollup.ts';
import { choosePath } from '../../estate/path.ts';
import { TEXT_COLUMNS } from './windowText.ts';

/** Workspaces that one Logic App asks: their names and texts are in its definition. */
export const MOST_WORKSPACES = 100;
/** Rows of a window: of 600 bytes each they are the 64 MB that one answer of the query API holds. */
const MOST_ROWS = 100_000;
/** Characters that an expression may put together; that of a question does so with its text. */
const MOST_CHARACTERS = 131_072;

/** What is to be run by a Logic App. */
export interface LogicAppCandidate {
  readonly definition: RollupDefinition;
  readonly plan: RollupPlan;
  readonly centre: Centre;
  readonly workspaces: readonly Workspace[];
}

/** Why a roll-up cannot be run by a Logic App, a sentence each; none where it can. */
export function misfits({ definition, plan, centre, workspaces }: LogicAppCandidate): readonly string[] {
  const { name, sinks, limits } = definition;
  const found: string[] = [];
  if (centre.kind !== 'logAnalytics')
    found.push(`It is stored in ${centre.name}, and a Logic App writes to Log Analytics alone.`);
  else if (sinks.length > 1)
    found.push(`It is stored in ${sinks.join(' and ')}, and a Logic App writes to one centre.`);
  const dynamic = plan.part.columns.find(({ type }) => type === 'dynamic');
  if (dynamic)
    found.push(
      `Its column ${dynamic.name} is dynamic, of which KQL makes another text than what is stored; make it a string with tostring() in the query.`,
    );
  const own = plan.part.columns.find((column) => TEXT_COLUMNS.has(column.name));
  if (own) found.push(`Its column ${own.name} is one of the Logic App's own; give it another name in the query.`);
  if (limits.rows > MOST_ROWS)
    found.push(
      `A window of it may have ${limits.rows.toLocaleString('en-US')} rows, and one answer within 120 s and 100 MB holds some ${MOST_ROWS.toLocaleString('en-US')}; say "// @limit ${MOST_ROWS} rows" or less, with windows short enough for it.`,
    );
  if ((plan.part.only ?? []).length > 0)
    found.push('Its query chooses by _Customer, _Tenant or _Workspace; choose by "// @scope" instead.');
  if (workspaces.length === 0) found.push(`No workspace of its scope was found.`);
  if (workspaces.length > MOST_WORKSPACES)
    found.push(
      `Its scope has ${workspaces.length} workspaces, and a definition holds ${MOST_WORKSPACES}; make roll-ups of parts of the scope, or run it by GitHub Actions or Container Apps.`,
    );
  for (const workspace of workspaces) {
    const why = unreadable(workspace, centre);
    if (why) found.push(`${workspace.name} ${why}`);
  }
  return found.map((sentence) => `${name}: ${sentence}`);
}

/** A managed identity has tokens of its own tenant alone: what is delegated to that by Lighthouse it may read. */
function unreadable(workspace: Workspace, centre: Centre): string | undefined {
  if (centre.kind !== 'logAnalytics') return undefined;
  if (workspace.dataActionsOnly)
    return workspace.tenant === centre.tenant
      ? undefined
      : 'is read by data actions alone, which Azure Lighthouse does not delegate.';
  if (workspace.tenant === centre.tenant) return undefined;
  const path = choosePath(workspace);
  if (path?.kind === 'lighthouse' && path.issuer === centre.tenant) return undefined;
  return `is in another tenant than ${centre.name} and not delegated to that by Azure Lighthouse: a managed identity has no token for it.`;
}

/** Throws `input.runner` with every reason why a roll-up cannot be run by a Logic App. */
export function checkFit(candidate: LogicAppCandidate): void {
  const found = misfits(candidate);
  if (found.length === 0) return;
  throw new AppError('input.runner', `No Logic App can be made. ${found.slice(0, 10).join(' ')}`, {
    data: { reasons: found },
  });
}

/** A text that a definition holds and that stays text there. Throws `input.runner` for one that would not. */
export function checkText(name: string, text: string): void {
  // The language of workflows finds an expression inside any text.
  if (text.includes('@{') || text.startsWith('@'))
    throw new AppError('input.runner', `No Logic App can be made. ${name}: its query has "@{", an expression there.`);
  if (text.length > MOST_CHARACTERS - 4_096)
    throw new AppError(
      'input.runner',
      `No Logic App can be made. ${name}: its query is longer than the 131,072 characters that an expression may make.`,
    );
}

import type { AppErrorData } from '../../../base/errors.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { LogsAnswer } from '../../../ports/logs.ts';
import { choosePath } from '../../estate/path.ts';
import { tableDenied, tableUnknown } from '../../runs/tableDenied.ts';
import { tableMissing } from '../../runs/tableMissing.ts';
import type { About, FactQuestion } from './queryFact.ts';

/**
 * Why an answer does not say what its rows, or their absence, seem to say: it is partial, tables were kept from the
 * caller, or no row came of tables that give standard roles none and no error. Undefined where it can be believed. No
 * probing as in runs: what Usage has counted tells empty from closed without a call.
 */
export function unheard(
  answer: LogsAnswer,
  rows: number,
  { tables }: FactQuestion,
  about: About,
): AppErrorData | undefined {
  if (answer.partial) return answer.partial;
  const { workspace } = about;
  const denied = tables.filter((name) => answer.deniedTables?.some((entry) => covers(entry, name)));
  if (denied.length > 0) return tableDenied(workspace.name, denied, 'denied', isDelegated(workspace));
  // A workspace that never had data (204) keeps nothing from anybody.
  if (rows > 0 || answer.bytes === 0) return undefined;
  return silence(tables, about);
}

/** Why "no rows" of these tables is no answer; undefined where it is one. */
export function silence(names: readonly string[], about: About): AppErrorData | undefined {
  const { workspace, tables, usage } = about;
  if (usage?.state === 'known' && usage.value.volumes.length > 0) {
    // Its Usage can be read, and has nothing of them: there is nothing to read.
    const counted = new Set(Object.keys(usage.value.last).map((name) => name.toLowerCase()));
    if (!names.some((name) => counted.has(name.toLowerCase()))) return undefined;
  }
  const delegated = isDelegated(workspace);
  if (workspace.dataActionsOnly) return tableDenied(workspace.name, names, 'dataActionsOnly', delegated);
  if (tables?.state === 'known') {
    const closed = tables.value.filter((table) => table.protected && names.includes(table.name));
    if (closed.length === 0) return undefined;
    return tableDenied(
      workspace.name,
      closed.map(({ name }) => name),
      'protected',
      delegated,
    );
  }
  // Who may not list the tables reads them by a role of the data; any other trouble leaves the question open.
  return tables?.state === 'unknown' && !tables.error.code.startsWith('access.') ? tables.error : undefined;
}

/**
 * What a refused query means: undefined where the table is not there, so that there are no rows; else why nobody knows.
 */
export function refusal(error: AppErrorData, question: FactQuestion, about: About): AppErrorData | undefined {
  const { workspace, tables } = about;
  const { through } = question;
  const names = [...question.tables, ...(through === undefined ? [] : [through])];
  const missing = tableMissing(error, workspace.name, names);
  if (!missing) return error;
  const named = String(missing.data?.['table']);
  const table = named === through ? question.tables[0]! : named;
  if (tables?.state === 'known')
    return tables.value.some(({ name }) => name === table)
      ? tableDenied(workspace.name, [table], 'hidden', isDelegated(workspace))
      : undefined;
  return tableUnknown(workspace.name, table, tables?.state === 'unknown' ? tables.error : missing, error);
}

/** `Tables.Custom` is the service's word for all custom tables. */
function covers(entry: string, table: string): boolean {
  return (
    entry === '*' ||
    entry.toLowerCase() === table.toLowerCase() ||
    (/^tables\.custom$/i.test(entry) && /_CL$/i.test(table))
  );
}

function isDelegated(workspace: Workspace): boolean {
  return choosePath(workspace)?.kind === 'lighthouse';
}

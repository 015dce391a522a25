import { counted } from '../../base/counted.ts';
import { toAppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Workspace, WorkspaceFunction, WorkspaceTable } from '../../model/estate.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { SOFT_DELETE_DAYS } from './rules.ts';

/** Names shown of many; the rest is a number. */
const SHOWN = 6;

/**
 * What goes with a workspace that is deleted, a sentence each: its logs, its own tables, what is kept for longer, its
 * functions, Sentinel. What could not be looked at is said. Never rejects but for a cancellation.
 */
export async function lossesOf(
  workspace: Workspace,
  permanent: boolean,
  directory: Pick<DirectoryPort, 'tables' | 'functions'>,
  issuer: Issuer,
  signal?: CancelSignal,
): Promise<readonly string[]> {
  const [tables, functions] = await Promise.all([
    look(directory.tables(issuer, workspace.armId, signal)),
    look(directory.functions(issuer, workspace.armId, signal)),
  ]);
  return [
    permanent
      ? `Lost for good: the logs of ${workspace.name} of up to ${workspace.retentionDays} days. Nobody can bring them back.`
      : `${workspace.name} stops taking in logs at once, and its logs of up to ${workspace.retentionDays} days can be asked no more. ` +
        `Recovered within ${SOFT_DELETE_DAYS} days they are back; what would have come in meanwhile is lost.`,
    ...(typeof tables === 'string' ? [`Its tables could not be listed: ${tables}`] : describeTables(workspace, tables)),
    ...(typeof functions === 'string'
      ? [`Its functions could not be listed: ${functions}`]
      : describeFunctions(functions)),
    ...(workspace.sentinel ? ['Microsoft Sentinel works on it: its rules, incidents and watchlists go with it.'] : []),
  ];
}

function describeTables(workspace: Workspace, tables: readonly WorkspaceTable[]): readonly string[] {
  const own = tables.filter(({ kind }) => kind === 'CustomLog').map(({ name }) => name);
  const longer = tables
    .filter(({ totalRetentionDays }) => totalRetentionDays > workspace.retentionDays)
    .map(({ name, totalRetentionDays }) => `${name} (${totalRetentionDays} days)`);
  return [
    ...(own.length > 0 ? [`With it goes what it has of its own: ${counted(own.length, 'table')} (${list(own)}).`] : []),
    ...(longer.length > 0 ? [`Kept for longer than the workspace, and gone as well: ${list(longer)}.`] : []),
  ];
}

function describeFunctions(functions: readonly WorkspaceFunction[]): readonly string[] {
  return functions.length > 0
    ? [
        `With it goes what is saved in it: ${counted(functions.length, 'function')} (${list(functions.map(({ name }) => name))}).`,
      ]
    : [];
}

function list(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What was listed, or why it was not. */
async function look<T>(listed: Promise<readonly T[]>): Promise<readonly T[] | string> {
  try {
    return await listed;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family === 'cancelled') throw error;
    return error.message;
  }
}

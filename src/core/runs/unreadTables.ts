import type { CancelSignal } from '../../base/cancel.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { LogsAnswer, LogsPort, LogsTable } from '../../ports/logs.ts';
import { fanOut, untilAborted } from '../fanOut/fanOut.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../fanOut/retry.ts';
import type { TableCatalog, WorkspaceTables } from '../schema/tableCatalog.ts';
import type { WorkspaceWay } from './plannedTarget.ts';
import { tableDenied } from './tableDenied.ts';
import type { Denial } from './tableDenied.ts';

/** One target's question: whom it went to, and which tables it reads as far as its text tells. */
export interface AskedTables {
  readonly name: string;
  readonly way: WorkspaceWay;
  readonly lighthouse: boolean;
  /** Names that stand where tables do; undefined where they could not be told. */
  readonly tables: readonly string[] | undefined;
  readonly unnamedTables: boolean;
}

/** What looking into the rights of a caller takes. */
export interface RightsWorld {
  readonly logs: Pick<LogsPort, 'query'>;
  readonly catalog: TableCatalog;
  readonly scheduler: QuotaScheduler;
  readonly retry: RetryRules;
  readonly random: () => number;
}

/** Tables of a question whose rows the caller did not get; `whole` where it got none of any. */
export interface UnreadTables {
  readonly whole: boolean;
  readonly error: AppErrorData;
}

/** Suspects that are probed at most: each is a query. */
const MOST_PROBES = 5;

/**
 * Which tables of a question were kept from its caller behind a 200: those that the answer itself names, and, where the
 * answer says nothing or several tables are read, those that only certain roles open (protected tables, workspaces of
 * data actions alone) and of which not one row can be read. Undefined where everything was readable. Rejects where
 * that cannot be found out.
 */
export async function findUnread(
  answer: LogsAnswer,
  table: LogsTable | undefined,
  asked: AskedTables,
  world: RightsWorld,
  signal: CancelSignal,
): Promise<UnreadTables | undefined> {
  const { tables: named = [], unnamedTables } = asked;
  // `print` and the like read none.
  if (asked.tables?.length === 0 && !unnamedTables) return undefined;
  const listed = (): Promise<WorkspaceTables | undefined> => listOf(asked.way, world, signal);
  if (answer.deniedTables) {
    const unread = await deniedOf(answer.deniedTables, asked, listed);
    if (unread.length > 0) return finding(asked, unread, 'denied');
  }
  // A workspace that never had data (204) keeps nothing from anybody.
  if (answer.bytes === 0) return undefined;
  const silent = saysNothing(table);
  // Rows of one table say nothing of another; but no list is asked for where rows came.
  if (!silent && named.length < 2 && !unnamedTables) return undefined;
  const { reason, suspects } =
    silent && asked.way.dataActionsOnly
      ? // Every workspace that lives writes Usage; where no table is named it stands for all of them.
        { reason: 'dataActionsOnly' as const, suspects: named.length > 0 ? named : ['Usage'] }
      : {
          reason: 'protected' as const,
          suspects: protectedOf(silent ? await listed() : world.catalog.find(asked.way.armId), named, unnamedTables),
        };
  const unread = await withoutRows(suspects.slice(0, MOST_PROBES), asked, world, signal);
  return unread.length > 0 ? finding(asked, unread, reason) : undefined;
}

function finding(asked: AskedTables, unread: readonly string[], reason: Denial): UnreadTables {
  const { tables: named = [], unnamedTables, name, lighthouse } = asked;
  const whole = unnamedTables
    ? reason === 'dataActionsOnly'
    : named.every((one) => unread.includes(one)) || (reason === 'dataActionsOnly' && named.length === 0);
  return { whole, error: tableDenied(name, unread, reason, lighthouse) };
}

/** A list that this account may not read suspects nobody: its rows are then opened by other roles than Reader. */
async function listOf(
  way: WorkspaceWay,
  { catalog }: RightsWorld,
  signal: CancelSignal,
): Promise<WorkspaceTables | undefined> {
  try {
    return await untilAborted(catalog.tablesOf(way.issuer, way.armId), signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family === 'access') return undefined;
    throw error;
  }
}

/**
 * Of the denied tables those that the question reads. A name that is no table is a function, which may read any of
 * them; so may a wildcard.
 */
async function deniedOf(
  denied: readonly string[],
  { tables: named = [], unnamedTables }: AskedTables,
  listed: () => Promise<WorkspaceTables | undefined>,
): Promise<readonly string[]> {
  const hit = named.filter((name) => denied.some((entry) => covers(entry, name)));
  const rest = named.filter((name) => !hit.includes(name));
  if (!unnamedTables && named.length > 0) {
    const list = rest.length > 0 ? await listed() : new Map<string, never>();
    if (list && rest.every((name) => list.has(name))) return hit;
  }
  return [...new Set([...hit, ...denied])];
}

/** `Tables.Custom` is the service's word for all custom tables. */
function covers(entry: string, table: string): boolean {
  return (
    entry === '*' ||
    entry.toLowerCase() === table.toLowerCase() ||
    (/^tables\.custom$/i.test(entry) && /_CL$/i.test(table))
  );
}

function protectedOf(
  list: WorkspaceTables | undefined,
  named: readonly string[],
  unnamedTables: boolean,
): readonly string[] {
  if (!list) return [];
  const all = [...list].flatMap(([name, facts]) => (facts.protected ? [name] : []));
  const functions = unnamedTables || named.length === 0 || named.some((name) => !list.has(name));
  return functions ? all : all.filter((name) => named.includes(name));
}

/** No rows, or the one row of an aggregate over none: zeros and nothing. */
export function saysNothing(table: LogsTable | undefined): boolean {
  if (!table || table.rows.length === 0) return true;
  if ('pages' in table.rows || table.rows.length > 1) return false;
  return table.rows[0]!.every(isNothing);
}

function isNothing(cell: Cell): boolean {
  return cell === null || cell === '' || cell === 0 || cell === 0n || cell === 'NaN' || cell === '[]' || cell === '{}';
}

/** Those of which not one row can be read, of all their time: asked behind what people wait for. */
async function withoutRows(
  suspects: readonly string[],
  { way }: AskedTables,
  { logs, scheduler, retry, random }: RightsWorld,
  signal: CancelSignal,
): Promise<readonly string[]> {
  const probed = await fanOut({
    name: `rights ${way.armId}`,
    targets: suspects,
    quota: scheduler,
    credentialOf: () => way.issuer.account,
    placeOf: () => way.armId,
    background: true,
    retry,
    random,
    signal,
    work: async (table, attempt) => {
      const query = `[${JSON.stringify(table)}] | take 1`;
      const { issuer, guid, armId } = way;
      const answer = await logs.query({ issuer, workspaceGuid: guid, armId, query, noCache: true }, attempt.signal);
      return answer.tables[0]?.rows.length ?? 0;
    },
  });
  return probed.flatMap(({ target, outcome }) => {
    if (!outcome.ok && !outcome.error.code.startsWith('query.')) throw AppError.fromData(outcome.error);
    return outcome.ok && outcome.value > 0 ? [] : [target];
  });
}

import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { ReportPeriod } from '../../model/report.ts';
import type { Scope } from '../../model/scope.ts';
import type { LogsAnswer, LogsPort } from '../../ports/logs.ts';
import { rowsOf } from '../assess/facts/answerRows.ts';
import type { AnswerRow } from '../assess/facts/answerRows.ts';
import { issuerOf } from '../estate/path.ts';
import { resolveScope } from '../estate/scope.ts';
import { askWorkspaces } from '../fanOut/askWorkspaces.ts';
import { reasonOf } from '../fanOut/completeness.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../fanOut/retry.ts';
import { tableMissing } from '../runs/tableMissing.ts';
import type { TableCatalog } from '../schema/tableCatalog.ts';
import { toCap, toMachine, toVolume } from './gathered.ts';
import type { Gathered, Gathering } from './gathered.ts';
import { CAPS, MACHINES, VOLUME } from './questions.ts';
import type { ReportQuestion } from './questions.ts';

/** What a report is asked with. */
export interface LiveWorld {
  readonly logs: Pick<LogsPort, 'query'>;
  /** What tells a table without rows from one that is kept from the caller. */
  readonly catalog: Pick<TableCatalog, 'tablesOf'>;
  readonly quota: QuotaScheduler;
  readonly retry?: RetryRules;
}

/** Whom it is asked of, and who hears how far it is. */
export interface LiveQuestion {
  readonly period: ReportPeriod;
  readonly scope: Scope;
  readonly estate: Estate;
  readonly signal?: CancelSignal;
  readonly progress?: (done: number, total: number) => void;
}

const NOT_READABLE = 'not readable';

/**
 * Asks every workspace of the scope three questions, within the quota of the query API. A workspace that fails, or
 * gives no rows where it may have some, says so. Rejects with `input.scope`, and when cancelled.
 */
export async function gatherLive(
  { period, scope, estate, signal = NEVER, progress }: LiveQuestion,
  world: LiveWorld,
): Promise<Gathered> {
  const { workspaces, problems, gaps } = resolveScope(scope, estate);
  const wrong = problems.filter(({ selector }) => selector || gaps.length === 0);
  if (wrong.length > 0) throw new AppError('input.scope', wrong.map(({ message }) => message).join(' '));
  let done = 0;
  const ask = async <Row>(
    question: ReportQuestion,
    read: (row: AnswerRow) => Row,
    isEmpty: (workspace: Workspace) => boolean = () => false,
  ): Promise<ReadonlyMap<string, Gathering<Row>>> => {
    const { logs, quota, retry } = world;
    const query = question.live(period);
    const outcomes = await askWorkspaces({
      name: 'report',
      workspaces: workspaces.map(({ key }) => key),
      estate,
      quota,
      signal,
      ...(retry ? { retry } : {}),
      ask: ({ guid, armId }, issuer, attempt) =>
        logs
          .query({ issuer, workspaceGuid: guid, armId, query }, attempt.signal)
          .then((answer) => ({ answer, rows: rowsOf(answer).map(read) })),
      settled: () => progress?.(++done, 3 * workspaces.length),
    });
    return new Map(
      await Promise.all(
        workspaces.map(async (workspace): Promise<readonly [string, Gathering<Row>]> => {
          const outcome = outcomes.get(workspace.key)!;
          const rows = outcome.ok ? outcome.value.rows : [];
          const reason = outcome.ok
            ? await doubtOf(outcome.value.answer, rows.length > 0 || isEmpty(workspace), question, workspace, world)
            : await refusalOf(outcome.error, question, workspace, world);
          return [workspace.key, reason === undefined ? { rows } : { rows: [], reason }];
        }),
      ),
    );
  };
  const volume = await ask(VOLUME, toVolume);
  // What Usage has counted tells a table without rows from a closed one.
  const uncounted = ({ key }: Workspace): boolean => {
    const { rows } = volume.get(key)!;
    return rows.length > 0 && !rows.some(({ table }) => MACHINES.tables.includes(table));
  };
  const [machines, caps] = await Promise.all([ask(MACHINES, toMachine, uncounted), ask(CAPS, toCap)]);
  const asked = new Set([...workspaces.map(({ customer }) => customer), ...gaps.map(({ customer }) => customer)]);
  return {
    from: 'live',
    customers: estate.customers.filter(({ key }) => asked.has(key)),
    workspaces: workspaces.map(({ key, customer, name }) => ({
      customer,
      name,
      volume: volume.get(key)!,
      machines: machines.get(key)!,
      caps: caps.get(key)!,
    })),
    gaps: gaps.map(({ customer, tenantName, error }) => ({ customer, of: tenantName, reason: reasonOf(error) })),
  };
}

/** Why an answer does not say what its rows, or their absence, seem to say; undefined where it can be believed. */
async function doubtOf(
  answer: LogsAnswer,
  believed: boolean,
  { tables }: ReportQuestion,
  workspace: Workspace,
  world: LiveWorld,
): Promise<string | undefined> {
  if (answer.partial) return reasonOf(answer.partial);
  if (answer.deniedTables?.some((name) => name === '*' || tables.some((table) => isSame(table, name))))
    return NOT_READABLE;
  // A workspace that never had data (204) keeps nothing from anybody.
  if (believed || answer.bytes === 0) return undefined;
  if (workspace.dataActionsOnly) return NOT_READABLE;
  try {
    const list = await world.catalog.tablesOf(issuerOf(workspace), workspace.armId);
    return tables.some((table) => list.get(table)?.protected) ? NOT_READABLE : undefined;
  } catch (thrown) {
    // Who may not list the tables reads them by a role of the data; any other trouble leaves the question open.
    const { code } = thrown as Partial<AppErrorData>;
    return code?.startsWith('access.') ? undefined : reasonOf(thrown as AppErrorData);
  }
}

/** What a refusal means: undefined where the table is not there, so that there are no rows. */
async function refusalOf(
  error: AppErrorData,
  { tables }: ReportQuestion,
  workspace: Workspace,
  world: LiveWorld,
): Promise<string | undefined> {
  if (!tableMissing(error, workspace.name, tables)) return reasonOf(error);
  try {
    const list = await world.catalog.tablesOf(issuerOf(workspace), workspace.armId);
    return tables.some((table) => list.has(table)) ? NOT_READABLE : undefined;
  } catch {
    return 'table missing or not readable';
  }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

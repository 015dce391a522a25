import { AppError, cancelled } from '../../../base/errors.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import type { AlertDefinition } from '../../../model/alert.ts';
import type { CustomerKey } from '../../../model/ids.ts';
import type { RowCell } from '../../../model/rows.ts';
import { isUnanswered } from '../../../model/run.ts';
import type { Run, Target } from '../../../model/run.ts';
import type { RunService } from '../../runs/runService.ts';
import type { AlertAnswer, AskedCustomer } from './evaluateRows.ts';

/** Rows of one evaluation: a rule in a workspace has 20 MB. */
const MOST_ROWS = 100_000;
const PAGE_ROWS = 5_000;
/** Workspaces that an alert names. */
const MOST_TARGETS = 50;

/** What asks a query over a scope. */
export interface AskWorld {
  readonly runs: Pick<RunService, 'start' | 'ended' | 'rows' | 'cancel' | 'discard'>;
  /** Whether rows are each customer's own; it loads the parser. */
  readonly isCustomersOwn: (query: string) => Promise<boolean>;
  /** The query with an instant (milliseconds) for `now()` and `ago()`; it loads the parser, too. */
  readonly atMoment: (query: string, moment: number) => Promise<string>;
}

/** An answer over everybody, and whom it lacks. */
interface Asked {
  readonly answer: AlertAnswer;
  readonly complete: boolean;
  readonly sentence: string;
  targetsOf(customer: CustomerKey | undefined): readonly string[];
}

/**
 * Asks the query of an alert over its scope and time (milliseconds). Nothing of it is kept. Rejects with `query.*`
 * where it is refused, or answered by each workspace for itself; with `input.alert` for more rows than are looked at,
 * or columns that are not there; and where nobody answered.
 */
export async function askAlert(
  { query, scope, condition, dimensions }: AlertDefinition,
  { from, to }: { readonly from: number; readonly to: number },
  { runs, isCustomersOwn, atMoment }: AskWorld,
  signal: CancelSignal,
): Promise<Asked> {
  const timeRange = { kind: 'between', from: new Date(from).toISOString(), to: new Date(to).toISOString() } as const;
  const customersOwn = await isCustomersOwn(query);
  // Now is the end of the window, however late it is looked at.
  const asked = await atMoment(query, to);
  const { id } = await runs.start(
    { query: asked, scope, timeRange, source: 'workspaces', noCache: true, passing: true },
    signal,
  );
  const cancel = (): void => {
    runs.cancel(id);
  };
  signal.addEventListener('abort', cancel);
  try {
    if (signal.aborted) cancel();
    const run = await runs.ended(id);
    checkRun(run, signal);
    const columns = run.columns.map(({ name }) => name);
    const wanted = [
      ...dimensions.map(({ column }) => column),
      ...(condition.column === undefined ? [] : [condition.column]),
      ...(condition.periods > 1 ? ['TimeGenerated'] : []),
    ];
    const lacking = run.rowCount > 0 ? wanted.find((name) => !columns.includes(name)) : undefined;
    if (lacking !== undefined)
      throw new AppError('input.alert', `The query has no column ${lacking}, which the alert looks at.`);
    const needed = [...new Set([...wanted, '_Customer'])].filter((name) => columns.includes(name));
    const rows: (readonly RowCell[])[] = [];
    for (let first = 0; first < run.rowCount; first += PAGE_ROWS) {
      const window = await runs.rows(id).window({ first, count: PAGE_ROWS, columns: needed });
      rows.push(...window.rows);
    }
    return {
      answer: { columns: needed, rows, customers: customersOf(run.targets), customersOwn },
      complete: run.completeness.complete,
      sentence: run.completeness.sentence,
      targetsOf: (customer) => targetsOf(run.targets, customer),
    };
  } finally {
    signal.removeEventListener('abort', cancel);
    await runs.discard(id);
  }
}

function checkRun(run: Run, signal: CancelSignal): void {
  if (signal.aborted || run.state === 'cancelled') throw cancelled();
  if (run.error) throw AppError.fromData(run.error);
  if (isUnanswered(run)) {
    const first = run.targets.find(({ error }) => error)?.error;
    throw first ? AppError.fromData(first) : new AppError('service.noAnswer', 'Nobody answered.');
  }
  if (run.answer !== 'across')
    throw new AppError(
      'query.unsupported',
      `Each workspace would answer for itself: ${run.perWorkspaceNote?.sentence ?? 'there is no answer over all of them.'} Make it rules in the workspaces, or ask otherwise.`,
    );
  if (run.rowCount > MOST_ROWS)
    throw new AppError(
      'input.alert',
      `The query brings ${run.rowCount.toLocaleString('en-US')} rows, and an alert looks at ${MOST_ROWS.toLocaleString('en-US')} at most. Summarize by _Customer in it.`,
    );
}

function customersOf(targets: readonly Target[]): readonly AskedCustomer[] {
  const customers = new Map<CustomerKey, AskedCustomer>();
  for (const { customer, customerName, state } of targets) {
    const complete = (state === 'answered' || state === 'empty') && (customers.get(customer)?.complete ?? true);
    customers.set(customer, { key: customer, name: customerName, complete });
  }
  return [...customers.values()];
}

function targetsOf(targets: readonly Target[], customer: CustomerKey | undefined): readonly string[] {
  return targets
    .flatMap((target) =>
      target.kind === 'workspace' && (customer === undefined || target.customer === customer) ? [target.workspace] : [],
    )
    .slice(0, MOST_TARGETS);
}

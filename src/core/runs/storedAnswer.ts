import type { AppErrorData } from '../../base/errors.ts';
import { targetName } from '../../model/run.ts';
import type { LogsAnswer } from '../../ports/logs.ts';
import type { AppendPlace, Attribution } from '../../ports/rows.ts';
import { uniqueColumns } from './answer.ts';
import type { Asking } from './asking.ts';

/**
 * Past this an answer keeps its place until its rows are stored, so that no more than the places' worth of them is in
 * memory.
 */
export const LARGE_ANSWER_BYTES = 2_000_000;

/**
 * Stores the rows of a target's answer, in place of those it had unless `place` says otherwise; returns how many.
 * `stored` hears how many of a large one can be read already.
 */
export async function storeAnswer(
  run: Asking,
  index: number,
  table: LogsAnswer['tables'][number] | undefined,
  stored: (rows: number) => void,
  place?: AppendPlace,
): Promise<number> {
  // As it came: the store empties it.
  const rows = table?.rows.length ?? 0;
  await run.rows.append(
    run.key(index),
    attributionOf(run, index),
    uniqueColumns(table?.columns ?? []),
    table?.rows ?? [],
    (count) => {
      if (count !== rows) stored(count);
    },
    place,
  );
  return rows;
}

/** What of an answer is stored, and what it lacks. */
export interface StoredAnswer {
  readonly answer: LogsAnswer;
  readonly table: LogsAnswer['tables'][number] | undefined;
  readonly partial: AppErrorData | undefined;
  readonly tookMs: number;
}

/** How a target stands whose answer is stored; `rows` of one that the store has emptied. */
export function answered(
  run: Asking,
  index: number,
  { answer, table, partial, tookMs }: StoredAnswer,
  rows = table?.rows.length ?? 0,
): void {
  run.setRender(index, answer.render);
  run.update(index, {
    state: partial ? 'partial' : rows > 0 ? 'answered' : 'empty',
    rows,
    tookMs,
    bytes: answer.bytes,
    ...(partial ? { error: partial } : {}),
  });
}

/** Whose a target's rows are. */
export function attributionOf(run: Asking, index: number): Attribution {
  const target = run.target(index);
  // Its rows are of many subscriptions, and of no workspace.
  if (target.kind === 'subscriptions')
    return { customer: target.customerName, tenant: target.tenantName, workspace: '' };
  return { customer: target.customerName, tenant: target.tenantName, workspace: targetName(target) };
}

import { toAppError } from '../base/errors.ts';
import type { Cell, Column } from '../model/kqlType.ts';
import type { LocalEngine, QueryOptions } from './face.ts';

export interface BatchCase {
  readonly id: string;
  readonly query: string;
}
export type BatchAnswer =
  | {
      readonly id: string;
      readonly ok: true;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly id: string; readonly ok: false; readonly code: string; readonly message: string };

/**
 * Runs queries one after the other and yields an answer for each: one that fails or runs longer than `limitMs` never
 * ends the batch.
 */
export async function* runBatch(
  engine: LocalEngine,
  cases: Iterable<BatchCase> | AsyncIterable<BatchCase>,
  options: Omit<QueryOptions, 'signal'>,
  limitMs = 30_000,
): AsyncGenerator<BatchAnswer> {
  for await (const { id, query } of cases) yield await runCase(engine, id, query, options, limitMs);
}

async function runCase(
  engine: LocalEngine,
  id: string,
  query: string,
  options: Omit<QueryOptions, 'signal'>,
  limitMs: number,
): Promise<BatchAnswer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limitMs);
  try {
    const answer = await engine.query(query, { ...options, signal: stop.signal });
    const [first] = answer.tables;
    const rows = (await first?.rows()) ?? [];
    for (const table of answer.tables) await table.dispose();
    return { id, ok: true, columns: first?.columns ?? [], rows };
  } catch (thrown) {
    const error = toAppError(thrown);
    const late = stop.signal.aborted;
    return {
      id,
      ok: false,
      code: late ? 'engine.timeout' : error.code,
      message: late ? `The query ran longer than ${limitMs} ms.` : error.message,
    };
  } finally {
    clearTimeout(timer);
  }
}

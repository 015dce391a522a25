import { toAppError } from '../base/errors.ts';
import type { Cell, Column } from '../model/kqlType.ts';
import type { LocalEngine, QueryOptions } from './face.ts';
import { parseJson } from './functions/json.ts';

/** One query of a batch; `id` is the caller's own and comes back with the answer. */
export interface BatchCase {
  readonly id: string;
  readonly query: string;
}
/**
 * What became of one case: columns and rows of its first table, or why there are none, as an `AppError`'s code and
 * message (`engine.timeout` where it ran longer than allowed).
 */
export type BatchAnswer =
  | {
      readonly id: string;
      readonly ok: true;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly id: string; readonly ok: false; readonly code: string; readonly message: string };

/** A dynamic that is a text, a real or a boolean is that; all others are their JSON text. */
function bare(cell: Cell, column: Column | undefined): Cell {
  if (column?.type !== 'dynamic' || typeof cell !== 'string' || /^[[{]/.test(cell)) return cell;
  const value = parseJson(cell);
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? value : cell;
}

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
    const columns = first?.columns ?? [];
    return { id, ok: true, columns, rows: rows.map((row) => row.map((cell, i) => bare(cell, columns[i]))) };
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

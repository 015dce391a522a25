import type { QueryResult } from '../../engine/face.ts';
import type { Cell } from '../../model/kqlType.ts';

/** The service's own limits of one answer. */
export const MOST_ROWS = 500_000;
const MOST_BYTES = 64_000_000;
const MOST_JSON = 104_857_600;
/** Rows read from the engine at a time, and the size of the pieces sent. */
const WINDOW = 5_000;
const PIECE = 262_144;

/** How an answer ended: what its statistics tell, and whether it was cut. */
export interface AnswerEnd {
  readonly rows: number;
  readonly bytes: number;
  readonly cut?: 'rows' | 'bytes';
}

/**
 * The JSON of an answer in pieces, row by row in the encodings of the query API. `tail` gives the members after
 * `tables`. Nothing is held but one window of rows.
 */
export async function* answerBody(
  results: readonly QueryResult[],
  tail: (end: AnswerEnd) => object,
): AsyncGenerator<string> {
  let text = '{"tables":[';
  let rows = 0;
  let bytes = 0;
  let json = 0;
  let cut: AnswerEnd['cut'];
  for (const [index, result] of results.entries()) {
    const columns = result.columns.map(({ name, type }) => `{"name":${JSON.stringify(name)},"type":"${type}"}`);
    text += `${index ? ',' : ''}{"name":${JSON.stringify(result.name || 'PrimaryResult')},"columns":[${columns.join(',')}],"rows":[`;
    if (result.truncated) cut ??= 'rows';
    const times = result.columns.map(({ type }) => type === 'datetime');
    let first = true;
    reading: for (let at = 0; at < result.rowCount; at += WINDOW) {
      for (const row of await result.rows(at, WINDOW)) {
        const encoded = encodeRow(row, times);
        bytes += sizeOf(row);
        if (bytes > MOST_BYTES || json + text.length + encoded.length > MOST_JSON) {
          cut = 'bytes';
          break reading;
        }
        text += first ? encoded : `,${encoded}`;
        first = false;
        rows++;
        if (text.length > PIECE) {
          yield text;
          json += text.length;
          text = '';
        }
      }
    }
    text += ']}';
  }
  const members = Object.entries(tail({ rows, bytes, ...(cut ? { cut } : {}) }))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`);
  yield `${text}]${members.join('')}}`;
}

function encodeRow(row: readonly Cell[], times: readonly boolean[]): string {
  let text = '[';
  for (let i = 0; i < row.length; i++) {
    const cell = row[i]!;
    if (i) text += ',';
    // A long beyond 2^53 is a bigint here and a plain number there.
    text += typeof cell !== 'string' ? String(cell) : times[i] ? `"${shortTime(cell)}"` : JSON.stringify(cell);
  }
  return `${text}]`;
}

/** A time without the zeros at the end of its fraction: `13:01:34Z`, `13:01:34.5Z`. */
function shortTime(text: string): string {
  return text.endsWith('0Z') && text.includes('.') ? text.replace(/\.?0+Z$/, 'Z') : text;
}

/** About what a row weighs in the service: eight bytes a value, texts by length. */
function sizeOf(row: readonly Cell[]): number {
  let size = 0;
  for (const cell of row) size += typeof cell === 'string' ? cell.length : 8;
  return size;
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline, Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../base/errors.ts';
import { encodingOf } from '../../base/decodeText.ts';
import { parseExact } from './exactJson.ts';

/** One record of a file: its values by column. */
export type FileRecord = ReadonlyMap<string, unknown>;

/**
 * A text file as a stream of UTF-8, unpacked where its name ends in .gz; UTF-16 with a byte order mark, as Windows
 * PowerShell writes it, is made such. It fails with `input.fileTooLarge` beyond `maxBytes` of text.
 */
export function openText(path: string, maxBytes = Infinity): Readable {
  let size = 0;
  let decoder: TextDecoder | undefined;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      const encoding = size === 0 ? encodingOf(chunk) : 'utf-8';
      if (encoding !== 'utf-8') decoder = new TextDecoder(encoding);
      size += chunk.length;
      done(
        size > maxBytes
          ? new AppError('input.fileTooLarge', `${path} holds more than ${Math.round(maxBytes / 1e6)} MB.`)
          : null,
        decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk,
      );
    },
    flush(done) {
      done(null, decoder ? Buffer.from(decoder.decode()) : undefined);
    },
  });
  const failed = (): void => {
    /* the reader of the last stream hears of it */
  };
  return /\.gz$/i.test(path)
    ? pipeline(createReadStream(path), createGunzip(), counted, failed)
    : pipeline(createReadStream(path), counted, failed);
}

/** JSON lines: an object, or an array of them, on each. */
export async function* jsonLines(path: string, maxBytes?: number): AsyncGenerator<FileRecord> {
  let line = 0;
  for await (const text of textLines(path, maxBytes)) {
    line++;
    if (text.trim() !== '') yield* recordsOf(text, `${path}, line ${line},`, 'is not a JSON object on one line');
  }
}
/**
 * The lines of a text file, without their ends and the byte order mark; rejects with what the system says of the file.
 */
export async function* textLines(path: string, maxBytes?: number): AsyncGenerator<string> {
  const input = openText(path, maxBytes);
  const lines = createInterface({ input, crlfDelay: Infinity });
  let failure: Error | undefined;
  input.once('error', (error: Error) => {
    failure = error;
    lines.close();
  });
  let first = true;
  try {
    for await (const line of lines) {
      if (failure) break;
      yield first ? line.replace(/^\uFEFF/, '') : line;
      first = false;
    }
  } finally {
    // Who reads no further leaves no open file: Windows would keep its folder.
    lines.close();
    input.destroy();
  }
  if (failure) throw failure;
}
function* recordsOf(text: string, where: string, fault: string): Generator<FileRecord> {
  let value: unknown;
  try {
    value = parseExact(text);
  } catch (cause) {
    throw new AppError('input.file', `${where} ${fault}.`, { cause });
  }
  for (const row of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new AppError('input.file', `${where} is not a JSON object.`);
    yield new Map(Object.entries(row));
  }
}

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, NEWLINE] = [...'"\\{}[]\n'].map((c) => c.charCodeAt(0));
/** JSON objects over any number of lines, one after another or in an array: one at a time is in memory. */
export async function* jsonObjects(path: string, maxBytes?: number): AsyncGenerator<FileRecord> {
  const input = openText(path, maxBytes);
  input.setEncoding('utf8');
  let [held, start, depth, base, line, quoted, escaped, begun] = ['', -1, 0, 0, 1, false, false, 1];
  const wrong = (at = line): AppError => new AppError('input.file', `${path}, line ${at}, is not a JSON object.`);
  for await (const chunk of input as AsyncIterable<string>) {
    let at = held.length;
    held += chunk;
    for (; at < held.length; at++) {
      const c = held.charCodeAt(at);
      if (c === NEWLINE) line++;
      if (quoted) {
        if (escaped) escaped = false;
        else if (c === BACKSLASH) escaped = true;
        else if (c === QUOTE) quoted = false;
        continue;
      }
      if (start < 0) {
        if (c === OPEN) {
          start = at;
          begun = line;
          depth = base + 1;
        } else if (c === OPEN_LIST && base === 0) base = 1;
        else if (c === CLOSE_LIST && base === 1) base = 0;
        else if (!/[\s,\uFEFF]/.test(held[at]!)) throw wrong();
        continue;
      }
      if (c === QUOTE) quoted = true;
      else if (c === OPEN || c === OPEN_LIST) depth++;
      else if ((c === CLOSE || c === CLOSE_LIST) && --depth === base) {
        yield* recordsOf(held.slice(start, at + 1), `${path}, line ${begun},`, 'is not a JSON object');
        held = held.slice(at + 1);
        [at, start] = [-1, -1];
      }
    }
    if (start < 0) held = '';
  }
  if (start >= 0 || base > 0) throw wrong(start >= 0 ? begun : line);
}

/** RFC 4180: quoted fields may hold the delimiter, quotes doubled, and line breaks. */
export async function* delimitedRows(path: string, delimiter: string, maxBytes?: number): AsyncGenerator<string[]> {
  const input = openText(path, maxBytes);
  input.setEncoding('utf8');
  let [field, row, quoted, closed, first] = ['', [] as string[], false, false, true];
  for await (const whole of input as AsyncIterable<string>) {
    const chunk = first ? whole.replace(/^\uFEFF/, '') : whole;
    first = false;
    for (const c of chunk) {
      if (quoted) {
        if (c !== '"') {
          field += c;
          continue;
        }
        quoted = false;
        closed = true;
      } else if (c === '"' && (field === '' || closed)) {
        if (closed) field += '"';
        quoted = true;
        closed = false;
      } else if (c === delimiter) {
        row.push(field);
        field = '';
        closed = false;
      } else if (c === '\n') {
        row.push(field.replace(/\r$/, ''));
        field = '';
        closed = false;
        yield row;
        row = [];
      } else field += c;
    }
  }
  if (field !== '' || row.length > 0) {
    row.push(field.replace(/\r$/, ''));
    yield row;
  }
}

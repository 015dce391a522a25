import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../base/errors.ts';
import { parseDatetime, parseGuid } from '../../kql/literal.ts';
import type { Cell, Column, KqlType } from '../../model/kqlType.ts';
import type { EngineTable, LocalEngine } from '../face.ts';
import { readParquet } from './parquet.ts';

/** Rows a type is inferred from, and rows handed over at a time. */
const SAMPLE_ROWS = 5_000;
const BATCH_ROWS = 20_480;

/**
 * Loads a local file the user named as a table: csv, json lines (.json, .jsonl, .ndjson) or parquet, the first two also .gz. Text is read
 * as a stream here, so the engine itself never opens it. Columns are inferred from the first rows unless given.
 */
export async function loadFile(engine: LocalEngine, path: string, schema: string, name: string, given?: readonly Column[]): Promise<EngineTable> {
  const kind = /\.(csv|tsv|jsonl|json|ndjson|parquet)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  if (!kind) throw new AppError('input.fileKind', `${path} is neither csv, json lines nor parquet, so it cannot be loaded. Rename it or convert it.`);
  try {
    if (kind === 'parquet') return await readParquet(engine, path, schema, name, given);
    const records = kind === 'csv' || kind === 'tsv' ? csvRecords(path, kind === 'tsv' ? '\t' : ',') : jsonRecords(path);
    return await loadRecords(engine, records, schema, name, given);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const code = (thrown as { readonly code?: string }).code;
    throw new AppError('input.file', code === 'ENOENT' ? `There is no file ${path}.` : `${path} could not be read: ${(thrown as Error).message}.`, { cause: thrown });
  }
}

type Record_ = ReadonlyMap<string, unknown>;

async function loadRecords(engine: LocalEngine, records: AsyncIterable<Record_>, schema: string, name: string, given: readonly Column[] | undefined): Promise<EngineTable> {
  let table: EngineTable | undefined;
  let batch: Record_[] = [];
  const flush = async (): Promise<void> => {
    table ??= await engine.createTable(schema, name, given ?? inferColumns(batch));
    const { columns } = table;
    await engine.append(table, batch.map((record) => columns.map((c) => cellOf(record.get(c.name), c.type))));
    batch = [];
  };
  for await (const record of records) {
    batch.push(record);
    if (batch.length >= (table || given ? BATCH_ROWS : SAMPLE_ROWS)) await flush();
  }
  if (batch.length > 0 || !table) await flush();
  return table!;
}
function cellOf(value: unknown, type: KqlType): Cell {
  if (value === null || value === undefined) return null;
  if (type === 'dynamic') return typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value);
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value === 'string' && type !== 'string' && value === '') return null;
  if (typeof value === 'string' && (type === 'long' || type === 'int' || type === 'real') && value.trim() !== '' && Number.isFinite(Number(value))) {
    return type !== 'real' && /^-?\d{16,}$/.test(value) ? BigInt(value) : Number(value);
  }
  return value as Cell;
}

/** The narrowest type all values of a column have; text stays text unless all of it is datetimes or guids. */
function inferColumns(sample: readonly Record_[]): Column[] {
  const seen = new Map<string, Set<KqlType>>();
  for (const record of sample) for (const [key, value] of record) {
    const types = seen.get(key) ?? new Set<KqlType>();
    seen.set(key, types);
    const type = typeOf(value);
    if (type) types.add(type);
  }
  return [...seen].map(([name, types]) => ({ name, type: joined(types) }));
}
function typeOf(value: unknown): KqlType | undefined {
  switch (typeof value) {
    case 'boolean': return 'bool';
    case 'number': return Number.isInteger(value) ? 'long' : 'real';
    case 'bigint': return 'long';
    case 'object': return value === null ? undefined : 'dynamic';
    case 'string':
      if (value === '') return undefined;
      if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && parseDatetime(value) !== undefined) return 'datetime';
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) && parseGuid(value) !== undefined ? 'guid' : 'string';
    default: return undefined;
  }
}
function joined(types: ReadonlySet<KqlType>): KqlType {
  if (types.size === 1) { const [only] = types; return only === 'guid' ? 'string' : only!; }
  if (types.size === 2 && types.has('long') && types.has('real')) return 'real';
  return types.has('dynamic') ? 'dynamic' : 'string';
}

async function* jsonRecords(path: string): AsyncGenerator<Record_> {
  let line = 0;
  for await (const text of createInterface({ input: openText(path), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '') continue;
    let value: unknown;
    try { value = JSON.parse(text); } catch (thrown) { throw new AppError('input.file', `${path}, line ${line}, is not a JSON object on one line.`, { cause: thrown }); }
    for (const row of Array.isArray(value) ? value as unknown[] : [value]) {
      if (typeof row !== 'object' || row === null) throw new AppError('input.file', `${path}, line ${line}, is not a JSON object.`);
      yield new Map(Object.entries(row));
    }
  }
}

function openText(path: string): NodeJS.ReadableStream {
  const file = createReadStream(path);
  if (!/\.gz$/i.test(path)) return file;
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

/** RFC 4180: quoted fields may hold the delimiter, quotes doubled, and line breaks. Values that all look like numbers or booleans become such. */
async function* csvRecords(path: string, delimiter: string): AsyncGenerator<Record_> {
  let header: string[] | undefined;
  for await (const fields of csvRows(openText(path), delimiter)) {
    if (!header) { header = fields.map((f, i) => (i === 0 ? f.replace(/^\uFEFF/, '') : f)); continue; }
    yield new Map(header.map((key, i) => [key, scalarOf(fields[i] ?? '')]));
  }
}
function scalarOf(text: string): unknown {
  if (/^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i.test(text)) return /^-?\d{16,}$/.test(text) ? BigInt(text) : Number(text);
  return text === 'true' || text === 'True' ? true : text === 'false' || text === 'False' ? false : text;
}
async function* csvRows(input: NodeJS.ReadableStream, delimiter: string): AsyncGenerator<string[]> {
  input.setEncoding('utf8');
  let [field, row, quoted, closed] = ['', [] as string[], false, false];
  for await (const chunk of input as AsyncIterable<string>) {
    for (const c of chunk) {
      if (quoted) {
        if (c !== '"') { field += c; continue; }
        quoted = false; closed = true;
      } else if (c === '"' && (field === '' || closed)) { if (closed) field += '"'; quoted = true; closed = false; }
      else if (c === delimiter) { row.push(field); field = ''; closed = false; }
      else if (c === '\n') { row.push(field.replace(/\r$/, '')); field = ''; closed = false; yield row; row = []; }
      else field += c;
    }
  }
  if (field !== '' || row.length > 0) { row.push(field.replace(/\r$/, '')); yield row; }
}

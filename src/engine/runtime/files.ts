import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import type { ExternalFormat } from '../../kql/schema.ts';
import type { Cell, Column, KqlType } from '../../model/kqlType.ts';
import type { EngineTable, LocalEngine } from '../face.ts';
import { digitsOf, writeExact } from './exactJson.ts';
import { readParquet } from './parquet.ts';
import { delimitedRows, jsonLines, jsonObjects, textLines } from './textRecords.ts';
import type { FileRecord } from './textRecords.ts';
import { parseDatetime } from '../../model/values/datetime.ts';
import { parseGuid } from '../../model/values/guid.ts';
import { parseInt32 } from '../../model/values/numbers.ts';

/** Rows a type is inferred from, and rows handed over at a time. */
const SAMPLE_ROWS = 5_000;
const BATCH_ROWS = 20_480;
const DELIMITERS = { csv: ',', tsv: '\t', psv: '|', scsv: ';', sohsv: '\u0001' } as const;

/**
 * Loads a local file the user named as a table: csv, json lines (.jsonl, .ndjson), json or parquet, the first three
 * also .gz. Text is read as a stream here, so the engine itself never opens it. Columns are inferred from the first
 * rows unless given.
 */
export async function loadFile(
  engine: LocalEngine,
  path: string,
  schema: string,
  name: string,
  given?: readonly Column[],
  signal?: CancelSignal,
): Promise<EngineTable> {
  const kind = /\.(csv|tsv|jsonl|json|ndjson|parquet)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  if (!kind)
    throw new AppError(
      'input.fileKind',
      `${path} is neither csv, json lines nor parquet, so it cannot be loaded. Rename it or convert it.`,
    );
  return readable(path, () => {
    if (kind === 'parquet') return readParquet(engine, path, schema, name, given, signal);
    const records =
      kind === 'csv' || kind === 'tsv'
        ? namedRecords(path, DELIMITERS[kind])
        : kind === 'json'
          ? jsonObjects(path)
          : jsonLines(path);
    return loadRecords(engine, records, schema, name, given, signal);
  });
}

/**
 * Loads a file `externaldata` asks for, as raw as it is: delimited fields by their position and lines as text, JSON by
 * the columns' names as dynamic, parquet with its own columns. Whoever asked makes the declared types of them.
 */
export async function loadExternal(
  engine: LocalEngine,
  path: string,
  schema: string,
  name: string,
  columns: readonly Column[],
  how: { readonly format: ExternalFormat; readonly skipFirst: boolean; readonly maxBytes: number },
  signal?: CancelSignal,
): Promise<EngineTable> {
  const { format, skipFirst, maxBytes } = how;
  return readable(path, () => {
    if (format === 'parquet') return readParquet(engine, path, schema, name, undefined, signal);
    const names = columns.map((c) => c.name);
    const typed = (type: KqlType): Column[] => names.map((column) => ({ name: column, type }));
    if (format === 'json' || format === 'multijson')
      return loadRecords(
        engine,
        afterFirst(jsonObjects(path, maxBytes), skipFirst),
        schema,
        name,
        typed('dynamic'),
        signal,
      );
    const rows = format === 'txt' ? linesAsRows(path, maxBytes) : delimitedRows(path, DELIMITERS[format], maxBytes);
    return loadRecords(engine, byPosition(afterFirst(rows, skipFirst), names), schema, name, typed('string'), signal);
  });
}

/** What fails while a file is read, in words about the file. */
async function readable(path: string, load: () => Promise<EngineTable>): Promise<EngineTable> {
  try {
    return await load();
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const code = (thrown as { readonly code?: string }).code;
    throw new AppError(
      'input.file',
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} could not be read: ${(thrown as Error).message}.`,
      { cause: thrown },
    );
  }
}

async function* afterFirst<T>(items: AsyncIterable<T>, skip: boolean): AsyncGenerator<T> {
  let first = skip;
  for await (const item of items) {
    if (!first) yield item;
    first = false;
  }
}
async function* linesAsRows(path: string, maxBytes: number): AsyncGenerator<string[]> {
  for await (const line of textLines(path, maxBytes)) if (line !== '') yield [line];
}
async function* byPosition(
  rows: AsyncIterable<readonly string[]>,
  names: readonly string[],
): AsyncGenerator<FileRecord> {
  // A line with nothing on it is no record.
  for await (const row of rows)
    if (row.length > 1 || row[0] !== '') yield new Map(names.map((name, i) => [name, row[i] ?? '']));
}

async function loadRecords(
  engine: LocalEngine,
  records: AsyncIterable<FileRecord>,
  schema: string,
  name: string,
  given: readonly Column[] | undefined,
  signal: CancelSignal | undefined,
): Promise<EngineTable> {
  let table: EngineTable | undefined;
  let batch: FileRecord[] = [];
  const flush = async (): Promise<void> => {
    table ??= await engine.createTable(schema, name, given ?? inferColumns(batch));
    const { columns } = table;
    await engine.append(
      table,
      batch.map((record) => columns.map((c) => cellOf(record.get(c.name), c.type))),
      signal,
    );
    batch = [];
  };
  try {
    for await (const record of records) {
      if (signal?.aborted) throw cancelled();
      batch.push(record);
      if (batch.length >= (table || given ? BATCH_ROWS : SAMPLE_ROWS)) await flush();
    }
    if (batch.length > 0 || !table) await flush();
  } catch (thrown) {
    if (table) await engine.dropTable(table);
    throw thrown;
  }
  return table!;
}
function cellOf(value: unknown, type: KqlType): Cell {
  if (value === null || value === undefined) return null;
  const digits = digitsOf(value);
  if (digits !== undefined)
    return type === 'real' ? Number(digits) : type === 'long' || type === 'int' ? BigInt(digits) : digits;
  if (type === 'dynamic' || typeof value === 'object') return writeExact(value);
  if (typeof value === 'string' && type !== 'string' && value === '') return null;
  // The engine takes an int as a number only; longs and reals it reads from their text itself.
  if (typeof value === 'string' && type === 'int') return Number(parseInt32(value) ?? Number.NaN);
  return value as Cell;
}

/** The narrowest type all values of a column have; text stays text unless all of it is datetimes or guids. */
function inferColumns(sample: readonly FileRecord[]): Column[] {
  const seen = new Map<string, Set<KqlType>>();
  for (const record of sample)
    for (const [key, value] of record) {
      const types = seen.get(key) ?? new Set<KqlType>();
      seen.set(key, types);
      const type = typeOf(value);
      if (type) types.add(type);
    }
  return [...seen].map(([name, types]) => ({ name, type: joined(types) }));
}
function typeOf(value: unknown): KqlType | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'long' : 'real';
    case 'bigint':
      return 'long';
    case 'object':
      return value === null ? undefined : 'dynamic';
    case 'string':
      if (value === '') return undefined;
      if (digitsOf(value) !== undefined)
        return BigInt.asIntN(64, BigInt(digitsOf(value)!)) === BigInt(digitsOf(value)!) ? 'long' : 'decimal';
      if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && parseDatetime(value) !== undefined) return 'datetime';
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) && parseGuid(value) !== undefined
        ? 'guid'
        : 'string';
    default:
      return undefined;
  }
}
function joined(types: ReadonlySet<KqlType>): KqlType {
  if (types.size === 1) {
    const [only] = types;
    return only === 'guid' ? 'string' : only!;
  }
  if (types.size === 2 && types.has('long') && types.has('real')) return 'real';
  return types.has('dynamic') ? 'dynamic' : 'string';
}

/** Rows under the names of the first. Values that look like numbers or booleans become such. */
async function* namedRecords(path: string, delimiter: string): AsyncGenerator<FileRecord> {
  let header: string[] | undefined;
  for await (const fields of delimitedRows(path, delimiter)) {
    if (!header) {
      header = fields;
      continue;
    }
    yield new Map(header.map((key, i) => [key, scalarOf(fields[i] ?? '')]));
  }
}
function scalarOf(text: string): unknown {
  if (/^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i.test(text)) return /^-?\d{16,}$/.test(text) ? BigInt(text) : Number(text);
  return text === 'true' || text === 'True' ? true : text === 'false' || text === 'False' ? false : text;
}

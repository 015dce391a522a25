/**
 * The second leaf of the door to DuckDB (duckdb.ts is the first): long-lived connections, parameters, streams, and raw
 * chunks, for rows that
 * stay. Nothing outside `duckdb*.ts` knows the packages.
 */
import { DuckDBDataChunk, DuckDBInstance, BIGINT, BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { DuckDBAppender, DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import bindings from '@duckdb/node-bindings';
import type { DataChunk } from '@duckdb/node-bindings';
import { AppError, cancelled } from '../../base/errors.ts';

export type DuckTypeName = 'BOOLEAN' | 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'VARCHAR';
/** What the engine's columns hold: BIGINT and HUGEINT as bigint. */
export type DuckValue = null | boolean | number | bigint | string;

export interface DuckOptions {
  /** A file of ours, or memory where absent. */
  readonly path?: string;
  readonly memoryLimitMb: number;
  /** Where big sorts spill to; without it they fail instead. */
  readonly tempDirectory?: string;
  readonly threads?: number;
  /** Lets statements of ours write files. */
  readonly externalAccess?: boolean;
}

/** One database. Closing it closes its connections. */
export class Duck {
  private readonly instance: DuckDBInstance;
  private constructor(instance: DuckDBInstance) {
    this.instance = instance;
  }

  /**
   * Nothing a statement says reaches the file system or the network: external access is off, unless asked for, and the
   * configuration locked.
   */
  static async open(options: DuckOptions): Promise<Duck> {
    return guarded(
      async () =>
        new Duck(
          await DuckDBInstance.create(options.path ?? ':memory:', {
            // Must be named while external access is still on; the default would be a folder where the program happens
            // to run.
            temp_directory: options.tempDirectory ?? '',
            enable_external_access: String(options.externalAccess ?? false),
            memory_limit: `${options.memoryLimitMb}MB`,
            threads: String(options.threads ?? 2),
            autoinstall_known_extensions: 'false',
            autoload_known_extensions: 'false',
            lock_configuration: 'true',
          }),
        ),
    );
  }

  async connect(): Promise<DuckSession> {
    return guarded(async () => new DuckSession(await this.instance.connect()));
  }
  close(): void {
    this.instance.closeSync();
  }
}

/** One connection: one statement at a time, callers queue. */
export class DuckSession {
  private readonly connection: DuckDBConnection;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  async run(sql: string, parameters: readonly DuckValue[] = []): Promise<void> {
    await this.queued(() => this.connection.run(sql, [...parameters]));
  }

  async all(sql: string, parameters: readonly DuckValue[] = []): Promise<DuckValue[][]> {
    return this.queued(
      async () => (await this.connection.runAndReadAll(sql, [...parameters])).getRows() as DuckValue[][],
    );
  }

  /** For `table` (a name, not quoted) with columns of these types. Not visible to others before `flush`. */
  async openAppender(table: string, types: readonly DuckTypeName[], schema?: string): Promise<DuckAppender> {
    return this.queued(async () => new DuckAppender(await this.connection.createAppender(table, schema), types));
  }

  /** Ends the statement that is running, within milliseconds; it rejects with `cancelled.byUser`. */
  interrupt(): void {
    this.connection.interrupt();
  }
  close(): void {
    this.connection.closeSync();
  }

  private queued<T>(work: () => Promise<T>): Promise<T> {
    const next = this.tail.catch(() => undefined).then(() => guarded(work));
    this.tail = next;
    return next;
  }
}

const TYPES: Readonly<Record<DuckTypeName, DuckDBType>> = { BOOLEAN, INTEGER, BIGINT, DOUBLE, VARCHAR };
export const CHUNK_ROWS = 2_048;

/**
 * The raw way into a table: chunks whose vectors are written as memory. Synchronous; an error leaves the chunk's rows
 * out.
 */
export class DuckAppender {
  private readonly appender: DuckDBAppender;
  /** One chunk for all: its memory is native, so the garbage collector would not hurry to free others. */
  private readonly chunk: DuckDBDataChunk;

  constructor(appender: DuckDBAppender, types: readonly DuckTypeName[]) {
    this.appender = appender;
    this.chunk = DuckDBDataChunk.create(types.map((name) => TYPES[name]));
  }

  /** Appends `rows` rows (at most `CHUNK_ROWS`) that `fill` writes. */
  appendChunk(rows: number, fill: (chunk: ChunkMemory) => void): void {
    guardedSync(() => {
      this.chunk.reset();
      this.chunk.rowCount = rows;
      fill(new ChunkMemory(this.chunk.chunk));
      this.appender.appendDataChunk(this.chunk);
    });
  }

  flush(): void {
    guardedSync(() => {
      this.appender.flushSync();
    });
  }
  close(): void {
    guardedSync(() => {
      this.appender.closeSync();
    });
  }
}

/**
 * The vectors of a chunk as memory, in DuckDB's own layout. A VARCHAR takes 16 bytes a row: length, then up to 12 bytes
 * in place; longer ones by `texts`.
 */
export class ChunkMemory {
  private readonly chunk: DataChunk;
  constructor(chunk: DataChunk) {
    this.chunk = chunk;
  }

  data(column: number, buffer: ArrayBuffer, bytes: number): void {
    bindings.copy_data_to_vector(bindings.data_chunk_get_vector(this.chunk, column), 0, buffer, 0, bytes);
  }

  /** One bit per row, 1 for a value; `bytes` a multiple of 8. */
  validity(column: number, buffer: ArrayBuffer, bytes: number): void {
    const vector = bindings.data_chunk_get_vector(this.chunk, column);
    bindings.vector_ensure_validity_writable(vector);
    bindings.copy_data_to_vector_validity(vector, 0, buffer, 0, bytes);
  }

  /** After `data`: texts that do not fit in place. */
  texts(column: number, rows: readonly number[], textOf: (row: number) => string): void {
    const vector = bindings.data_chunk_get_vector(this.chunk, column);
    for (const row of rows) {
      const text = textOf(row);
      // The short way ends at a NUL character.
      if (text.includes('\0')) bindings.vector_assign_string_element_len(vector, row, ENCODER.encode(text));
      else bindings.vector_assign_string_element(vector, row, text);
    }
  }
}
const ENCODER = new TextEncoder();

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error);
  }
}
function guardedSync<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error);
  }
}

/** DuckDB's errors by the class it names at the start of its message. */
export function toStoreError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/^INTERRUPT/i.test(message)) return cancelled();
  if (
    /no space left|disk full|ENOSPC|max_temp_directory_size|could not write all|not enough space|file too large/i.test(
      message,
    )
  ) {
    return new AppError(
      'engine.diskFull',
      'The disk is full, so the rows could not be stored. Free some space or choose another storage folder, then retry.',
      { cause: thrown },
    );
  }
  if (/^out of memory|could not allocate block/i.test(message))
    return new AppError(
      'engine.memory',
      'This needs more memory than the engine may use. Narrow the query, or raise the memory limit.',
      { cause: thrown },
    );
  if (/could not set lock on file|being used by another process/i.test(message))
    return new AppError('engine.locked', 'The file is in use by another process.', { cause: thrown });
  return new AppError('engine.failed', `The engine could not do this: ${message.split('\n')[0]!.slice(0, 300)}`, {
    cause: thrown,
  });
}

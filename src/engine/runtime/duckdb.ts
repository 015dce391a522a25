/**
 * The first leaf of the door to DuckDB: the database queries run on (duckdbConnections.ts and duckdbFunctions.ts are
 * parts of it, duckdbSession.ts is the second).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { AppError, cancelled } from '../../base/errors.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { EngineOptions } from '../face.ts';
import { Connections } from './duckdbConnections.ts';
import type { Undo, Work } from './duckdbConnections.ts';
import { ownFailure, scalarFunction } from './duckdbFunctions.ts';
import { DuckAppender } from './duckdbSession.ts';
import type { JsFunction, PhysicalType, PhysicalValue } from '../functions/contract.ts';

/** A DuckDB database. Queries run on connections of their own, so that cancelling one leaves the others alone. */
export class Database {
  private readonly instance: DuckDBInstance;
  private readonly connections: Connections;
  private readonly functions = new Set<string>();

  /** A folder for spilling that goes with the database. */
  private readonly folder: string | undefined;

  private constructor(instance: DuckDBInstance, folder: string | undefined) {
    this.instance = instance;
    this.connections = new Connections(instance);
    this.folder = folder;
  }

  /**
   * Nothing a statement says reaches the file system or the network: external access is off and the configuration
   * locked.
   */
  static async open({ path, memoryLimitMb = 2048, threads, tempDirectory }: EngineOptions): Promise<Database> {
    const folder = tempDirectory === undefined ? spillFolder() : undefined;
    try {
      return new Database(
        await DuckDBInstance.create(path ?? ':memory:', {
          // Must be named while external access is still on; the default would be a folder where the program happens to
          // run.
          temp_directory: tempDirectory ?? folder!,
          ...(threads === undefined ? {} : { threads: String(threads) }),
          memory_limit: `${memoryLimitMb}MB`,
          enable_external_access: 'false',
          autoinstall_known_extensions: 'false',
          autoload_known_extensions: 'false',
          lock_configuration: 'true',
        }),
        folder,
      );
    } catch (thrown) {
      removeFolder(folder);
      throw engineError(thrown);
    }
  }

  /** Runs statements; the rows of the last as DuckDB's values. Cancelling interrupts it. */
  async run(
    sql: string,
    signal?: CancelSignal,
  ): Promise<{ readonly names: string[]; readonly types: string[]; readonly rows: DuckDBValue[][] }> {
    return this.using(signal, async (connection) => {
      const result = await connection.run(sql);
      return { names: result.columnNames(), types: result.columnTypes().map(String), rows: await result.getRows() };
    });
  }
  /** The columns of the answer, each as an array of physical values. */
  async columns(sql: string, signal?: CancelSignal): Promise<PhysicalValue[][]> {
    return this.using(
      signal,
      async (connection) => (await connection.run(sql)).getColumns() as Promise<PhysicalValue[][]>,
    );
  }

  /** Makes a table of the rows of a query; how many they are. Cancelled, it leaves none. */
  async materialize(table: string, sql: string, signal?: CancelSignal): Promise<number> {
    return this.using(
      signal,
      async (connection) => {
        const [[count] = []] = await (await connection.run(`CREATE TABLE ${table} AS ${sql}`)).getRows();
        return Number(count);
      },
      (connection) => connection.run(`DROP TABLE IF EXISTS ${table}`),
    );
  }

  /** Registers functions not known yet; a name stands for one function for the life of the database. */
  async register(functions: readonly JsFunction[]): Promise<void> {
    for (const fn of functions) await fn.load?.();
    const fresh = functions.filter((fn) => !this.functions.has(fn.name));
    if (fresh.length === 0) return;
    for (const fn of fresh) this.functions.add(fn.name);
    await this.using(undefined, (connection) => {
      for (const fn of fresh) connection.registerScalarFunction(scalarFunction(fn, () => this.connections.allStopped));
      return Promise.resolve();
    });
  }

  /**
   * Runs `work` with an appender of a table whose columns are stored as `types`. Its rows are all there afterwards, or
   * none where it throws or is cancelled.
   */
  async appending(
    schema: string,
    table: string,
    types: readonly PhysicalType[],
    work: (appender: DuckAppender) => Promise<void>,
    signal?: CancelSignal,
  ): Promise<void> {
    await this.using(signal, async (connection, { undoing, finishing }) => {
      await connection.run('BEGIN');
      try {
        const appender = new DuckAppender(await connection.createAppender(table, schema), types);
        try {
          await work(appender);
          appender.flush();
        } catch (thrown) {
          // Closing flushes what is left, which fails again where the transaction is lost; the first failure is the one
          // to tell.
          try {
            appender.close();
          } catch {
            /* told below */
          }
          throw thrown;
        }
        appender.close();
        finishing();
        await connection.run('COMMIT');
      } catch (thrown) {
        undoing();
        await connection.run('ROLLBACK');
        throw thrown;
      }
    });
  }

  async close(): Promise<void> {
    await this.connections.close();
    this.instance.closeSync();
    removeFolder(this.folder);
  }

  private async using<T>(signal: CancelSignal | undefined, work: Work<T>, undo?: Undo): Promise<T> {
    try {
      return await this.connections.use(signal, work, undo);
    } catch (thrown) {
      throw engineError(thrown);
    }
  }
}

/** Readable by its owner alone. */
function spillFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'tenantscope-engine-'));
  } catch (cause) {
    throw new AppError('engine.disk', `The folder for temporary files cannot be made: ${(cause as Error).message}.`, {
      cause,
    });
  }
}
function removeFolder(folder: string | undefined): void {
  // Windows lets a folder go only after the files in it, which may take a moment more.
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 60 });
}

/** The construct a refusal names whose regular expression RE2 cannot read. */
export const UNREADABLE_REGEX = 'regular expression';
/**
 * RE2's own words for what is wrong with an expression (re2.h, ErrorCode); what follows them is a part of the
 * expression.
 */
const RE2_ERROR =
  /^(?:Invalid Input|Binder) Error: (?:Pattern failed to parse(?:, error)?: '?)?(missing [)\]]|unexpected \)|trailing \\|no argument for repetition operator|bad repetition operator|invalid (?:escape sequence|character class range|character class|repetition size|perl operator|named capture group|UTF-8)|pattern too large)/;

/** A DuckDB failure in our words. Its text names our own SQL at most, never a customer's data. */
function engineError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const own = ownFailure(text, thrown);
  if (own) return own;
  const regex = RE2_ERROR.exec(text)?.[1];
  if (regex !== undefined)
    return new AppError(
      'query.unsupported',
      `A regular expression of the query is not one the local engine (RE2) can read: ${regex}.`,
      { data: { construct: UNREADABLE_REGEX, reason: regex }, cause: thrown },
    );
  if (/^INTERRUPT/i.test(text) || /interrupted/i.test(text)) return cancelled();
  if (/out of memory|could not allocate block/i.test(text))
    return new AppError(
      'engine.memory',
      'The query needs more memory than the engine may use. Narrow its time range or columns, or raise the memory limit.',
      { cause: thrown },
    );
  if (/no space left|could not write|disk/i.test(text))
    return new AppError(
      'engine.disk',
      'The engine could not write to its temporary directory. Free disk space and run the query again.',
      { cause: thrown },
    );
  if (/overflow|out of range/i.test(text))
    return new AppError('query.overflow', 'A number in the query grew beyond what its type holds.', { cause: thrown });
  return new AppError(
    'engine.failed',
    `The engine could not run the query: ${text
      .split('\n')[0]
      ?.replace(/'[^']*'/g, "'...'")
      .slice(0, 300)}`,
    { cause: thrown },
  );
}

/** A database that may read files the user named, for loading only: no query of a user ever runs on it. */
export class FileReader {
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;
  private readonly folder: string;
  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string) {
    this.instance = instance;
    this.connection = connection;
    this.folder = folder;
  }

  static async open(): Promise<FileReader> {
    const folder = spillFolder();
    const instance = await DuckDBInstance.create(':memory:', {
      temp_directory: folder,
      threads: '1',
      memory_limit: '512MB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    return new FileReader(instance, await instance.connect(), folder);
  }
  async describe(source: string): Promise<{ readonly name: string; readonly type: string }[]> {
    try {
      const result = await this.connection.run(`SELECT * FROM ${source} LIMIT 0`);
      return result.columnNames().map((name, i) => ({ name, type: String(result.columnType(i)) }));
    } catch (thrown) {
      throw engineError(thrown);
    }
  }
  async *rows(sql: string): AsyncGenerator<Cell[][]> {
    try {
      const result = await this.connection.stream(sql);
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
        yield chunk.getRows() as Cell[][];
    } catch (thrown) {
      throw engineError(thrown);
    }
  }
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
    removeFolder(this.folder);
  }
}

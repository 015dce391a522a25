import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { JsFunction, PhysicalType, PhysicalValue } from '../functions/contract.ts';
import { Connections } from './connections.ts';
import type { Undo, Work } from './connections.ts';
import { toEngineError } from './errors.ts';
import { scalarFunction } from './scalarFunction.ts';
import { Session } from './session.ts';
import { makeSpillFolder, removeSpillFolder } from './spillFolder.ts';
import { TableAppender } from './tableAppender.ts';

/** Where a database lies, and how much of the machine it may use. */
export interface DatabaseOptions {
  /** A file of ours; memory unless given. */
  readonly path?: string | undefined;
  /** What it may hold in memory before it spills; 2,048 unless given. */
  readonly memoryLimitMb?: number | undefined;
  /** All of the machine's unless given. */
  readonly threads?: number | undefined;
  /**
   * Where what does not fit in memory goes: a folder of its own below the system's, for as long as it is open, unless
   * given; "" for nowhere, then what does not fit fails with `engine.memory`.
   */
  readonly tempDirectory?: string | undefined;
  /**
   * The size of a block of a file that is made now, a power of two from 16,384 on; DuckDB's own (262,144) unless given.
   * A table holds a block or more of every column in memory as rows come: smaller ones for who has many columns.
   */
  readonly blockBytes?: number | undefined;
  /** Row groups (122,880 rows each) that an append holds before it writes them; DuckDB's own 5 unless given. */
  readonly rowGroupsHeld?: number | undefined;
  /** Lets statements of ours write files. Never for a database that queries run on. */
  readonly writesFiles?: boolean | undefined;
}

/**
 * A DuckDB database: the one way of the product to it. Statements run on a connection each, so that cancelling one
 * leaves the others alone (`run`, `columns`, `materialize`, `appending`), or on a long-lived one (`connect`), where
 * they queue. All of them see the same tables. Everything rejects with an AppError of errors.ts.
 */
export class Database {
  private readonly instance: DuckDBInstance;
  private readonly connections: Connections;
  private readonly functions = new Set<string>();
  private readonly sessions = new Set<Session>();

  /** A folder for spilling that goes with the database. */
  private readonly folder: string | undefined;

  /** How much text a function in JavaScript may hold at a time, in characters: each takes a byte or two. */
  private readonly mostText: number;

  private constructor(instance: DuckDBInstance, folder: string | undefined, memoryLimitMb: number) {
    this.instance = instance;
    this.connections = new Connections(instance);
    this.folder = folder;
    this.mostText = memoryLimitMb * 500_000;
  }

  /**
   * Nothing a statement says reaches the file system or the network: external access is off, unless asked for, and the
   * configuration locked.
   */
  static async open({
    path,
    memoryLimitMb = 2048,
    threads,
    tempDirectory,
    blockBytes,
    rowGroupsHeld,
    writesFiles = false,
  }: DatabaseOptions): Promise<Database> {
    const folder = tempDirectory === undefined ? makeSpillFolder() : undefined;
    try {
      return new Database(
        await DuckDBInstance.create(path ?? ':memory:', {
          // Must be named while external access is still on; the default would be a folder where the program happens to
          // run.
          temp_directory: tempDirectory ?? folder!,
          ...(threads === undefined ? {} : { threads: String(threads) }),
          ...(blockBytes === undefined ? {} : { default_block_size: String(blockBytes) }),
          ...(rowGroupsHeld === undefined ? {} : { write_buffer_row_group_count: String(rowGroupsHeld) }),
          memory_limit: `${memoryLimitMb}MB`,
          enable_external_access: String(writesFiles),
          autoinstall_known_extensions: 'false',
          autoload_known_extensions: 'false',
          lock_configuration: 'true',
        }),
        folder,
        memoryLimitMb,
      );
    } catch (thrown) {
      removeSpillFolder(folder);
      throw toEngineError(thrown);
    }
  }

  /** A connection of one's own until it is closed, or the database is. */
  async connect(): Promise<Session> {
    try {
      const session = new Session(await this.instance.connect());
      this.sessions.add(session);
      return session;
    } catch (thrown) {
      throw toEngineError(thrown);
    }
  }

  /** Closes a connection of `connect` before the database is closed. */
  release(session: Session): void {
    this.sessions.delete(session);
    session.close();
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

  /** Runs a query to its end and keeps nothing of it: for whether it fails. */
  async drain(sql: string, signal?: CancelSignal): Promise<void> {
    await this.using(signal, async (connection) => {
      const result = await connection.stream(sql);
      for (let chunk = await result.fetchChunk(); (chunk?.rowCount ?? 0) > 0; chunk = await result.fetchChunk());
    });
  }

  /** Registers functions not known yet; a name stands for one function for the life of the database. */
  async register(functions: readonly JsFunction[]): Promise<void> {
    for (const fn of functions) await fn.load?.();
    const fresh = functions.filter((fn) => !this.functions.has(fn.name));
    if (fresh.length === 0) return;
    for (const fn of fresh) this.functions.add(fn.name);
    await this.using(undefined, (connection) => {
      for (const fn of fresh)
        connection.registerScalarFunction(scalarFunction(fn, () => this.connections.allStopped, this.mostText));
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
    work: (appender: TableAppender) => Promise<void>,
    signal?: CancelSignal,
  ): Promise<void> {
    await this.using(signal, async (connection, { undoing, finishing }) => {
      await connection.run('BEGIN');
      try {
        const appender = new TableAppender(await connection.createAppender(table, schema), types);
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

  /** The path of a file that goes with the database, which has a folder of its own (no `tempDirectory`). */
  temporaryFile(name: string): string {
    if (this.folder === undefined) throw new AppError('bug.temporaryFile', 'This database has no folder of its own.');
    return join(this.folder, name);
  }

  /** Stops what runs, waits for it to end, and closes every connection and the file. */
  async close(): Promise<void> {
    await this.connections.close();
    for (const session of this.sessions) session.close();
    this.instance.closeSync();
    removeSpillFolder(this.folder);
  }

  private async using<T>(signal: CancelSignal | undefined, work: Work<T>, undo?: Undo): Promise<T> {
    try {
      return await this.connections.use(signal, work, undo);
    } catch (thrown) {
      throw toEngineError(thrown);
    }
  }
}

import { DOUBLE } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import type { PhysicalType, PhysicalValue } from '../functions/contract.ts';
import { toEngineError } from './errors.ts';
import { TableAppender } from './tableAppender.ts';

/** One connection: one statement at a time, callers queue. */
export class Session {
  private readonly connection: DuckDBConnection;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  async run(sql: string, parameters: readonly PhysicalValue[] = []): Promise<void> {
    await this.queued(() => this.connection.run(sql, [...parameters], typesOf(parameters)));
  }

  async all(sql: string, parameters: readonly PhysicalValue[] = []): Promise<PhysicalValue[][]> {
    return this.queued(
      async () =>
        (await this.connection.runAndReadAll(sql, [...parameters], typesOf(parameters))).getRows() as PhysicalValue[][],
    );
  }

  /**
   * For `table` (a name, not quoted) of that catalog with columns of these types. Not visible to others before `flush`.
   */
  async openAppender(table: string, types: readonly PhysicalType[], catalog?: string): Promise<TableAppender> {
    return this.queued(
      async () => new TableAppender(await this.connection.createAppender(table, undefined, catalog), types),
    );
  }

  /** Resolves when what was asked of it so far has ended, one way or another. */
  async settled(): Promise<void> {
    await this.tail.catch(() => undefined);
  }

  /** No more statements; the database closes what is still open with it. */
  close(): void {
    this.connection.closeSync();
  }

  private queued<T>(work: () => Promise<T>): Promise<T> {
    const next = this.tail.catch(() => undefined).then(() => guarded(work));
    this.tail = next;
    return next;
  }
}

/**
 * The package takes every whole number for a BIGINT, and throws where it is none. Undefined leaves the type to the
 * package: a smaller one has to meet a BIGINT column as its like, not as a double.
 */
function typesOf(parameters: readonly PhysicalValue[]): DuckDBType[] {
  return parameters.map((value) =>
    typeof value === 'number' && Math.abs(value) >= 2 ** 63 ? DOUBLE : undefined,
  ) as DuckDBType[];
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toEngineError(error);
  }
}

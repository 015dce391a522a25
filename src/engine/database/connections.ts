import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { cancelled } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';

/** An interrupt that comes before the statement has begun is lost, so it is said again until the statement ends. */
const REPEAT_MS = 10;
/**
 * Who has stopped a statement waits no longer than this for it to end. Most end at once; a step DuckDB cannot leave
 * (finishing a sort or a hash table) goes on behind.
 */
const PATIENCE_MS = 60;

interface Statement {
  stopped: boolean;
  readonly stop: () => void;
  ended: Promise<unknown>;
}
/** What work of several statements says of itself. */
interface Course {
  /** No more interrupts: the statements that follow put things back. */
  readonly undoing: () => void;
  /** From here on it cannot be cancelled; throws `cancelled.byUser` where it has been. */
  readonly finishing: () => void;
}

/** Work on a connection, and what undoes the work of one that nobody waited for. */
export type Work<T> = (connection: DuckDBConnection, course: Course) => Promise<T>;
/** Puts right, on the same connection, what work did whose result nobody waits for any more. */
export type Undo = (connection: DuckDBConnection) => Promise<unknown>;

/** The connections of a database. Cancelling what runs on one leaves the others alone. */
export class Connections {
  private readonly instance: DuckDBInstance;
  private readonly idle: DuckDBConnection[] = [];
  private readonly running = new Set<Statement>();

  constructor(instance: DuckDBInstance) {
    this.instance = instance;
  }

  /** True where every statement that runs has been told to stop: nobody waits for what is being computed. */
  get allStopped(): boolean {
    for (const statement of this.running) if (!statement.stopped) return false;
    return this.running.size > 0;
  }

  /**
   * Runs `work` on a connection of its own. Aborting rejects with `cancelled.byUser` within a moment, whatever the
   * statement is at; the connection serves again once the statement has ended, and what one that nobody waited for has
   * made after all is undone first.
   */
  async use<T>(signal: CancelSignal | undefined, work: Work<T>, undo?: Undo): Promise<T> {
    if (signal?.aborted) throw cancelled();
    const connection = this.idle.pop() ?? (await this.instance.connect());
    let leave: () => void = () => undefined;
    let [left, nag, patience]: [boolean, NodeJS.Timeout | undefined, NodeJS.Timeout | undefined] = [
      false,
      undefined,
      undefined,
    ];
    const statement: Statement = {
      stopped: false,
      ended: Promise.resolve(),
      stop: () => {
        if (statement.stopped) return;
        statement.stopped = true;
        connection.interrupt();
        nag = setInterval(() => {
          connection.interrupt();
        }, REPEAT_MS);
        patience = setTimeout(() => {
          left = true;
          leave();
        }, PATIENCE_MS);
      },
    };
    const course: Course = {
      undoing: () => {
        clearInterval(nag);
      },
      finishing: () => {
        if (statement.stopped) throw cancelled();
        signal?.removeEventListener('abort', statement.stop);
      },
    };
    const run = async (): Promise<T> => {
      try {
        const made = await work(connection, course);
        clearInterval(nag);
        if (left) await undo?.(connection);
        return made;
      } catch (thrown) {
        throw statement.stopped ? cancelled() : thrown;
      } finally {
        clearInterval(nag);
        clearTimeout(patience);
        signal?.removeEventListener('abort', statement.stop);
        this.running.delete(statement);
        this.idle.push(connection);
      }
    };
    this.running.add(statement);
    signal?.addEventListener('abort', statement.stop);
    if (signal?.aborted) statement.stop();
    const ended = run();
    statement.ended = ended.catch(() => undefined);
    return signal
      ? Promise.race([
          ended,
          new Promise<never>((_, reject) => {
            leave = () => {
              reject(cancelled());
            };
          }),
        ])
      : ended;
  }

  /** Stops what runs and waits for it to end. */
  async close(): Promise<void> {
    for (const statement of this.running) statement.stop();
    await Promise.all([...this.running].map(({ ended }) => ended));
    for (const connection of this.idle) connection.closeSync();
    this.idle.length = 0;
  }
}

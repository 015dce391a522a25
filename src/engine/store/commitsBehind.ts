import type { Session } from '../database/session.ts';
import type { TableAppender } from '../database/tableAppender.ts';

/**
 * Flushes of an appender whose commits go on behind the caller: most of a flush's work is in the commit, which a thread
 * of DuckDB does while the next rows are read. One commit at a time; the session is the caller's alone.
 */
export class CommitsBehind {
  private readonly session: Session;
  private readonly appender: TableAppender;
  private pending: Promise<void> | undefined;
  /** Whether rows were handed over since the last commit began. */
  private begun = false;

  constructor(session: Session, appender: TableAppender) {
    this.session = session;
    this.appender = appender;
  }

  /**
   * Waits for the commit before, then gives the table the rows that the appender has gathered, without a commit: the
   * appender holds them uncompressed, apart from the table's own. Rejects as `flush` does.
   */
  async handOver(): Promise<void> {
    await this.settled();
    if (!this.begun) await this.session.run('BEGIN');
    this.begun = true;
    try {
      this.appender.flush();
    } catch (error) {
      await this.undo();
      throw error;
    }
  }

  /** Ends without what was handed over since the last commit. Never rejects. */
  async undo(): Promise<void> {
    if (!this.begun) return;
    this.begun = false;
    await this.session.run('ROLLBACK').catch(() => undefined);
  }

  /**
   * Waits for the commit before, then begins this one; `done` is called once its rows can be read. Rejects with
   * `engine.*` where this flush or the commit before failed.
   */
  async flush(done: () => void): Promise<void> {
    await this.handOver();
    this.begun = false;
    this.pending = this.commit(done);
    // Whoever waits for it next hears of its failure; until then it is nobody's.
    this.pending.catch(() => undefined);
  }

  private async commit(done: () => void): Promise<void> {
    await this.session.run('COMMIT');
    done();
  }

  /** Resolves when nothing is under way any more. Rejects where the last commit failed. */
  async settled(): Promise<void> {
    const { pending } = this;
    this.pending = undefined;
    await pending;
  }
}

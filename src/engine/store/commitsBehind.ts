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

  constructor(session: Session, appender: TableAppender) {
    this.session = session;
    this.appender = appender;
  }

  /**
   * Waits for the commit before, then begins this one; `done` is called once its rows can be read. Rejects with
   * `engine.*` where this flush or the commit before failed.
   */
  async flush(done: () => void): Promise<void> {
    await this.settled();
    await this.session.run('BEGIN');
    try {
      this.appender.flush();
    } catch (error) {
      await this.session.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
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

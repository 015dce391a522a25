import { AppError } from '../../base/errors.ts';
import { isFatal } from '../database/errors.ts';
import type { Session } from '../database/session.ts';
import { WorkQueue } from './workQueue.ts';

/** The two connections of a database that is open. */
export interface OpenSessions {
  readonly write: Session;
  readonly read: Session;
}

/**
 * What the runs of one store share: a connection that writes and one that reads. Writers queue. A database that has
 * failed for good is replaced here by one opened anew; whoever works on it next finds that.
 */
export class StoreSessions {
  readonly writes = new WorkQueue();
  /** Different columns that one run may have. */
  readonly mostColumns: number;
  private open: OpenSessions;
  private lastTarget: number;
  /** How often the database was opened anew, and whether the one that is here is of use. */
  private generation = 0;
  private usable = true;
  private reopening: Promise<void> | undefined;
  private readonly reopen: () => Promise<OpenSessions>;

  /** `reopen` throws the database away and opens another; it may be asked again where it fails. */
  constructor(open: OpenSessions, lastTarget: number, mostColumns: number, reopen: () => Promise<OpenSessions>) {
    this.open = open;
    this.lastTarget = lastTarget;
    this.mostColumns = mostColumns;
    this.reopen = reopen;
  }

  get write(): Session {
    return this.open.write;
  }
  get read(): Session {
    return this.open.read;
  }
  /** A number no target of any run has had. */
  nextTarget(): number {
    return ++this.lastTarget;
  }

  /**
   * Work that writes, in its turn. Where the database fails for good meanwhile it is opened anew, and the work rejects
   * with `engine.reopened`: done twice, it might fail twice.
   */
  writing<T>(work: () => Promise<T>): Promise<T> {
    return this.writes.add(async () => {
      if (!this.usable) await this.renew();
      try {
        return await work();
      } catch (thrown) {
        if (!isFatal(thrown)) throw thrown;
        await this.renew();
        throw new AppError(
          'engine.reopened',
          'The database of rows failed while it stored this answer, and was opened anew without it. Retry, with fewer columns or rows if it fails again.',
          { cause: thrown },
        );
      }
    });
  }

  /** Work that reads; once more on the database opened anew where the one it began on has failed for good. */
  async reading<T>(work: () => Promise<T>): Promise<T> {
    const { generation } = this;
    if (this.usable)
      try {
        return await work();
      } catch (thrown) {
        if (!isFatal(thrown) && generation === this.generation) throw thrown;
        if (generation === this.generation) this.usable = false;
      }
    await this.writes.add(async () => {
      if (!this.usable) await this.renew();
    });
    return work();
  }

  private renew(): Promise<void> {
    this.usable = false;
    this.reopening ??= (async () => {
      try {
        await Promise.all([this.open.write.settled(), this.open.read.settled()]);
        this.open = await this.reopen();
        this.generation++;
        this.usable = true;
      } finally {
        this.reopening = undefined;
      }
    })();
    return this.reopening;
  }
}

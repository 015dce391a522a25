import type { Session } from '../database/session.ts';
import type { WorkQueue } from './workQueue.ts';

/** What the runs of one store share: a connection that writes and one that reads. Writers queue. */
export interface StoreSessions {
  readonly write: Session;
  readonly read: Session;
  readonly writes: WorkQueue;
  /** A number no target of any run has had. */
  nextTarget(): number;
}

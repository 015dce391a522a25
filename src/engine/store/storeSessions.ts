import type { DuckSession } from '../runtime/duckdbSession.ts';
import type { WorkQueue } from './workQueue.ts';

/** What the runs of one store share: a connection that writes, one that reads, one that streams to files. Writers queue. */
export interface StoreSessions { readonly write: DuckSession; readonly read: DuckSession; readonly stream: DuckSession; readonly writes: WorkQueue }

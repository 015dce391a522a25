import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Event } from '../../base/event.ts';
import type { Worker } from '../platform/dataWorker.ts';

/** After this the editor has drawn the document and everything that begins with it, and nothing waits for us. */
const AFTER_MS = 500;

/** What the preparation looks at; tests hand in plain objects. */
export interface PreparedWorkerEnds {
  readonly active: { readonly document: unknown; readonly onDidChange: Event<void> };
  readonly worker: Pick<Worker, 'request'>;
  /** False in a folder nobody trusts. */
  readonly allowed: () => boolean;
  /** Carries work out that nobody waits for, and whose failure is for the log. */
  readonly quiet: (what: string, work: () => Promise<unknown>) => Promise<unknown>;
}

/**
 * Somebody who has a query open will run it: the worker with its parser, database and SDKs is made ready then, once, so
 * that the first run takes about as long as any other. One that dies of it is not started again for every letter typed:
 * the next request does that.
 */
export class PreparedWorker implements Disposable {
  private readonly store = new DisposableStore();
  private readonly ends: PreparedWorkerEnds;
  private readonly afterMs: number;
  private timer: NodeJS.Timeout | undefined;
  private begun = false;

  constructor(ends: PreparedWorkerEnds, afterMs = AFTER_MS) {
    this.ends = ends;
    this.afterMs = afterMs;
    this.store.add(
      ends.active.onDidChange(() => {
        this.look();
      }),
    );
    this.look();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.store.dispose();
  }

  private look(): void {
    const { active, allowed, quiet, worker } = this.ends;
    if (this.begun || active.document === undefined || !allowed()) return;
    this.begun = true;
    this.timer = setTimeout(() => {
      void quiet('runs.prepare', () => worker.request('runs.prepare', null));
    }, this.afterMs);
  }
}

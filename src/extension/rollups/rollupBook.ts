import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { RollupsPicture, RollupText } from '../../protocol/rollups.ts';
import type { Worker } from '../platform/dataWorker.ts';

/** Least time between two looks at the state while a run goes on, milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** How far the run that goes on is. */
export interface RollupRunning {
  readonly rollup: string;
  readonly done: number;
  readonly total: number;
}

/** What this window knows of roll-ups: the files and what is stored of them, and the run that goes on. */
export class RollupBook implements Disposable {
  private known: RollupsPicture | undefined;
  private going: RollupRunning | undefined;
  private looking: Promise<RollupsPicture> | undefined;
  private lookedAt = 0;
  private readonly changed = new Emitter<void>();
  private readonly looked = new Emitter<void>();
  private readonly store = new DisposableStore();
  private readonly worker: Worker;
  private readonly read: () => Promise<readonly RollupText[]>;

  /** The picture is another one, or the run is further. */
  readonly onDidChange = this.changed.event;
  /** The picture is another one. */
  readonly onDidLook = this.looked.event;

  constructor(worker: Worker, read: () => Promise<readonly RollupText[]>) {
    this.worker = worker;
    this.read = read;
    this.store.add(this.changed);
    this.store.add(this.looked);
    this.store.add(
      worker.on('rollups.progress', (progress) => {
        if (this.going?.rollup !== progress.rollup) return;
        this.going = progress;
        this.changed.fire();
        if (Date.now() - this.lookedAt > LOOK_EVERY_MS) void this.look().catch(() => undefined);
      }),
    );
  }

  /** As it was seen last. */
  get picture(): RollupsPicture | undefined {
    return this.known;
  }
  /** Addresses of the roll-ups' files, beside which centres are named. */
  get paths(): readonly string[] {
    return this.known?.files.map(({ path }) => path) ?? [];
  }
  get running(): RollupRunning | undefined {
    return this.going;
  }

  /** Looks anew, at files and state. Rejects as the worker does; the picture of before stays then. */
  look(): Promise<RollupsPicture> {
    this.lookedAt = Date.now();
    // One after the other: what was asked first must not take the place of what was asked later.
    const looking = (this.looking ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => this.worker.request('rollups.look', { files: await this.read() }))
      .then((picture) => {
        this.known = picture;
        this.changed.fire();
        this.looked.fire();
        return picture;
      });
    this.looking = looking;
    return looking;
  }

  /** What is known, looked for where nothing is. */
  async ensure(): Promise<RollupsPicture> {
    return this.known ?? this.look();
  }

  /** Nothing is known any more: another cloud, or other files. */
  forget(): void {
    this.known = undefined;
    this.changed.fire();
  }

  /** Does the work of a run, which is shown as going on meanwhile; what it left is looked at behind it. */
  async during<T>(rollup: string, work: () => Promise<T>): Promise<T> {
    this.going = { rollup, done: 0, total: 0 };
    this.changed.fire();
    try {
      return await work();
    } finally {
      this.going = undefined;
      this.changed.fire();
      await this.look().catch(() => undefined);
    }
  }

  dispose(): void {
    this.store.dispose();
  }
}

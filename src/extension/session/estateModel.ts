import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { AppError } from '../../base/errors.ts';
import { toAppError } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import type { Estate } from '../../model/estate.ts';
import type { Worker } from '../platform/dataWorker.ts';

/** Where the picture of the estate stands. `untrusted` and `unloaded` have asked nobody anything. */
export type EstateState = 'untrusted' | 'unloaded' | 'loading' | 'signedOut' | 'empty' | 'loaded' | 'failed';

/**
 * The estate of this window: loaded when first asked for, replaced whole on every change, the last good picture kept
 * while a new one is on its way or when that fails.
 */
export class EstateModel implements Disposable {
  private picture: Estate | undefined;
  private phase: EstateState;
  private failure: AppError | undefined;
  private loading: Promise<Estate> | undefined;
  private readonly changed = new Emitter<void>();
  private readonly store = new DisposableStore();
  private readonly worker: Worker;
  private readonly trusted: () => boolean;

  readonly onDidChange = this.changed.event;

  constructor(worker: Worker, trusted: () => boolean) {
    this.worker = worker;
    this.trusted = trusted;
    this.phase = trusted() ? 'unloaded' : 'untrusted';
    this.store.add(
      worker.on('estate.changed', (estate) => {
        this.accept(estate);
      }),
    );
    this.store.add(this.changed);
  }

  get estate(): Estate | undefined {
    return this.picture;
  }
  get state(): EstateState {
    return this.phase;
  }
  get error(): AppError | undefined {
    return this.failure;
  }

  /** The estate, loading it if nobody has yet. Rejects with the reason it cannot be loaded. */
  ensure(): Promise<Estate> {
    if (this.loading) return this.loading;
    return this.picture ? Promise.resolve(this.picture) : this.load(false);
  }

  /** Loads it anew; `refresh` asks the services even for what is remembered. Calls while one is under way join it. */
  load(refresh: boolean): Promise<Estate> {
    this.loading ??= this.fetch(refresh).finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  /** Forgets everything: another cloud, another way to sign in, trust gained. */
  reset(): void {
    this.picture = undefined;
    this.failure = undefined;
    this.move(this.trusted() ? 'unloaded' : 'untrusted');
  }

  dispose(): void {
    this.store.dispose();
  }

  private async fetch(refresh: boolean): Promise<Estate> {
    this.failure = undefined;
    this.move('loading');
    try {
      const estate = await this.worker.request('estate.load', { refresh });
      this.picture = estate;
      this.move(stateOf(estate));
      return estate;
    } catch (thrown) {
      this.failure = toAppError(thrown);
      this.move(this.picture ? stateOf(this.picture) : this.trusted() ? 'failed' : 'untrusted');
      throw this.failure;
    }
  }

  /** A picture that came by itself: partial while loading, whole after a change. */
  private accept(estate: Estate): void {
    this.picture = estate;
    this.move(this.loading ? 'loading' : stateOf(estate));
  }

  private move(state: EstateState): void {
    this.phase = state;
    this.changed.fire();
  }
}

function stateOf(estate: Estate): EstateState {
  if (estate.workspaces.length || estate.tenants.length) return 'loaded';
  return estate.accounts.length ? 'empty' : 'signedOut';
}

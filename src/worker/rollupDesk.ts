import { openDryRollups, openRollups } from '../app/rollups.ts';
import type { OpenedRollups } from '../app/rollups.ts';
import type { Services } from '../app/services.ts';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError } from '../base/errors.ts';
import { LocalSignal } from '../base/rpc.ts';
import type { RollupService } from '../core/rollup/rollupService.ts';

/** What roll-ups ask of a session's services. */
type DeskServices = Parameters<typeof openDryRollups>[0] & Pick<Services, 'estate'>;

/**
 * The roll-ups of a session: opened by their first use over the lake that the settings name, opened anew where they
 * name another one. One run at a time: what a person started is what they watch.
 */
export class RollupDesk {
  private opened: { readonly lake: string; readonly rollups: OpenedRollups } | undefined;
  private running:
    | { readonly rollup: string; readonly stop: LocalSignal; readonly ended: Promise<unknown> }
    | undefined;
  private readonly services: DeskServices;
  private readonly folder: () => string;

  constructor(services: DeskServices, folder: () => string) {
    this.services = services;
    this.folder = folder;
  }

  /** Where rows and state lie. */
  get lake(): string {
    return this.folder();
  }

  /** Roll-ups with their sinks. */
  async rollups(): Promise<RollupService> {
    const { lake } = this;
    if (this.opened && this.opened.lake !== lake && !this.running) await this.letGo();
    this.opened ??= { lake, rollups: openRollups(this.services, lake) };
    return this.opened.rollups.rollups;
  }

  /** Roll-ups whose rows are stored nowhere. */
  dry(sinks: readonly string[]): RollupService {
    return openDryRollups(this.services, sinks);
  }

  /**
   * Does the work of a run while no other goes on; `signal` and the end of the session stop it. Rejects with
   * `input.rollupBusy` where another does.
   */
  async alone<T>(rollup: string, signal: CancelSignal, work: (signal: CancelSignal) => Promise<T>): Promise<T> {
    // One that was stopped is on its way out.
    if (this.running?.stop.aborted) await this.running.ended.catch(() => undefined);
    if (this.running)
      throw new AppError(
        'input.rollupBusy',
        `${this.running.rollup} is being run. Wait for its end, or cancel it: one roll-up is run at a time here.`,
      );
    const stop = new LocalSignal();
    const onAbort = (): void => {
      stop.abort();
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) stop.abort();
    const ended = work(stop);
    this.running = { rollup, stop, ended };
    try {
      return await ended;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.running = undefined;
    }
  }

  /** Ends what runs, and lets go of the lake. */
  async close(): Promise<void> {
    const { running } = this;
    running?.stop.abort();
    await running?.ended.catch(() => undefined);
    await this.letGo();
  }

  private async letGo(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.rollups.close();
  }
}

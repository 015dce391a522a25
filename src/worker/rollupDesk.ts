import { openDryRollups, openRollups } from '../app/rollups.ts';
import type { OpenedRollups } from '../app/rollups.ts';
import type { Services } from '../app/services.ts';
import { AppError } from '../base/errors.ts';
import type { RollupService } from '../core/rollup/rollupService.ts';

/** What roll-ups ask of a session's services. */
type DeskServices = Parameters<typeof openDryRollups>[0] & Pick<Services, 'estate'>;

/**
 * The roll-ups of a session: opened by their first use over the lake that the settings name, opened anew where they
 * name another one. One run at a time: what a person started is what they watch.
 */
export class RollupDesk {
  private opened: { readonly lake: string; readonly rollups: OpenedRollups } | undefined;
  private running: string | undefined;
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
    if (this.opened && this.opened.lake !== lake && this.running === undefined) await this.close();
    this.opened ??= { lake, rollups: openRollups(this.services, lake) };
    return this.opened.rollups.rollups;
  }

  /** Roll-ups whose rows are stored nowhere. */
  dry(sinks: readonly string[]): RollupService {
    return openDryRollups(this.services, sinks);
  }

  /** Does the work of a run while no other goes on; rejects with `input.rollupBusy` where one does. */
  async alone<T>(rollup: string, work: () => Promise<T>): Promise<T> {
    if (this.running !== undefined)
      throw new AppError(
        'input.rollupBusy',
        `${this.running} is being run. Wait for its end, or cancel it: one roll-up is run at a time here.`,
      );
    this.running = rollup;
    try {
      return await work();
    } finally {
      this.running = undefined;
    }
  }

  /** Lets go of the lake. */
  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.rollups.close();
  }
}

import { openDryRollups, openRollups, openRollupsAt } from '../app/rollups.ts';
import type { OpenedRollups, RollupPlaces } from '../app/rollups.ts';
import type { Services } from '../app/services.ts';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError } from '../base/errors.ts';
import { LocalSignal } from '../base/rpc.ts';
import { addressOf } from '../core/centre/centreAddress.ts';
import type { RollupService } from '../core/rollup/rollupService.ts';
import type { LakeCentre } from '../model/centre.ts';
import type { RollupCentres, PlacesWish } from './rollupCentres.ts';

/** What roll-ups ask of a session's services. */
export type DeskServices = NonNullable<Parameters<typeof openRollupsAt>[0]> & Pick<Services, 'estate'>;

/**
 * The roll-ups of a session. Over the lake that the settings name they are opened by their first use, and anew where
 * the settings name another one; over centres of a repository for each piece of work, once the person approved them.
 * One run at a time: what a person started is what they watch.
 */
export class RollupDesk {
  readonly centres: RollupCentres;
  private opened: { readonly lake: string; readonly rollups: OpenedRollups } | undefined;
  private running:
    | { readonly rollup: string; readonly stop: LocalSignal; readonly ended: Promise<unknown> }
    | undefined;
  private readonly services: DeskServices;
  private readonly folder: () => string;

  constructor(services: DeskServices, folder: () => string, centres: RollupCentres) {
    this.services = services;
    this.folder = folder;
    this.centres = centres;
  }

  /** Where rows and state lie. */
  get lake(): LakeCentre {
    return { kind: 'lake', name: 'lake', folder: this.folder() };
  }

  /** Whether one is run. */
  get busy(): boolean {
    return this.running !== undefined;
  }

  /** Roll-ups in the lake alone. */
  async rollups(): Promise<RollupService> {
    return (await this.inLake()).rollups;
  }

  /**
   * Work on roll-ups in these centres, with their state; those of several files are opened together, where none has a
   * state of its own. Rejects as `RollupCentres.places` does, and with `input.centre` for two centres of one name.
   */
  async using<T>(wishes: PlacesWish | readonly PlacesWish[], work: (opened: OpenedRollups) => Promise<T>): Promise<T> {
    const places = await this.placesOf([wishes].flat());
    if (!places.state && places.centres.length === 1) return work(await this.inLake());
    const opened = await openRollupsAt(this.services, places);
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
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

  private async placesOf([wish, ...others]: readonly PlacesWish[]): Promise<RollupPlaces> {
    const first = await this.centres.places(this.lake, wish ?? { sinks: [] });
    const centres = [...first.centres];
    for (const other of others)
      for (const centre of (await this.centres.places(this.lake, other)).centres) {
        const twin = centres.find(({ name }) => name === centre.name);
        if (!twin) centres.push(centre);
        else if (addressOf(twin) !== addressOf(centre))
          throw new AppError(
            'input.centre',
            `Two open folders call different centres ${centre.name}. Open one of them alone, and try again.`,
          );
      }
    return { ...first, centres };
  }

  private async inLake(): Promise<OpenedRollups> {
    const lake = this.folder();
    if (this.opened && this.opened.lake !== lake && !this.running) await this.letGo();
    this.opened ??= { lake, rollups: openRollups(this.services, lake) };
    return this.opened.rollups;
  }

  private async letGo(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.rollups.close();
  }
}

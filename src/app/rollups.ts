import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import { addressOf } from '../core/centre/centreAddress.ts';
import { QuotaScheduler } from '../core/fanOut/quotaScheduler.ts';
import { DrySink, DryState } from '../core/rollup/dryRun.ts';
import { outputDiff } from '../core/rollup/outputDiff.ts';
import type { OutputDiff } from '../core/rollup/outputDiff.ts';
import { RollupService } from '../core/rollup/rollupService.ts';
import { loadRollupPlanner } from '../core/rollup/rollupWorld.ts';
import type { RollupWorld } from '../core/rollup/rollupWorld.ts';
import { TableCatalog } from '../core/schema/tableCatalog.ts';
import { LakeSink } from '../engine/lake/lakeSink.ts';
import { LakeState } from '../engine/lake/lakeState.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import type { BlobState, Centre } from '../model/centre.ts';
import type { RollupTable } from '../model/rollup.ts';
import type { RollupStatePort, SinkPort } from '../ports/rollups.ts';
import type { Services } from './services.ts';

/** What roll-ups ask of the services. */
type RollupServices = Pick<Services, 'logs' | 'schemas' | 'catalog' | 'estate' | 'scheduler'>;
/** What centres in Azure ask of them beside. */
type CentreServices = RollupServices & Pick<Services, 'centres'>;

/** Roll-ups with their sinks; close them, for they hold a database. */
export interface OpenedRollups {
  readonly rollups: RollupService;
  /** What is stored under the name of a roll-up, against what it would bring now; undefined for nothing. */
  diff(table: RollupTable): Promise<OutputDiff | undefined>;
  close(): Promise<void>;
}

/** Where roll-ups are stored and their state is kept: what a person named or approved, each of it. */
export interface RollupPlaces {
  readonly centres: readonly Centre[];
  /** Where the state is in blobs; in the lake unless given. */
  readonly state?: BlobState;
}

/** A sink that was opened, and what ends it. */
interface OpenedSink {
  readonly sink: SinkPort;
  readonly close: () => Promise<void>;
}

/** How each kind of centre is opened: a further kind is one more line. */
const OPENERS: {
  readonly [K in Centre['kind']]: (
    centre: Extract<Centre, { readonly kind: K }>,
    services: CentreServices | undefined,
  ) => Promise<OpenedSink>;
} = {
  lake: ({ folder }) => {
    const sink = new LakeSink(folder);
    return Promise.resolve({ sink, close: () => sink.close() });
  },
  logAnalytics: async (centre, services) => withoutEnd(await signedIn(services).centres.logAnalytics(centre)),
  dataExplorer: async (centre, services) => withoutEnd(await signedIn(services).centres.dataExplorer(centre)),
};

/** Roll-ups into a lake, with their state in it. */
export function openRollups(services: RollupServices | undefined, lake: string): OpenedRollups {
  const sink = new LakeSink(lake);
  return {
    rollups: new RollupService({ ...worldOf(services), state: new LakeState(lake), sinks: [sink] }),
    diff: (table) => diffInLake(lake, table),
    close: () => sink.close(),
  };
}

/**
 * Roll-ups into centres of any kind. Without services only the state can be looked at and changed, and lakes. Rejects
 * with `input.centre` where the state has no place.
 */
export async function openRollupsAt(
  services: CentreServices | undefined,
  { centres, state }: RollupPlaces,
): Promise<OpenedRollups> {
  const opened: OpenedSink[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened) await one.close();
  };
  try {
    const kept = await stateOf(centres, state, services);
    for (const centre of centres) opened.push(await openSink(centre, services));
    const sinks = opened.map(({ sink }) => sink);
    // The folder of a lake may be another path on each machine.
    const places = new Map(centres.flatMap((one) => (one.kind === 'lake' ? [] : [[one.name, addressOf(one)]])));
    const placeOf = (sink: string): string | undefined => places.get(sink);
    const rollups = new RollupService({ ...worldOf(services), state: kept, sinks, placeOf });
    return { rollups, diff: (table) => outputDiff(kept, table), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Roll-ups that are read and stored nowhere: what they would bring. `sinks` are the names that definitions use. */
export function openDryRollups(services: RollupServices, sinks: readonly string[]): RollupService {
  return new RollupService({
    ...worldOf(services),
    state: new DryState(),
    sinks: sinks.map((name) => new DrySink(name)),
  });
}

/** What is stored under the name of a roll-up in a lake, against what it would bring now; undefined for nothing. */
export function diffInLake(lake: string, table: RollupTable): Promise<OutputDiff | undefined> {
  return outputDiff(new LakeState(lake), table);
}

function openSink<K extends Centre['kind']>(
  centre: Extract<Centre, { readonly kind: K }>,
  services: CentreServices | undefined,
): Promise<OpenedSink> {
  return OPENERS[centre.kind as K](centre, services);
}

async function stateOf(
  centres: readonly Centre[],
  blobs: BlobState | undefined,
  services: CentreServices | undefined,
): Promise<RollupStatePort> {
  if (blobs) return signedIn(services).centres.state(blobs);
  const lake = centres.find((centre) => centre.kind === 'lake');
  if (lake) return new LakeState(lake.folder);
  throw new AppError(
    'input.centre',
    'How far roll-ups are has no place. Name a lake, or "state" in centres.json: a container of blobs.',
  );
}

function withoutEnd(sink: SinkPort): OpenedSink {
  return { sink, close: () => Promise.resolve() };
}

function signedIn(services: CentreServices | undefined): CentreServices {
  if (services) return services;
  throw new Error('A centre in Azure is opened with services.');
}

function worldOf(services: RollupServices | undefined): Omit<RollupWorld, 'state' | 'sinks'> {
  const unasked = (): never => {
    throw new Error('Nobody is asked by what only looks at the state.');
  };
  return {
    logs: services?.logs ?? { query: unasked },
    schemas: services?.schemas ?? { ofWorkspaces: unasked },
    catalog: services?.catalog ?? new TableCatalog({ tables: unasked }, SYSTEM_CLOCK),
    estate: () => services?.estate.load() ?? unasked(),
    quota: services?.scheduler ?? new QuotaScheduler(SYSTEM_CLOCK),
    clock: SYSTEM_CLOCK,
    owner: randomUUID(),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    planner: loadRollupPlanner,
  };
}

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOwnFile } from './ownFile.ts';
import type { World } from './state.ts';

/** The parts of a world that are kept on disk; standard tables come with the program, time from the clock. */
const MAPS = [
  'tenants',
  'accounts',
  'subscriptions',
  'resourceGroups',
  'workspaces',
  'deletedWorkspaces',
  'resources',
  'deployments',
  'queryPacks',
  'stores',
  'logicApps',
  'alerting',
  'partners',
  'governance',
] as const;
const LISTS = [
  'roleAssignments',
  'delegations',
  'diagnosticSettings',
  'collectionAssociations',
  'locks',
  'activityLog',
] as const;
const FILE = 'world.json';
const VERSION = 1;

interface Snapshot {
  readonly version: number;
  readonly seed: number;
  readonly maps: Record<string, [string, unknown][]>;
  readonly lists: Record<string, unknown[]>;
}

/**
 * Fills the world from `dir`; false where nothing was saved there. Throws an Error that says what is wrong with what
 * was.
 */
export async function loadSnapshot(world: World, dir: string): Promise<boolean> {
  const path = join(dir, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return false;
  }
  let saved: Partial<Snapshot> | null;
  try {
    saved = JSON.parse(text, revive) as Partial<Snapshot> | null;
  } catch {
    throw new Error(`The saved state ${path} is not readable JSON. Move it away to start afresh.`);
  }
  if (typeof saved?.version !== 'number')
    throw new Error(`The saved state ${path} is none of an emulator. Move it away to start afresh.`);
  if (saved.version !== VERSION) {
    throw new Error(
      `The saved state ${path} is of version ${saved.version}, this emulator reads version ${VERSION}. Move it away to start afresh.`,
    );
  }
  if (saved.seed !== world.seed) {
    throw new Error(
      `The saved state ${path} was made with seed ${saved.seed}, not ${world.seed}. Start with --seed ${saved.seed}, or choose another directory.`,
    );
  }
  try {
    for (const name of MAPS) {
      const map = world[name] as Map<string, unknown>;
      map.clear();
      for (const [id, value] of saved.maps?.[name] ?? []) map.set(id, value);
    }
    for (const name of LISTS) (world[name] as unknown[]).splice(0, Infinity, ...(saved.lists?.[name] ?? []));
    endInterrupted(world);
  } catch {
    throw new Error(`The saved state ${path} is not whole. Move it away to start afresh.`);
  }
  world.touch();
  return true;
}

/** Operations do not outlive the program: what was under way when it stopped is as it was left. */
function endInterrupted(world: World): void {
  for (const workspace of world.workspaces.values()) {
    if (workspace.properties.provisioningState !== 'Failed') workspace.properties.provisioningState = 'Succeeded';
    for (const table of workspace.tables.values()) table.provisioningState = 'Succeeded';
    for (const service of workspace.linkedServices.values()) service.properties.provisioningState = 'Succeeded';
  }
  for (const { runs } of world.logicApps.values())
    for (const run of runs) if (run.status === 'Running' || run.status === 'Waiting') run.status = 'Cancelled';
  for (const { properties } of world.deployments.values()) {
    if (properties['provisioningState'] === 'Accepted') properties['provisioningState'] = 'Canceled';
  }
}

/** Writes the world under `dir` whole or not at all. */
async function saveSnapshot(world: World, dir: string): Promise<void> {
  const snapshot: Snapshot = {
    version: VERSION,
    seed: world.seed,
    maps: Object.fromEntries(MAPS.map((name) => [name, [...(world[name] as Map<string, unknown>)]])),
    lists: Object.fromEntries(LISTS.map((name) => [name, world[name] as unknown[]])),
  };
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeOwnFile(join(dir, FILE), JSON.stringify(snapshot, pack));
}

function pack(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $long: String(value) };
  return value instanceof Map ? { $map: [...value] } : value;
}

function revive(_name: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('$long' in value) return BigInt(String(value.$long));
  return '$map' in value ? new Map((value as { $map: [string, unknown][] }).$map) : value;
}

/** Saves a quarter of a second after the last change; `flush` saves at once what is not saved yet. */
export class SnapshotWriter {
  private readonly world: World;
  private readonly dir: string;
  private readonly stop: () => void;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly onProblem: (message: string) => void;

  constructor(world: World, dir: string, onProblem: (message: string) => void) {
    this.world = world;
    this.dir = dir;
    this.onProblem = onProblem;
    this.stop = world.onChange(() => {
      this.timer ??= setTimeout(() => {
        this.save();
      }, 250);
    });
  }

  private save(): void {
    this.timer = undefined;
    this.running = this.running
      .then(() => saveSnapshot(this.world, this.dir))
      .catch((error: unknown) => {
        this.onProblem(
          `The state could not be saved to ${this.dir}: ${error instanceof Error ? error.message : String(error)}. What changed is kept in memory only.`,
        );
      });
  }

  async flush(): Promise<void> {
    if (this.timer) {
      clearTimeout(this.timer);
      this.save();
    }
    await this.running;
  }

  async close(): Promise<void> {
    this.stop();
    await this.flush();
  }
}

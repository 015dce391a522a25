/** The kinds of places that histories are lived through in: each with its rows, each once, and with its own ways to fail. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rollupId } from '../../../src/core/rollup/versions.ts';
import { AppendOnlySink } from '../../../src/core/rollup/appendOnly/appendOnlySink.ts';
import { LakeSink } from '../../../src/engine/lake/lakeSink.ts';
import { LakeState } from '../../../src/engine/lake/lakeState.ts';
import { readLake } from '../../../src/engine/lake/readLake.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { RollupDefinition } from '../../../src/model/rollup.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { AppendTarget } from '../../../src/ports/appendTarget.ts';
import type { RollupStatePort, SinkPort } from '../../../src/ports/rollups.ts';
import { BEGIN, PORTION, RunnerClock, SUMMARY } from './history.ts';
import type { History } from './history.ts';
import { MemorySink, MemoryState } from './memory.ts';
import { MemoryTarget, seededFaults } from './memoryTarget.ts';
import type { SinkOf, Step } from './runners.ts';
import { sha256 } from '../../harness/sha256.ts';

const MINUTE = 60_000;

/** Where a history stores, and what is there in the end. */
export interface Store {
  readonly sink: SinkPort | SinkOf;
  readonly state: RollupStatePort;
  /** The rows of the portion, each once, and the groups that the summary's view makes of its parts. */
  readonly answers: () => Promise<{ readonly rows: readonly Cell[][]; readonly hours: readonly Cell[][] }>;
  readonly close: () => Promise<void>;
}

/** A kind of store: `open` makes an empty one for a history. */
export type OpenStore = (history: History) => Promise<Store>;

const definition = (name: string, query: string): RollupDefinition => ({
  name,
  query,
  scope: EVERYTHING,
  windowMinutes: 60,
  latenessMinutes: 10,
  recheckMinutes: 1_440,
  everyMinutes: 60,
  sinks: ['lake'],
  limits: { rows: 1_000 },
  since: BEGIN,
});

/** What every history pulls: a portion and a summary. */
export const DEFINITIONS = [definition('Rows', PORTION), definition('Hours', SUMMARY)] as const;

/** What a store in memory answers; `rowsOf` gives all rows of an id, each once. */
function answersOf(rowsOf: (id: string) => readonly (readonly Cell[])[]): Store['answers'] {
  const [rows, parts] = DEFINITIONS.map(
    (each) => () => rowsOf(rollupId(each, sha256)).map((row) => row.slice(ROLLUP_COLUMNS.length)),
  );
  return () => Promise.resolve({ rows: rows!(), hours: added(parts!()) });
}

/** Parts of groups added up, as the view of the summary adds them. */
function added(parts: readonly (readonly Cell[])[]): Cell[][] {
  const sums = new Map<string, [Cell, Cell, number, number]>();
  for (const [hour, computer, rows, total] of parts) {
    const sum = sums.get(`${String(hour)} ${String(computer)}`) ?? [hour!, computer!, 0, 0];
    sum[2] += Number(rows);
    sum[3] += Number(total);
    sums.set(`${String(hour)} ${String(computer)}`, sum);
  }
  return [...sums.values()];
}

const nothing = (): Promise<void> => Promise.resolve();

/** One that replaces a window in one step, in memory. */
export const inMemory: OpenStore = () => {
  const sink = new MemorySink();
  return Promise.resolve({
    sink,
    state: new MemoryState(),
    answers: answersOf((id) => sink.rowsOf({ id })),
    close: nothing,
  });
};

let writes = 0;

/**
 * One that only appends, at least once, and shows later: it doubles what it is sent, stores what it says it did not, and
 * loses what it says it did. Each of its calls is a step of the runner.
 */
export const appendOnly: OpenStore = (history) => {
  const { random } = history;
  const rate = random.pick([0, 0.02, 0.1]);
  const faults = seededFaults(random, rate);
  const target = new MemoryTarget({
    now: () => history.now,
    faults: () => (history.now < history.end ? faults() : 'none'),
    delayMs: () => random.int(0, 4) * MINUTE,
  });
  return Promise.resolve({
    sink: (step) =>
      new AppendOnlySink(stepping(target, step), {
        clock: new RunnerClock(history, 0),
        newId: () => `write${++writes}`,
        random: () => random.next(),
      }),
    state: new MemoryState(),
    answers: answersOf((id) => target.rowsOf({ id }, undefined, history.now + 60 * MINUTE)),
    close: nothing,
  });
};

/** A lake on the disk, read by an engine. */
export const inLake =
  (engine: LocalEngine): OpenStore =>
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenantscope-lake-'));
    const sink = new LakeSink(folder);
    return {
      sink,
      state: new LakeState(folder),
      answers: async () => ({
        rows: await answerOf(engine, folder, 'Rows | project TimeGenerated, Computer, N'),
        hours: await answerOf(engine, folder, 'Hours'),
      }),
      close: async () => {
        await sink.close();
        await rm(folder, { recursive: true });
      },
    };
  };

async function answerOf(engine: LocalEngine, folder: string, query: string): Promise<Cell[][]> {
  const { tables, functions } = await readLake(engine, folder, 'lake');
  const answer = await engine.query(query, { database: { name: 'lake', tables, functions } });
  const rows = await answer.tables[0]!.rows();
  await answer.tables[0]!.dispose();
  return rows;
}

/** Each call to the service is a step of the runner. */
function stepping(target: AppendTarget, step: Step): AppendTarget {
  return {
    name: target.name,
    pieceBytes: target.pieceBytes,
    visibleWithinMs: target.visibleWithinMs,
    prepare: (table) => step('prepare', () => target.prepare(table)),
    appendRows: (...of) => step('append', () => target.appendRows(...of)),
    appendRecords: (...of) => step('append', () => target.appendRecords(...of)),
    arrived: (...of) => step('look', () => target.arrived(...of)),
    newest: (...of) => step('look', () => target.newest(...of)),
    rollups: (...of) => step('look', () => target.rollups(...of)),
    windowsOf: (...of) => step('look', () => target.windowsOf(...of)),
    remove: (...of) => step('erase', () => target.remove(...of)),
    rowsOnce: (table) => target.rowsOnce(table),
  };
}

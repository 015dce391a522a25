import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelSignal } from '../base/cancel.ts';
import { SILENT } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { loadPlanner } from '../core/runs/across/planner.ts';
import { QueryAudits } from '../core/runs/queryReaders.ts';
import { readQuery } from '../core/runs/readQuery.ts';
import { RunHistory } from '../core/runs/runHistory.ts';
import { RunJournal } from '../core/runs/runJournal.ts';
import { schemaRun } from '../core/runs/schemaRun.ts';
import type { SchemaQuestion } from '../core/runs/schemaRun.ts';
import { RunService } from '../core/runs/runService.ts';
import { replaceFile } from '../engine/replaceFile.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import { DuckRowStore } from '../engine/store/duckRowStore.ts';
import type { KeepLimits } from '../model/keepLimits.ts';
import type { Run } from '../model/run.ts';
import type { RowStore } from '../ports/rows.ts';
import type { TextFile } from '../ports/textFile.ts';
import { lakeRows } from './storedRows.ts';
import { runNotes } from './runNotes.ts';
import type { Services } from './services.ts';

/** Has the parser build what every query needs: its tables of symbols, and the grammar of a pipe. */
const FIRST_QUERY = 'T | where TimeGenerated > ago(1d) | summarize count() by bin(TimeGenerated, 1h) | take 10';

/** Where the rows of runs lie. */
export interface RunStorage {
  /** A folder of ours, made by the caller; what is in it is the store's. */
  readonly directory: string;
  readonly memoryLimitMb: number;
  /**
   * Whether runs and their rows outlive the program; then a history is kept beside the rows. Of several programs on one
   * folder the first keeps, and no other touches what it has.
   */
  readonly persist: boolean;
  /** How much of ended runs is kept; asked whenever one has ended. */
  readonly limits?: () => KeepLimits;
  /** The lake that `// @source lake` asks; nowhere unless given. */
  readonly lake?: () => string;
  /** Hears what is not as it was left. */
  readonly log?: Log;
}

/** The runs of one storage folder. */
export interface OpenedRuns {
  readonly runs: RunService;
  /** Resolves when the runs of earlier sessions are known. Never rejects. */
  ready(): Promise<void>;
  /**
   * Loads what the first run needs, before somebody waits for it: the parser and the database. Nobody is asked
   * anything. Rejects with `engine.*` where the database cannot be opened; the run will say so, too.
   */
  prepare(): Promise<void>;
  /** What tables and columns the workspaces of a scope have, as a run. Rejects as `schemaRun` does. */
  schema(question: SchemaQuestion, signal: CancelSignal): Promise<Run>;
  /** Ends what runs and closes the store. */
  close(): Promise<void>;
}

/** Runs over the estate of `services`, with their rows in DuckDB. */
export function openRuns(
  services: Pick<Services, 'logs' | 'catalog' | 'estate' | 'scheduler' | 'schemas' | 'assessment'> &
    Partial<Pick<Services, 'graph'>>,
  { directory, memoryLimitMb, persist, limits, lake, log = SILENT }: RunStorage,
): OpenedRuns {
  const rows = new DuckRowStore({ directory, persist, memoryLimitMb });
  const store: RowStore = rows;
  const history = persist ? new RunHistory(historyFile(join(directory, 'history.jsonl'), rows)) : undefined;
  const running = runNotes(join(directory, 'running'), async () => (await rows.keeping()).keeps);
  const runs = new RunService({
    logs: services.logs,
    ...(services.graph ? { graph: services.graph } : {}),
    catalog: services.catalog,
    store,
    clock: SYSTEM_CLOCK,
    random: Math.random,
    newId: randomUUID,
    estate: () => services.estate.load(),
    readQuery,
    audits: new QueryAudits(services.assessment, SYSTEM_CLOCK),
    across: { schemas: services.schemas, planner: loadPlanner },
    scheduler: services.scheduler,
    ...(history ? { history, journal: new RunJournal(running, SYSTEM_CLOCK) } : {}),
    ...(limits ? { limits } : {}),
    ...(lake ? { stored: lakeRows(lake) } : {}),
  });
  const restored = history ? restore(runs, rows, history, log) : Promise.resolve();
  return {
    runs,
    ready: () => restored,
    schema: async (question, signal) => {
      const { logs, catalog, schemas, scheduler: quota } = services;
      const estate = await services.estate.load({ signal });
      const world = { estate, schemas, catalog, logs, quota, clock: SYSTEM_CLOCK };
      return runs.present([], signal, (made) => schemaRun(made, question, world));
    },
    prepare: async () => {
      // The parser holds the thread, and the database opens in another meanwhile.
      await Promise.all([rows.prepare(), readQuery(FIRST_QUERY)]);
    },
    close: async () => {
      await runs.close();
      await restored;
      await rows.close();
    },
  };
}

/** A history that cannot be read costs the history, not the session: the runs of this session work all the same. */
async function restore(runs: RunService, rows: DuckRowStore, history: RunHistory, log: Log): Promise<void> {
  try {
    const { keeps, setAside } = await rows.keeping();
    if (!keeps) {
      log.warn('Another window keeps the runs of this folder: those of this window go when it closes.');
      return;
    }
    if (setAside !== undefined)
      log.warn(`The rows of earlier runs could not be read (damaged, or of a newer version). They are in ${setAside}.`);
    await runs.restore();
    if (history.unread > 0)
      log.warn('Some earlier runs could not be read (damaged, or of a newer version).', { runs: history.unread });
    await rows.keepOnly(runs.list().map((run) => run.id));
  } catch {
    /* Nothing of earlier sessions is shown. */
  }
}

/** The history belongs to who keeps the rows: for another window there is none, and it writes none. */
function historyFile(path: string, rows: DuckRowStore): TextFile {
  return {
    read: async () => {
      if (!(await rows.keeping()).keeps) return undefined;
      return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
    },
    write: async (text) => {
      if (!(await rows.keeping()).keeps) return;
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await replaceFile(`${path}.new`, path);
    },
  };
}

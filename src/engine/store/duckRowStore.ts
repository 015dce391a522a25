import type { RowStore } from '../../ports/rows.ts';
import type { LocalEngine } from '../face.ts';
import { FORGET_COMPARISONS } from './compareRows.ts';
import { FORGET_RESULTS } from '../runtime/results.ts';
import { DuckRowStoreRun } from './duckRowStoreRun.ts';
import { mostColumns } from './ensureColumns.ts';
import { restoreTable } from './restoreTable.ts';
import { loadRunTable, RunTable } from './runTable.ts';
import { TEXT_MACROS } from './shownText.ts';
import { openStore } from './storeFile.ts';
import type { OpenedStore, RowStoreOptions } from './storeFile.ts';
import { StoreSessions } from './storeSessions.ts';
import type { OpenSessions } from './storeSessions.ts';
import { MAKE_TABLES } from './storeTables.ts';

/** `kept`: runs of earlier sessions whose rows are here; `tables`: those of the runs somebody has. */
interface Opened {
  store: OpenedStore;
  readonly tables: Set<RunTable>;
  readonly sessions: StoreSessions;
  readonly kept: Set<string>;
  nextTable: number;
  engine?: Promise<LocalEngine>;
}

/** The rows of runs in DuckDB: one table per run. Opened by its first use. */
export class DuckRowStore implements RowStore {
  private opened: Promise<Opened> | undefined;
  private readonly runs = new Map<string, Promise<DuckRowStoreRun>>();
  private readonly options: RowStoreOptions;

  constructor(options: RowStoreOptions) {
    this.options = options;
  }

  /** The run's rows: those of an earlier session where they were kept, else none yet. */
  open(run: string, { passing = false }: { readonly passing?: boolean } = {}): Promise<DuckRowStoreRun> {
    let opened = this.runs.get(run);
    if (!opened) {
      this.runs.set(run, (opened = this.openRun(run, passing)));
      opened.catch(() => {
        this.runs.delete(run);
      });
    }
    return opened;
  }

  /** Opens the database where it is not open yet: the first run does it otherwise. Rejects with `engine.*`. */
  async prepare(): Promise<void> {
    await this.ready();
  }

  /**
   * The local engine on the database that the rows are in: KQL over runs (`DuckRowStoreRun.asTable`), side by side with
   * tables of its own. One for the store, started by its first use and closed with it.
   */
  async engine(): Promise<LocalEngine> {
    const opened = await this.ready();
    // The translator and the parser are loaded by those who ask for it alone.
    opened.engine ??= import('../runtime/localEngine.ts').then(({ startEngine }) => startEngine(opened.store.database));
    return opened.engine;
  }

  /** Whether rows outlive the program (another process may have the kept file), and the file that could not be read. */
  async keeping(): Promise<{ readonly keeps: boolean; readonly setAside?: string }> {
    const { keeps, setAside } = (await this.ready()).store;
    return { keeps, ...(setAside === undefined ? {} : { setAside }) };
  }

  /** Deletes the kept rows of every run but these. */
  async keepOnly(runs: readonly string[]): Promise<void> {
    const wanted = new Set(runs);
    for (const run of [...(await this.ready()).kept]) if (!wanted.has(run)) await (await this.open(run)).discard();
  }

  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => undefined);
    this.opened = undefined;
    this.runs.clear();
    if (!opened) return;
    await opened.sessions.writes.add(async () => undefined);
    await (await opened.engine?.catch(() => undefined))?.close();
    await opened.store.close();
  }

  /** A new run costs nothing until its first rows come. */
  private async openRun(run: string, passing: boolean): Promise<DuckRowStoreRun> {
    const ready = await this.ready();
    const { sessions, tables } = ready;
    const kept = ready.kept.has(run) ? await sessions.writing(() => loadRunTable(sessions.read, run)) : undefined;
    const table = kept ?? new RunTable(run, ready.nextTable++, passing);
    tables.add(table);
    return new DuckRowStoreRun(sessions, table, {
      forget: () => {
        this.runs.delete(run);
        ready.kept.delete(run);
        tables.delete(table);
      },
      engine: () => this.engine(),
      database: () => ready.store.database,
    });
  }

  private ready(): Promise<Opened> {
    this.opened ??= this.start().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private async start(): Promise<Opened> {
    const store = await openStore(this.options);
    const first = await connect(store);
    const [[table, target] = []] = await first.write.all(
      'SELECT (SELECT max(id) FROM runs), (SELECT max(id) FROM targets)',
    );
    const tables = new Set<RunTable>();
    const opened: Opened = {
      store,
      tables,
      sessions: new StoreSessions(first, Number(target ?? 0), mostColumns(this.options.memoryLimitMb), async () => {
        await opened.store.abandon();
        delete opened.engine;
        opened.store = await opened.store.again();
        const sessions = await connect(opened.store);
        for (const each of tables) await restoreTable(sessions.write, each);
        return sessions;
      }),
      nextTable: Number(table ?? 0) + 1,
      kept: new Set((await first.write.all('SELECT run FROM runs')).map(([run]) => String(run))),
    };
    return opened;
  }
}

async function connect({ database }: OpenedStore): Promise<OpenSessions> {
  const [write, read] = await Promise.all([database.connect(), database.connect()]);
  for (const statement of [...MAKE_TABLES, FORGET_RESULTS, FORGET_COMPARISONS, ...TEXT_MACROS])
    await write.run(statement);
  return { write, read };
}

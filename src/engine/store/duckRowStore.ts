import { DuckRowStoreRun } from './duckRowStoreRun.ts';
import { loadRunTable, RunTable } from './runTable.ts';
import { TEXT_MACROS } from './selection.ts';
import { openStore } from './storeFile.ts';
import type { OpenedStore, RowStoreOptions } from './storeFile.ts';
import type { StoreSessions } from './storeSessions.ts';
import { WorkQueue } from './workQueue.ts';

/** The rows of runs in DuckDB: one table per run. Opened by its first use. Fits core's `RowStore`. */
export class DuckRowStore {
  private opened: Promise<{ readonly store: OpenedStore; readonly sessions: StoreSessions; nextTable: number }> | undefined;
  private readonly runs = new Map<string, Promise<DuckRowStoreRun>>();
  private readonly options: RowStoreOptions;

  constructor(options: RowStoreOptions) { this.options = options; }

  /** The run's rows: those of an earlier session where they were kept, else none yet. */
  open(run: string): Promise<DuckRowStoreRun> {
    let opened = this.runs.get(run);
    if (!opened) {
      this.runs.set(run, opened = this.openRun(run));
      opened.catch(() => { this.runs.delete(run); });
    }
    return opened;
  }

  /** Deletes the kept rows of every run but these. */
  async keepOnly(runs: readonly string[]): Promise<void> {
    const { sessions } = await this.ready();
    const kept = new Set(runs);
    for (const [run] of await sessions.read.all('SELECT run FROM runs')) if (!kept.has(String(run))) await (await this.open(String(run))).discard();
  }

  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => undefined);
    this.opened = undefined;
    this.runs.clear();
    if (!opened) return;
    await opened.sessions.writes.add(async () => undefined);
    for (const session of [opened.sessions.read, opened.sessions.stream, opened.sessions.write]) session.close();
    await opened.store.close();
  }

  private async openRun(run: string): Promise<DuckRowStoreRun> {
    const ready = await this.ready();
    const { write, writes } = ready.sessions;
    const table = await writes.add(async () => {
      const known = await loadRunTable(write, run);
      if (known) return known;
      const id = ready.nextTable++;
      await write.run('INSERT INTO runs VALUES (?, ?)', [run, id]);
      await write.run(`CREATE TABLE rows_${id} (seq BIGINT, t INTEGER)`);
      return new RunTable(run, id);
    });
    return new DuckRowStoreRun(ready.sessions, table, () => { this.runs.delete(run); });
  }

  private ready(): NonNullable<typeof this.opened> {
    this.opened ??= this.start().catch((error: unknown) => { this.opened = undefined; throw error; });
    return this.opened;
  }

  private async start(): Promise<{ store: OpenedStore; sessions: StoreSessions; nextTable: number }> {
    const store = await openStore(this.options);
    const [write, read, stream] = await Promise.all([store.duck.connect(), store.duck.connect(), store.duck.connect()]);
    for (const statement of [
      'CREATE TABLE IF NOT EXISTS runs (run VARCHAR, id INTEGER)',
      'CREATE TABLE IF NOT EXISTS stored_columns (run INTEGER, physical VARCHAR, name VARCHAR, type VARCHAR)',
      'CREATE TABLE IF NOT EXISTS targets (id INTEGER, run INTEGER, key VARCHAR, customer VARCHAR, tenant VARCHAR, workspace VARCHAR, row_count BIGINT, columns VARCHAR)',
      'CREATE SEQUENCE IF NOT EXISTS target_ids',
      ...TEXT_MACROS,
    ]) await write.run(statement);
    const [[last] = []] = await write.all('SELECT max(id) FROM runs');
    return { store, sessions: { write, read, stream, writes: new WorkQueue() }, nextTable: Number(last ?? 0) + 1 };
  }
}

import { chmod, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { Database } from '../database/database.ts';
import type { DatabaseOptions } from '../database/database.ts';
import { toDiskError } from '../database/errors.ts';
import { removePath, replaceFile } from '../replaceFile.ts';
import { isOfThisVersion } from './storeTables.ts';
import { isAlive } from '../isAlive.ts';

/** Where the rows of runs are kept, for how long, and how much of the machine that may use. */
export interface RowStoreOptions {
  /** A folder of ours; without it everything is in memory and nothing spills. */
  readonly directory?: string;
  /** Keep the rows after the program ends. Otherwise the file goes with the program, also after a crash. */
  readonly persist?: boolean;
  readonly memoryLimitMb: number;
  readonly threads?: number;
}

/** A store's database. */
export interface OpenedStore {
  readonly database: Database;
  readonly path?: string;
  /** Whether what is in it outlives the program: the kept file, and no other process has it. */
  readonly keeps: boolean;
  /** Where a kept file went that could not be read. */
  readonly setAside?: string;
  /** Closes it, and deletes what was not to be kept. */
  close(): Promise<void>;
  /** Closes a database that has failed for good. Never rejects. */
  abandon(): Promise<void>;
  /**
   * The same place opened anew after `abandon`: the file with all that was committed; without one, or where it
   * cannot be read, empty.
   */
  again(): Promise<OpenedStore>;
}

/**
 * Answers may have thousands of columns, each of which holds a block in memory while rows come: with DuckDB's own size
 * 1,000 columns took 250 MB, then a checkpoint failed without memory, and the database with it. Yet a small block holds
 * few rows of a column, which compress badly and each have their notes in memory: of 16 KB, the file of a large answer
 * is twice as large, and DuckDB keeps in memory what it wrote.
 */
export const BLOCK_BYTES = 65_536;
/** Row groups that are filled before they are compressed and written; DuckDB's own 5 are 125 MB of a usual answer. */
const ROW_GROUPS_HELD = 1;
const KEPT = 'runs.duckdb';
const SET_ASIDE = 'runs-unread.duckdb';
const PASSING = /^session-(\d+)(-\w+)?\.(duckdb(\.wal)?|tmp)$/;

/**
 * Opens the store's file, or one of this process alone where nothing is to be kept or another window has the kept one.
 */
export async function openStore(options: RowStoreOptions): Promise<OpenedStore> {
  const { directory, memoryLimitMb, threads = 2 } = options;
  const engine = { memoryLimitMb, threads, blockBytes: BLOCK_BYTES, rowGroupsHeld: ROW_GROUPS_HELD };
  if (directory === undefined) return storeIn({ ...engine, tempDirectory: '' }, async () => undefined);
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw toDiskError(error, 'the storage folder could not be made');
  });
  await keepPrivate(directory, 0o700);
  await removeLeftBehind(directory);
  const session = `session-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const tempDirectory = join(directory, `${session}.tmp`);
  const passing = join(directory, `${session}.duckdb`);
  const remove = (...paths: string[]): Promise<unknown> =>
    Promise.all(paths.map((path) => removePath(path).catch(() => undefined)));
  if (options.persist) {
    const path = join(directory, KEPT);
    const kept = await openKept(path, { ...engine, tempDirectory });
    if (kept) return storeIn({ ...engine, path, tempDirectory }, () => remove(tempDirectory), kept);
  }
  return storeIn({ ...engine, path: passing, tempDirectory }, () => remove(passing, `${passing}.wal`, tempDirectory));
}

/** A kept file that is open, and where the one went that could not be. */
interface Kept {
  readonly database: Database;
  readonly setAside?: string;
}

/** `clear` deletes what is not to be kept once it is closed. */
async function storeIn(options: DatabaseOptions, clear: () => Promise<unknown>, kept?: Kept): Promise<OpenedStore> {
  const { path } = options;
  const database = kept?.database ?? (await Database.open(options));
  if (path !== undefined) await keepPrivate(path, 0o600);
  return {
    database,
    keeps: kept !== undefined,
    ...(kept?.setAside === undefined ? {} : { setAside: kept.setAside }),
    ...(path === undefined ? {} : { path }),
    close: async () => {
      await database.close();
      await clear();
    },
    abandon: () => database.close().catch(() => undefined),
    again: async () =>
      storeIn(options, clear, path === undefined ? undefined : { database: await openAnew(path, options) }),
  };
}

async function openAnew(path: string, options: DatabaseOptions): Promise<Database> {
  try {
    return await Database.open(options);
  } catch (error) {
    if (error instanceof AppError && (error.code === 'engine.locked' || error.code === 'engine.disk')) throw error;
    await removePath(path);
    await removePath(`${path}.wal`);
    return Database.open(options);
  }
}

/**
 * Undefined where another process has the file. A file this engine cannot read (damaged, or of a newer version) is set
 * aside, in place of the one before it, and another begun.
 */
async function openKept(path: string, engine: DatabaseOptions): Promise<Kept | undefined> {
  const open = async (): Promise<Database> => {
    const database = await Database.open({ ...engine, path });
    try {
      if (await isOfThisVersion(database)) return database;
      throw new AppError('engine.failed', 'The file of rows is of another version.');
    } catch (error) {
      await database.close().catch(() => undefined);
      throw error;
    }
  };
  const unreadable = (error: unknown): undefined => {
    if (error instanceof AppError && error.code !== 'engine.failed') throw error;
  };
  const setAside = join(dirname(path), SET_ASIDE);
  try {
    let database = await open().catch(unreadable);
    if (database) return { database };
    await Promise.all([setAside, `${setAside}.wal`].map(removePath));
    // It may be the log alone that cannot be read: what was not yet written into the file.
    await moveAside(`${path}.wal`, `${setAside}.wal`);
    database = await open().catch(unreadable);
    if (database) return { database };
    await moveAside(path, setAside);
    return { database: await open(), setAside };
  } catch (error) {
    if (error instanceof AppError && error.code === 'engine.locked') return undefined;
    throw error;
  }
}

async function moveAside(path: string, to: string): Promise<void> {
  await replaceFile(path, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await keepPrivate(to, 0o600);
}

/**
 * Rows of customers are their owner's alone, also in a folder that an earlier version made. Where the system has no
 * such modes, or the folder is another's, they stay as they are.
 */
async function keepPrivate(path: string, mode: number): Promise<void> {
  await chmod(path, mode).catch(() => undefined);
}

/** Files of processes that are gone. */
async function removeLeftBehind(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(PASSING.exec(name)?.[1]);
    if (Number.isInteger(pid) && pid !== process.pid && !isAlive(pid))
      // What somebody looks into just now goes the next time.
      await removePath(join(directory, name)).catch(() => undefined);
  }
}

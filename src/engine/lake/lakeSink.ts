import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { KeyChecksum } from '../../model/keyChecksum.ts';
import { ROLLUP_COLUMNS } from '../../model/rollup.ts';
import type { EraseReceipt, RollupTable, SchemaDiff, StoredWindow, WindowKey } from '../../model/rollup.ts';
import type { RollupBatch, SinkPort } from '../../ports/rollups.ts';
import type { Database } from '../database/database.ts';
import { removePath, replaceFile } from '../replaceFile.ts';
import { openWriter, writeParquetWith } from '../store/parquet.ts';
import { quoteText } from '../translate/relation.ts';
import { namesIn, onDisk, orNothing, replaceText, syncFile, syncFolder, textOf } from './files.ts';
import { customerFolder, dayFolder, EXACT, LAKE, namesOf, tableFolder, windowFile } from './lakePaths.ts';
import { windowsOfCustomer } from './windowFiles.ts';
import { schemaDiff } from './schemaDiff.ts';
import { lakeViews } from './lakeViews.ts';

/** How much of the machine the writing of windows may use. */
export interface LakeOptions {
  readonly memoryLimitMb?: number;
}

/**
 * A lake: a folder of Parquet files, one for each window of each workspace, named by its key. A window that is stored
 * again takes the place of its file in one step, so that readers see the one or the other, and rows are there once.
 */
export class LakeSink implements SinkPort {
  readonly name = 'lake';
  private readonly lake: string;
  private readonly memoryLimitMb: number;
  private opened: Promise<Database> | undefined;

  constructor(lake: string, { memoryLimitMb = 256 }: LakeOptions = {}) {
    this.lake = lake;
    this.memoryLimitMb = memoryLimitMb;
  }

  prepare(table: RollupTable): Promise<SchemaDiff> {
    return onDisk('the lake could not be made', async () => {
      const folder = tableFolder(this.lake, table.id);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await this.sweep();
      const text = await textOf(join(folder, LAKE.table));
      const diff = schemaDiff(text === undefined ? undefined : (JSON.parse(text) as RollupTable), table);
      if (!diff.isNew && diff.added.length === 0) return diff;
      const unique = randomUUID();
      await replaceText(join(folder, LAKE.table), `${JSON.stringify(table, undefined, 2)}\n`, unique);
      await replaceText(join(this.lake, LAKE.mark), '{ "format": 1 }\n', unique);
      await replaceText(join(this.lake, LAKE.views), lakeViews(await this.tables()), unique);
      return diff;
    });
  }

  write({ table, key, customer, pages, mayCommit }: RollupBatch, signal: CancelSignal): Promise<StoredWindow> {
    return onDisk('the window could not be stored', async () => {
      const folder = join(tableFolder(this.lake, table.id), customerFolder(customer), dayFolder(key));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, windowFile(key));
      const unfinished = join(this.lake, LAKE.partial, customerFolder(customer));
      await mkdir(unfinished, { recursive: true, mode: 0o700 });
      const partial = join(unfinished, `${randomUUID()}.parquet`);
      try {
        const columns = [...ROLLUP_COLUMNS, ...table.columns];
        const written = new KeyChecksum();
        const at = ROLLUP_COLUMNS.length - 1;
        async function* counted(): RollupBatch['pages'] {
          for await (const page of pages) {
            for (const row of page) written.add(String(row[at]));
            yield page;
          }
        }
        await writeParquetWith(await this.database(), partial, columns, counted(), {
          signal,
          exact: EXACT,
        });
        const { size } = await stat(partial);
        await syncFile(partial);
        await mayCommit();
        // A workspace that has another customer now: its rows lie there, and nowhere else.
        await this.removeElsewhere(table, key, customer);
        if (written.rows === 0) await rm(path, { force: true });
        else await replaceFile(partial, path);
        await syncFolder(folder);
        return { rows: written.rows, bytes: written.rows === 0 ? 0 : size, checksum: written.text };
      } finally {
        await rm(partial, { force: true });
      }
    });
  }

  verify(table: RollupTable, key: WindowKey): Promise<StoredWindow | undefined> {
    return onDisk('the window could not be read back', async () => {
      const [path, twice] = await this.find(table, key);
      if (path === undefined) return undefined;
      if (twice !== undefined)
        throw new AppError('service.notStored', 'A window lies in the lake for two customers.', { retryable: true });
      const { size } = await stat(path);
      const { rows } = await (
        await this.database()
      ).run(
        `SELECT count(*), coalesce(sum(('0x' || substr(_RowKey, 1, 16))::UBIGINT) % 18446744073709551616, 0)::VARCHAR FROM read_parquet(${pattern(path)})`,
      );
      const [count, sum] = rows[0]!;
      return { rows: Number(count), bytes: size, checksum: BigInt(String(sum)).toString(16).padStart(16, '0') };
    });
  }

  erase(customer: CustomerKey): Promise<Omit<EraseReceipt, 'customer' | 'at'>> {
    return onDisk('the customer could not be erased', async () => {
      const tables: { rollup: string; windows: number; rows: number }[] = [];
      await removePath(join(this.lake, LAKE.partial, customerFolder(customer)));
      for (const id of await namesIn(join(this.lake, LAKE.rollups))) {
        const folder = join(tableFolder(this.lake, id), customerFolder(customer));
        const files = await windowsOfCustomer(folder);
        if ((await orNothing(stat(folder))) === undefined) continue;
        const rows = files.length === 0 ? 0 : await this.countRows(files);
        await removePath(folder);
        await syncFolder(tableFolder(this.lake, id));
        tables.push({ rollup: id, windows: files.length, rows });
      }
      return { sink: this.name, tables, remains: ['Copies and backups of the folder are not reached from here.'] };
    });
  }

  rowsOnce(table: RollupTable): string {
    return namesOf(table).answer;
  }

  /** The versions of roll-ups that are in the lake. */
  async tables(): Promise<readonly RollupTable[]> {
    const tables: RollupTable[] = [];
    for (const id of await namesIn(join(this.lake, LAKE.rollups))) {
      const text = await textOf(join(tableFolder(this.lake, id), LAKE.table));
      if (text !== undefined) tables.push(JSON.parse(text) as RollupTable);
    }
    return tables;
  }

  /** Ends what writes, and lets go of the database. */
  async close(): Promise<void> {
    await (await this.opened?.catch(() => undefined))?.close();
    this.opened = undefined;
  }

  /** Removes what runners that were killed had begun to write: after a day nobody writes on. */
  private async sweep(): Promise<void> {
    const before = Date.now() - 24 * 60 * 60_000;
    const all = join(this.lake, LAKE.partial);
    for (const customer of await namesIn(all))
      for (const name of await namesIn(join(all, customer))) {
        const path = join(all, customer, name);
        if (((await orNothing(stat(path)))?.mtimeMs ?? before) < before) await rm(path, { force: true });
      }
  }

  private database(): Promise<Database> {
    this.opened ??= openWriter(this.memoryLimitMb);
    return this.opened;
  }

  private async countRows(files: readonly string[]): Promise<number> {
    const { rows } = await (
      await this.database()
    ).run(`SELECT count(*) FROM read_parquet([${files.map(pattern).join(', ')}], union_by_name = true)`);
    return Number(rows[0]![0]);
  }

  /** Where a window lies: at one customer's, or nowhere. */
  private async find(table: RollupTable, key: WindowKey): Promise<string[]> {
    const folder = tableFolder(this.lake, table.id);
    const found: string[] = [];
    for (const customer of (await namesIn(folder)).filter((name) => name.startsWith('customer='))) {
      const path = join(folder, customer, dayFolder(key), windowFile(key));
      if (await orNothing(stat(path))) found.push(path);
    }
    return found;
  }

  private async removeElsewhere(table: RollupTable, key: WindowKey, customer: CustomerKey): Promise<void> {
    const own = join(tableFolder(this.lake, table.id), customerFolder(customer), dayFolder(key), windowFile(key));
    for (const path of await this.find(table, key)) if (path !== own) await rm(path, { force: true });
  }
}

/** A path as DuckDB takes that one file: what it has for a pattern is itself in a class of its own. */
function pattern(path: string): string {
  return quoteText(path.replaceAll(/[*?[]/g, '[$&]'));
}

import type { EngineTable, LocalEngine } from '../../engine/face.ts';
import { quoteId } from '../../engine/translate/relation.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { MadeRows } from './source.ts';

/** Rows of one volume before the next is begun, and of all together before the one unused longest goes. */
const VOLUME_ROWS = 500_000;
const MOST_ROWS = 6_000_000;
/** Rows appended in one go: other requests get their turn in between. */
const PART = 8_192;
/** Says which workspace a row is of. */
const OWNER = '#workspace';

interface Volume {
  readonly table: EngineTable;
  rows: number;
  users: number;
  owners: number;
  lastUse: number;
  gone: boolean;
}

/** The rows of one workspace's table: a part of a volume. */
export interface Portion {
  readonly volume: Volume;
  readonly owner: number;
  readonly table: EngineTable;
}

/**
 * Keeps the made rows of many workspaces in few tables of the engine: a table of its own costs it most of a megabyte,
 * and there are estates of thousands of workspaces. Tables of the same name and columns share a volume.
 */
export class RowVolumes {
  private readonly engine: () => Promise<LocalEngine>;
  private readonly current = new Map<string, Promise<Volume>>();
  private readonly volumes = new Set<Volume>();
  private made = 0;
  private uses = 0;

  constructor(engine: () => Promise<LocalEngine>) {
    this.engine = engine;
  }

  /** Makes room for a workspace's rows; fill it with `append`. */
  async portion(rows: MadeRows): Promise<Portion> {
    const shape = `${rows.table} ${rows.columns.map(({ name, type }) => `${name}:${type}`).join(' ')}`;
    let volume = await (this.current.get(shape) ?? this.begin(shape, rows));
    if (volume.rows >= VOLUME_ROWS || volume.gone) volume = await this.begin(shape, rows);
    const owner = ++volume.owners;
    return {
      volume,
      owner,
      table: {
        name: rows.table,
        columns: rows.columns,
        source: `(SELECT * FROM ${volume.table.source} WHERE ${quoteId(OWNER)} = ${owner})`,
      },
    };
  }

  private begin(shape: string, rows: MadeRows): Promise<Volume> {
    const begun = (async (): Promise<Volume> => {
      const table = await (
        await this.engine()
      ).createTable('rows', `${rows.table} ${++this.made}`, [...rows.columns, { name: OWNER, type: 'int' }]);
      const volume = { table, rows: 0, users: 0, owners: 0, lastUse: ++this.uses, gone: false };
      this.volumes.add(volume);
      return volume;
    })();
    this.current.set(shape, begun);
    begun.catch(() => {
      this.current.delete(shape);
    });
    return begun;
  }

  async append({ volume, owner }: Portion, rows: Iterable<readonly Cell[]>): Promise<void> {
    const engine = await this.engine();
    let part: (readonly Cell[])[] = [];
    const flush = async (): Promise<void> => {
      volume.rows += part.length;
      const full = part;
      part = [];
      await engine.append(volume.table, full);
    };
    for (const row of rows) {
      part.push([...row, owner]);
      if (part.length === PART) {
        await flush();
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    }
    if (part.length) await flush();
  }

  async empty({ volume, owner }: Portion): Promise<void> {
    await (await this.engine()).sql(`DELETE FROM ${volume.table.source} WHERE ${quoteId(OWNER)} = ${owner}`);
  }

  /** Holds a portion's volume while it is read or filled. */
  hold({ volume }: Portion): () => void {
    volume.users++;
    volume.lastUse = ++this.uses;
    let released = false;
    return () => {
      if (!released) {
        released = true;
        volume.users--;
      }
    };
  }

  isGone({ volume }: Portion): boolean {
    return volume.gone;
  }

  /** Drops the volumes nobody has used for longest while there are too many rows. */
  async trim(): Promise<void> {
    let total = [...this.volumes].reduce((sum, volume) => sum + volume.rows, 0);
    for (const volume of [...this.volumes].sort((a, b) => a.lastUse - b.lastUse)) {
      if (total <= MOST_ROWS) return;
      if (volume.users > 0) continue;
      volume.gone = true;
      this.volumes.delete(volume);
      total -= volume.rows;
      await (await this.engine()).dropTable(volume.table);
    }
  }
}

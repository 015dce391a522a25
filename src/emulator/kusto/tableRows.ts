import type { EngineDatabase, EngineTable, LocalEngine } from '../../engine/face.ts';
import type { Cell } from '../../model/kqlType.ts';
import { freshGuid } from '../ids.ts';
import type { Extent, KustoDatabase, KustoFunction, KustoTable } from '../stores.ts';

/** The column by which a row of the engine is found again in its extent; no query sees it. */
const ROW = '$row';

interface Loaded {
  readonly table: EngineTable;
  /** Columns at the time it was made: with others it is made anew. */
  readonly width: number;
  readonly extents: Set<Extent>;
  readonly places: { readonly extent: Extent; readonly row: readonly Cell[] }[];
}

/** The rows of tables in the engine: extents are appended as they come; a table that lost rows is loaded anew. */
export class TableRows {
  private readonly engine: () => Promise<LocalEngine>;
  private readonly loaded = new WeakMap<KustoTable, Loaded>();
  private loading: Promise<unknown> = Promise.resolve();
  private count = 0;

  constructor(engine: () => Promise<LocalEngine>) {
    this.engine = engine;
  }

  /** The database as a query sees it: the tables and functions that its text, and their bodies, may mean. */
  async database(database: KustoDatabase, text: string): Promise<EngineDatabase> {
    const functions = new Set<KustoFunction>();
    let all = text;
    for (let before = -1; before !== functions.size;) {
      before = functions.size;
      for (const one of database.functions.values())
        if (!functions.has(one) && mentions(all, one.name)) {
          functions.add(one);
          all += `\n${one.body}`;
        }
    }
    const meant = [...database.tables.values()].filter(({ name }) => mentions(all, name) || all.includes('*'));
    const tables = [];
    for (const table of meant) tables.push((await this.load(table)).table);
    return { name: database.name, tables, functions: [...functions] };
  }

  /** Takes the rows that a query of one table gives out of it; how many there were. `whatIf` leaves them. */
  async remove(table: KustoTable, predicate: string, whatIf = false): Promise<number> {
    const { table: engineTable, places } = await this.load(table);
    const withRow = { ...engineTable, columns: [...engineTable.columns, { name: ROW, type: 'long' as const }] };
    const answer = await (
      await this.engine()
    ).query(`${predicate} | project ['${ROW}']`, { database: { name: 'one', tables: [withRow] } });
    const rows = await answer.tables[0]!.rows();
    for (const result of answer.tables) await result.dispose();
    if (whatIf || rows.length === 0) return rows.length;
    const gone = new Set(rows.map(([at]) => places[Number(at)]!.row));
    for (const extent of table.extents) extent.rows = extent.rows.filter((row) => !gone.has(row));
    table.extents = table.extents.filter(({ rows: { length } }) => length > 0);
    this.forget(table);
    return rows.length;
  }

  /** Loads a table anew when it is asked next: it lost rows. */
  forget(table: KustoTable): void {
    this.loaded.delete(table);
  }

  /** One table at a time: two queries that load the same one would append its rows twice. */
  private load(table: KustoTable): Promise<Loaded> {
    const next = this.loading.then(() => this.loadNow(table));
    this.loading = next.catch(() => undefined);
    return next;
  }

  private async loadNow(table: KustoTable): Promise<Loaded> {
    const engine = await this.engine();
    let loaded = this.loaded.get(table);
    const there = new Set(table.extents);
    const isWhole = [...(loaded?.extents ?? [])].every((extent) => there.has(extent));
    if (loaded?.width !== table.columns.length || !isWhole) {
      const made = await engine.createTable('kusto', `t${++this.count}`, [
        ...table.columns,
        { name: ROW, type: 'long' },
      ]);
      loaded = {
        table: { ...made, name: table.name, columns: [...table.columns] },
        width: table.columns.length,
        extents: new Set(),
        places: [],
      };
      this.loaded.set(table, loaded);
    }
    const rows: Cell[][] = [];
    for (const extent of table.extents) {
      if (loaded.extents.has(extent)) continue;
      loaded.extents.add(extent);
      for (const row of extent.rows) {
        rows.push([...table.columns.map((_, i) => row[i] ?? null), loaded.places.length]);
        loaded.places.push({ extent, row });
      }
    }
    if (rows.length > 0)
      await engine.append({ ...loaded.table, columns: [...table.columns, { name: ROW, type: 'long' }] }, rows);
    return loaded;
  }
}

/** Rows that came at once, as a new extent of a table; nothing for none. */
export function addExtent(table: KustoTable, rows: Cell[][], tags: readonly string[], createdOn: string): void {
  if (rows.length > 0) table.extents.push({ id: freshGuid(), tags, createdOn, rows });
}

/** Whether a name stands in a text as a word: what is not meant would only be parsed. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + name.length] ?? ' ')) return true;
  return false;
}

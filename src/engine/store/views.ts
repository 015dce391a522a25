import type { RowFilter, RowSort } from '../../model/rows.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { ROW_ORDER } from './runTable.ts';
import type { RunTable } from './runTable.ts';
import { orderOf, whereOf } from './selection.ts';
import type { ShownColumn } from './storedColumns.ts';
import type { StoreSessions } from './storeSessions.ts';

/** The rows a page looks at, and in which order; in the order of the targets where it asks for none. */
export interface Selection {
  readonly sort?: readonly RowSort[];
  readonly filters?: readonly RowFilter[];
  readonly search?: string;
  /** Rows of these targets alone. */
  readonly targets?: readonly string[];
}

/** How many sorted or filtered orders of one run are kept; a page goes back and forth between few. */
const KEPT_VIEWS = 3;

/** A selection's rows in their order: the table `name` has the running number `seq` of each, its place is `rowid`. */
export interface View {
  readonly key: string;
  readonly name: string;
  readonly total: number;
  readonly selection: Selection;
  /** Tells which rows pass, whatever their order. */
  readonly passing: string;
}

/**
 * Windows of a selection. A sorted or filtered order is worked out once and kept as a list of row numbers, so that
 * every further window costs the same wherever it is; in the order of the targets their running numbers find the rows
 * without any list.
 */
export class SelectionViews {
  private kept: View[] = [];
  private made = 0;
  private version = -1;
  private building: Promise<unknown> = Promise.resolve();
  private readonly sessions: StoreSessions;
  private readonly table: RunTable;

  constructor(sessions: StoreSessions, table: RunTable) {
    this.sessions = sessions;
    this.table = table;
  }

  async read(
    columns: readonly ShownColumn[],
    first: number,
    count: number,
    selection: Selection,
  ): Promise<{ total: number; rows: PhysicalValue[][] }> {
    if (isPlain(selection))
      return { total: this.table.rowCount(), rows: await this.readPlain(columns, this.table.stretches(first, count)) };
    return this.within(selection, (view) => this.readView(columns, first, count, view));
  }

  /** How many rows pass. */
  async total(selection: Selection): Promise<number> {
    return isPlain(selection) ? this.table.rowCount() : this.within(selection, (view) => Promise.resolve(view.total));
  }

  /** Works on a selection's list of rows, which nothing drops meanwhile. */
  within<T>(selection: Selection, work: (view: View) => Promise<T>): Promise<T> {
    const turn = this.building.then(async () => work(await this.view(selection)));
    this.building = turn.catch(() => undefined);
    return turn;
  }

  /** Works over the rows that pass, whatever their order, as a WHERE clause (with the word, or empty) over `r`. */
  passing<T>(filters: readonly RowFilter[], search: string, work: (where: string) => Promise<T>): Promise<T> {
    if (isPlain({ filters, search })) return work('');
    // What is searched for once is not searched for again: the grid beside a panel has the same rows, maybe sorted.
    const known = this.kept.find(({ passing }) => passing === passingKey({ filters, search }));
    return this.within(known?.selection ?? { filters, search }, ({ name }) =>
      work(`WHERE r.seq IN (SELECT seq FROM ${name})`),
    );
  }

  async drop(): Promise<void> {
    const names = this.kept.map((view) => view.name);
    this.kept = [];
    for (const name of names) await this.sessions.read.run(`DROP TABLE IF EXISTS ${name}`);
  }

  /** The bounds around all stretches let the engine pass over everything else by its own statistics. */
  private async readPlain(
    columns: readonly ShownColumn[],
    stretches: readonly { readonly from: number; readonly to: number }[],
  ): Promise<PhysicalValue[][]> {
    if (stretches.length === 0) return [];
    const within = (from: number, to: number): string => `r.seq >= ${from} AND r.seq < ${to}`;
    const bounds = within(Math.min(...stretches.map(({ from }) => from)), Math.max(...stretches.map(({ to }) => to)));
    const each =
      stretches.length === 1 ? '' : ` AND (${stretches.map(({ from, to }) => `(${within(from, to)})`).join(' OR ')})`;
    return this.sessions.read.all(
      `SELECT ${listOf(columns)} FROM ${this.table.relation} WHERE ${bounds}${each} ORDER BY ${ROW_ORDER}`,
    );
  }

  private async readView(
    columns: readonly ShownColumn[],
    first: number,
    count: number,
    view: View,
  ): Promise<{ total: number; rows: PhysicalValue[][] }> {
    const part = `(SELECT seq, rowid place FROM ${view.name} WHERE rowid >= ${first} AND rowid < ${first + count}) v`;
    const rows = await this.sessions.read.all(
      `SELECT ${listOf(columns)} FROM ${part} JOIN ${this.table.relation.replace(' r ', ' r ON r.seq = v.seq ')} ORDER BY v.place`,
    );
    return { total: view.total, rows };
  }

  private async view(selection: Selection): Promise<View> {
    if (this.version !== this.table.version) {
      await this.drop();
      this.version = this.table.version;
    }
    const passing = passingKey(selection);
    const key = JSON.stringify([selection.sort ?? [], passing]);
    const known = this.kept.find((view) => view.key === key);
    if (known) return known;
    const columns = this.table.columns();
    const where = whereOf(columns, selection.filters ?? [], selection.search);
    const of = selection.targets && this.table.some(selection.targets).map(({ id }) => id);
    // A list that is never empty, for nobody's rows are found by none.
    const whose = of ? `${where.text === '' ? 'WHERE' : 'AND'} r.t IN (${[-1, ...of].join(', ')})` : '';
    const name = `temp.view_${this.table.id}_${this.made++}`;
    await this.sessions.read.run(
      `CREATE TEMP TABLE ${name.slice(5)} AS SELECT r.seq FROM ${this.table.relation} ${where.text} ${whose} ${orderOf(columns, selection.sort ?? [])}`,
      where.parameters,
    );
    const [[total] = []] = await this.sessions.read.all(`SELECT count(*) FROM ${name}`);
    const view = { key, name, total: Number(total), selection, passing };
    this.kept.push(view);
    for (const old of this.kept.splice(0, Math.max(0, this.kept.length - KEPT_VIEWS)))
      await this.sessions.read.run(`DROP TABLE IF EXISTS ${old.name}`);
    return view;
  }
}

function passingKey({ filters, search, targets }: Selection): string {
  return JSON.stringify([filters ?? [], search ?? '', targets ?? null]);
}

/** Whether it is all rows, in the order of the targets. */
function isPlain({ sort, filters, search, targets }: Selection): boolean {
  return !sort?.length && !filters?.length && !search && !targets;
}

function listOf(columns: readonly ShownColumn[]): string {
  return columns.map((column) => column.physical).join(', ') || '1';
}

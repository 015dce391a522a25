import type { CancelSignal } from '../../base/cancel.ts';
import type { Cell, Column, DataTable, KqlType } from '../../model/kqlType.ts';
import type { DuckValue } from '../runtime/duckdbSession.ts';
import { appendTarget } from './appendTarget.ts';
import { toCell, toViewCell } from './cells.ts';
import { readChart } from './chart.ts';
import type { Chart, ChartQuestion } from './chart.ts';
import { writeRows } from './export.ts';
import type { StoreSessions } from './storeSessions.ts';
import type { RunTable } from './runTable.ts';
import { findColumn, orderOf, whereOf } from './selection.ts';
import type { Filter, Sort } from './selection.ts';
import { readStatistics } from './statistics.ts';
import type { Statistics } from './statistics.ts';
import type { ShownColumn } from './storedColumns.ts';
import { SelectionViews } from './views.ts';

export interface WindowQuestion { readonly first: number; readonly count: number; readonly columns?: readonly string[]; readonly sort?: readonly Sort[]; readonly filters?: readonly Filter[]; readonly search?: string }
export interface RowsWindow { readonly first: number; readonly total: number; readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number | boolean | null)[])[] }

/** A page asks for what it shows; more in one message would only freeze it. */
const MAX_WINDOW = 10_000;

/** The rows of one run. Fits core's `RowStoreRun`. */
export class DuckRowStoreRun {
  private readonly sessions: StoreSessions;
  private readonly table_: RunTable;
  private readonly forget: () => void;
  private readonly views: SelectionViews;

  constructor(sessions: StoreSessions, table: RunTable, forget: () => void) {
    this.sessions = sessions;
    this.table_ = table;
    this.forget = forget;
    this.views = new SelectionViews(sessions.read, table);
  }

  /** `stored` hears, as a large answer is taken in, how many of its rows can be read already. A large `rows` array is emptied on the way. */
  append(
    target: string, attribution: { readonly customer: string; readonly tenant: string; readonly workspace: string },
    columns: readonly Column[], rows: readonly (readonly Cell[])[], stored: (rows: number) => void = () => undefined,
  ): Promise<void> {
    const { customer, tenant, workspace } = attribution;
    return this.sessions.writes.add(() => appendTarget(this.sessions, this.table_, { key: target, customer, tenant, workspace }, columns, rows as (readonly Cell[])[], stored));
  }

  columns(): { readonly name: string; readonly type: KqlType; readonly presentIn: number; readonly attribution?: true }[] {
    return this.table_.columns().map(({ name, type, presentIn, attribution }) => ({ name, type, presentIn, ...(attribution ? { attribution } : {}) }));
  }

  rowCount(): number { return this.table_.rowCount(); }

  async window(question: WindowQuestion): Promise<RowsWindow> {
    const all = this.table_.columns();
    const columns = question.columns ? question.columns.map((name) => findColumn(all, name)) : all;
    const first = Math.max(0, Math.trunc(question.first) || 0);
    const count = Math.min(Math.max(0, Math.trunc(question.count) || 0), MAX_WINDOW);
    const { total, rows } = await this.views.read(columns, first, count, question);
    return { first, total, columns: columns.map((column) => column.name), rows: rows.map((row) => row.map((value, i) => toViewCell(columns[i]!.type, value))) };
  }

  statistics(column: string, filters: readonly Filter[] = []): Promise<Statistics> {
    return readStatistics(this.sessions.read, this.table_, findColumn(this.table_.columns(), column), filters);
  }

  async table(limit: number, filters: readonly Filter[] = [], sort: readonly Sort[] = []): Promise<{ table: DataTable; truncated: boolean }> {
    const columns = this.table_.columns();
    const { text, parameters } = this.select(columns, filters, sort);
    const rows = await this.sessions.read.all(`${text} LIMIT ${Math.trunc(limit) + 1}`, parameters);
    return {
      truncated: rows.length > limit,
      table: { columns: columns.map(({ name, type }) => ({ name, type })), rows: rows.slice(0, limit).map((row) => row.map((value, i) => toCell(columns[i]!.type, value))) },
    };
  }

  chart(question: ChartQuestion): Promise<Chart> { return readChart(this.sessions.read, this.table_, question); }

  /** Writes to a file beside `path` that takes its place when it is whole; returns rows written. */
  export(path: string, format: 'csv' | 'json', options: { filters?: readonly Filter[]; sort?: readonly Sort[]; signal?: CancelSignal; byteOrderMark?: boolean } = {}): Promise<number> {
    const columns = this.table_.columns();
    const { text, parameters } = this.select(columns, options.filters ?? [], options.sort ?? []);
    return writeRows(path, format, columns, this.sessions.stream.stream(text, parameters), options);
  }

  discard(): Promise<void> {
    const { write, writes } = this.sessions;
    return writes.add(async () => {
      this.forget();
      await this.views.drop();
      for (const table of ['stored_columns', 'targets']) await write.run(`DELETE FROM ${table} WHERE run = ?`, [this.table_.id]);
      await write.run('DELETE FROM runs WHERE id = ?', [this.table_.id]);
      await write.run(`DROP TABLE IF EXISTS ${this.table_.name}`);
      this.table_.targets.clear();
      this.table_.version++;
    });
  }

  private select(columns: readonly ShownColumn[], filters: readonly Filter[], sort: readonly Sort[]): { text: string; parameters: readonly DuckValue[] } {
    const where = whereOf(columns, filters, undefined);
    return { text: `SELECT ${columns.map((column) => column.physical).join(', ')} FROM ${this.table_.relation} ${where.text} ${orderOf(columns, sort)}`, parameters: where.parameters };
  }
}

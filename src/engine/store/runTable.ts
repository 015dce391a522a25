import type { Column, KqlType } from '../../model/kqlType.ts';
import type { DuckSession } from '../runtime/duckdbSession.ts';
import { STORED_AS } from '../runtime/chunkAppender.ts';
import { columnKey, shownColumns } from './storedColumns.ts';
import type { ShownColumn, StoredColumn } from './storedColumns.ts';

/** One target's rows in the table. `columns` are keys of stored columns. */
export interface StoredTarget { readonly id: number; readonly key: string; readonly customer: string; readonly tenant: string; readonly workspace: string; readonly columns: readonly string[]; rows: number }

/** What is known of a run's table without asking the engine. */
export class RunTable {
  readonly run: string;
  readonly id: number;
  readonly stored = new Map<string, StoredColumn>();
  /** By target key; a retried target is put anew. */
  readonly targets = new Map<string, StoredTarget>();
  nextSequence = 0;
  /** Changes whenever rows or columns do. */
  version = 0;
  /** True once rows were deleted: the running numbers then have gaps. */
  gaps = false;
  private shown: { readonly version: number; readonly columns: readonly ShownColumn[] } | undefined;

  constructor(run: string, id: number) {
    this.run = run;
    this.id = id;
  }

  get name(): string { return `rows_${this.id}`; }
  /** Rows with whose they are: `r` the rows, `a` the attribution. */
  get relation(): string { return `${this.name} r JOIN targets a ON a.id = r.t`; }

  columns(): readonly ShownColumn[] {
    if (this.shown?.version !== this.version) this.shown = { version: this.version, columns: shownColumns(this.stored, [...this.targets.values()]) };
    return this.shown.columns;
  }

  rowCount(): number {
    let sum = 0;
    for (const target of this.targets.values()) sum += target.rows;
    return sum;
  }

  target(id: number): StoredTarget | undefined {
    for (const target of this.targets.values()) if (target.id === id) return target;
    return undefined;
  }
}

/** Makes sure that the table has a physical column for each of these, and returns their keys. */
export async function ensureColumns(write: DuckSession, table: RunTable, columns: readonly Column[]): Promise<string[]> {
  const keys: string[] = [];
  for (const { name, type } of columns) {
    const key = columnKey(name, type);
    if (!table.stored.has(key)) {
      const physical = `c${table.stored.size}`;
      await write.run(`ALTER TABLE ${table.name} ADD COLUMN ${physical} ${STORED_AS[type]}`);
      await write.run('INSERT INTO stored_columns VALUES (?, ?, ?, ?)', [table.id, physical, name, type]);
      table.stored.set(key, { name, type, physical });
    }
    keys.push(key);
  }
  return keys;
}

/** A run that an earlier session kept. */
export async function loadRunTable(session: DuckSession, run: string): Promise<RunTable | undefined> {
  const [[id] = []] = await session.all('SELECT id FROM runs WHERE run = ?', [run]);
  if (typeof id !== 'number') return undefined;
  const table = new RunTable(run, id);
  for (const [physical, name, type] of await session.all('SELECT physical, name, type FROM stored_columns WHERE run = ? ORDER BY try_cast(physical[2:] AS INTEGER)', [id])) {
    table.stored.set(columnKey(String(name), type as KqlType), { physical: String(physical), name: String(name), type: type as KqlType });
  }
  for (const [target, key, customer, tenant, workspace, rows, columns] of await session.all('SELECT id, key, customer, tenant, workspace, row_count, columns FROM targets WHERE run = ? ORDER BY id', [id])) {
    table.targets.set(String(key), {
      id: Number(target), key: String(key), customer: String(customer), tenant: String(tenant), workspace: String(workspace), rows: Number(rows), columns: JSON.parse(String(columns)) as string[],
    });
  }
  const [[next] = []] = await session.all(`SELECT max(seq) + 1 FROM ${table.name}`);
  table.nextSequence = Number(next ?? 0);
  table.gaps = table.nextSequence !== table.rowCount();
  return table;
}

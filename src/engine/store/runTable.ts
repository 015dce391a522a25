import type { KqlType } from '../../model/kqlType.ts';
import { COMBINED } from '../../ports/rows.ts';
import type { Session } from '../database/session.ts';
import { missingValue } from '../database/types.ts';
import { columnKey, shownColumns } from './storedColumns.ts';
import type { ShownColumn, StoredColumn } from './storedColumns.ts';

/** One target's rows in the table: `rows` running numbers from `first` on. `columns` are keys of stored columns. */
export interface StoredTarget {
  readonly id: number;
  readonly key: string;
  readonly customer: string;
  readonly tenant: string;
  readonly workspace: string;
  readonly columns: readonly string[];
  readonly first: number;
  rows: number;
  /** Where more rows of it may come: the running number before which they end. Nobody else has those numbers. */
  room?: number;
  /** Rows go by the place of their target: that of its arrival (its id) until somebody arranges the targets. */
  place: number;
}

/** What an order ends with, so that rows without another one go target by target, each as its workspace gave it. */
export const ROW_ORDER = 'a.place, r.seq';
/** The same as one number. A run has far fewer rows than 10^12. */
export const ROW_PLACE = '(a.place::BIGINT * 1000000000000 + r.seq)';

/**
 * The catalog of what is not to be kept: it lies in memory, and in the temporary files that go with the program, so
 * that no file of ours ever has a byte of it.
 */
export const PASSING = 'passing';

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
  /** False until its first rows come: then nothing can be asked of the engine. */
  created = false;
  /** Its rows went with a database that failed: nothing of it can be told any more. */
  lost = false;
  private shown: { readonly version: number; readonly columns: readonly ShownColumn[] } | undefined;

  /** Whether it lies in memory alone. */
  readonly passing: boolean;

  constructor(run: string, id: number, passing = false) {
    this.run = run;
    this.id = id;
    this.passing = passing;
  }

  /** Its name within its catalog. */
  get bareName(): string {
    return `rows_${this.id}`;
  }
  get name(): string {
    return this.in(this.bareName);
  }
  /** A table of the store that is about this one, e.g. `targets`. */
  in(table: string): string {
    return this.passing ? `${PASSING}.${table}` : table;
  }
  /** Rows with whose they are: `r` the rows, `a` the attribution. */
  get relation(): string {
    return `${this.name} r JOIN ${this.in('targets')} a ON a.id = r.t`;
  }

  /** As the run shows them, or as it would with these targets alone: then none that only others answered with. */
  columns(keys?: readonly string[]): readonly ShownColumn[] {
    if (keys) return shownColumns(this.stored, this.some(keys));
    if (this.shown?.version !== this.version)
      this.shown = {
        version: this.version,
        columns: shownColumns(this.stored, [...this.targets.values()], this.targets.has(COMBINED)),
      };
    return this.shown.columns;
  }

  rowCount(keys?: readonly string[]): number {
    let sum = 0;
    for (const target of keys ? this.some(keys) : this.targets.values()) sum += target.rows;
    return sum;
  }

  /** Those of these targets that have answered. */
  some(keys: readonly string[]): readonly StoredTarget[] {
    return [...new Set(keys)].flatMap((key) => this.targets.get(key) ?? []);
  }

  target(id: number): StoredTarget | undefined {
    for (const target of this.targets.values()) if (target.id === id) return target;
    return undefined;
  }

  /**
   * The running numbers of `count` rows from the `first` on, in the order of the targets: few stretches, because
   * targets that follow one another make one.
   */
  stretches(first: number, count: number): { readonly from: number; to: number }[] {
    const found: { from: number; to: number }[] = [];
    let before = 0;
    for (const target of [...this.targets.values()].sort((a, b) => a.place - b.place)) {
      const from = target.first + Math.max(0, first - before),
        to = target.first + Math.min(target.rows, first + count - before);
      before += target.rows;
      if (from >= to) continue;
      const last = found.at(-1);
      if (last?.to === from) last.to = to;
      else found.push({ from, to });
    }
    return found;
  }
}

/** Puts the targets in this order; those not named go after them. */
export async function arrangeTargets(write: Session, table: RunTable, keys: readonly string[]): Promise<void> {
  const places = new Map(keys.map((key, place) => [key, place]));
  const moved = [...table.targets.values()].filter(
    (target) => places.has(target.key) && places.get(target.key) !== target.place,
  );
  if (moved.length === 0) return;
  const values = moved.map((target) => `(${target.id}, ${places.get(target.key)!})`).join(', ');
  await write.run(
    `UPDATE ${table.in('targets')} t SET place = n.place FROM (VALUES ${values}) n (id, place) WHERE t.id = n.id`,
  );
  for (const target of moved) target.place = places.get(target.key)!;
  table.version++;
}

/** A run that an earlier session kept. */
export async function loadRunTable(session: Session, run: string): Promise<RunTable | undefined> {
  const [[id] = []] = await session.all('SELECT id FROM runs WHERE run = ?', [run]);
  if (typeof id !== 'number') return undefined;
  const table = new RunTable(run, id);
  table.created = true;
  for (const [physical, name, type] of await session.all(
    'SELECT physical, name, type FROM stored_columns WHERE run = ? ORDER BY try_cast(physical[2:] AS INTEGER)',
    [id],
  )) {
    table.stored.set(columnKey(String(name), type as KqlType), {
      physical: String(physical),
      name: String(name),
      type: type as KqlType,
    });
  }
  for (const [target, key, customer, tenant, workspace, rows, columns, first, place] of await session.all(
    'SELECT id, key, customer, tenant, workspace, row_count, columns, first, place FROM targets WHERE run = ? ORDER BY id',
    [id],
  )) {
    table.targets.set(String(key), {
      id: Number(target),
      key: String(key),
      customer: String(customer),
      tenant: String(tenant),
      workspace: String(workspace),
      rows: Number(rows),
      columns: JSON.parse(String(columns)) as string[],
      first: Number(first),
      place: Number(place),
    });
  }
  // Runs kept by an earlier version have nulls where a text has no value; of others this finds nothing to do.
  for (const { physical, type } of table.stored.values())
    if (type === 'string')
      await session.run(`UPDATE ${table.name} SET ${physical} = ${missingValue(type)} WHERE ${physical} IS NULL`);
  const [[next] = []] = await session.all(`SELECT max(seq) + 1 FROM ${table.name}`);
  table.nextSequence = Number(next ?? 0);
  return table;
}

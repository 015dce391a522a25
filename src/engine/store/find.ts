import type { RowFindAnswer, RowFindRequest } from '../../model/rows.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import type { RunTable } from './runTable.ts';
import { findColumn } from './selection.ts';
import { holdsText, mayHold } from './shownText.ts';
import type { ShownColumn } from './storedColumns.ts';
import type { StoreSessions } from './storeSessions.ts';
import type { SelectionViews, View } from './views.ts';

/** A row with cells that hold the text: its place, their columns, and how many such cells are in the rows before it. */
interface FoundRow {
  readonly row: number;
  readonly columns: readonly number[];
  readonly before: number;
}

/**
 * Looks for a text in the cells of a selection. All cells that hold it are found once and kept as a list, the latest
 * only, so that every further step from one to the next costs the same in a million rows.
 */
export class CellFinder {
  private key = '';
  private count = 0;
  private readonly name: string;
  private readonly sessions: StoreSessions;
  private readonly table: RunTable;
  private readonly views: SelectionViews;

  constructor(sessions: StoreSessions, table: RunTable, views: SelectionViews) {
    this.sessions = sessions;
    this.table = table;
    this.views = views;
    this.name = `found_${table.id}`;
  }

  /** `input.unknownColumn` where the answer has not one of the columns. */
  async find(request: RowFindRequest): Promise<RowFindAnswer> {
    const all = this.table.columns();
    const columns = request.columns.map((name) => findColumn(all, name));
    if (request.text === '' || columns.length === 0) return { count: 0 };
    return this.views.within(request, async (view) => {
      // A view that is made again has another name.
      const key = JSON.stringify([view.name, request.text, request.columns]);
      if (key !== this.key) await this.build(view, columns, request.text);
      this.key = key;
      const found = await this.step(request);
      return { count: this.count, ...(found ? { found } : {}) };
    });
  }

  async drop(): Promise<void> {
    this.key = '';
    await this.sessions.read.run(`DROP TABLE IF EXISTS temp.${this.name}`);
  }

  private async build(view: View, columns: readonly ShownColumn[], text: string): Promise<void> {
    const { read } = this.sessions;
    this.key = '';
    const looked = columns.map((column, index) => ({ column, index })).filter(({ column }) => mayHold(column, text));
    const held = looked.map(({ column, index }) => `CASE WHEN ${holdsText(column)} THEN ${index} END`).join(', ');
    await read.run(
      `CREATE OR REPLACE TEMP TABLE ${this.name} AS
       SELECT place, held, (sum(len(held)) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) - len(held))::BIGINT AS earlier
       FROM (SELECT v.rowid place, list_filter([${held}]::INTEGER[], lambda x: x IS NOT NULL) AS held
             FROM ${view.name} v JOIN ${this.table.relation.replace(' r ', ' r ON r.seq = v.seq ')})
       WHERE len(held) > 0 ORDER BY place`,
      looked.map(() => text),
    );
    const [[count] = []] = await read.all(`SELECT coalesce(max(earlier + len(held)), 0) FROM ${this.name}`);
    this.count = Number(count);
  }

  private async step({ from, direction }: RowFindRequest): Promise<RowFindAnswer['found']> {
    const backwards = direction === 'previous';
    const passes = (row: FoundRow, column: number): boolean =>
      row.row !== from.row ||
      (backwards ? column < from.column : column > from.column || (direction === 'here' && column === from.column));
    const ahead = await this.rows(`WHERE place ${backwards ? '<=' : '>='} ?`, [BigInt(from.row)], backwards, 2);
    for (const row of ahead) {
      const column = inOrder(row.columns, backwards).find((one) => passes(row, one));
      if (column !== undefined) return toPlace(row, column);
    }
    const [first] = await this.rows('', [], backwards, 1);
    return first && toPlace(first, inOrder(first.columns, backwards)[0]!);
  }

  private async rows(
    where: string,
    parameters: readonly PhysicalValue[],
    backwards: boolean,
    limit: number,
  ): Promise<readonly FoundRow[]> {
    const rows = await this.sessions.read.all(
      `SELECT place, array_to_string(held, ','), earlier FROM ${this.name} ${where}
       ORDER BY place ${backwards ? 'DESC' : ''} LIMIT ${limit}`,
      parameters,
    );
    return rows.map(([place, columns, before]) => ({
      row: Number(place),
      columns: String(columns).split(',').map(Number),
      before: Number(before),
    }));
  }
}

function inOrder(columns: readonly number[], backwards: boolean): readonly number[] {
  return backwards ? [...columns].reverse() : columns;
}

function toPlace({ row, columns, before }: FoundRow, column: number): NonNullable<RowFindAnswer['found']> {
  return { row, column, index: before + columns.indexOf(column) };
}

import type {
  ChartData,
  ChartRequest,
  ColumnStatistics,
  RowFilter,
  RowFindAnswer,
  RowFindRequest,
  RowGroups,
  RowGroupsRequest,
  RowSort,
  RowWindow,
  RowWindowRequest,
} from '../../model/rows.ts';
import { AppError } from '../../base/errors.ts';
import type { ExportFormat } from '../../model/exportFormat.ts';
import type { Cell, Column, DataTable, KqlType } from '../../model/kqlType.ts';
import type { RenderSpec } from '../../model/render.ts';
import type { Database } from '../database/database.ts';
import type { EngineTable, LocalEngine } from '../face.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { appendTarget } from './appendTarget.ts';
import { appendTargets } from './appendTargets.ts';
import { COMBINED } from '../../ports/rows.ts';
import type {
  AppendPlace,
  Attribution,
  CollectedTable,
  CombineOptions,
  CompareOptions,
  ComparedRows,
  ExportOptions,
  ExportedFile,
  ResultTable,
  RowChanges,
  RowPages,
  RowStamps,
  RowStoreRun,
} from '../../ports/rows.ts';
import { askCollected, replaceRows } from './combine.ts';
import { findDifference, hasUnique } from './compareRows.ts';
import type { ComparedSide } from './compareRows.ts';
import { toCell, toViewCell } from './cells.ts';
import { readChart } from './chart.ts';
import { writeRows } from './export.ts';
import { CellFinder } from './find.ts';
import { readGroups } from './groups.ts';
import { keepWhole } from './keepWhole.ts';
import { MARKDOWN_ROWS } from './markdownFormat.ts';
import type { StoreSessions } from './storeSessions.ts';
import { collectedAsTable, runAsTable } from './runAsTable.ts';
import { PASSING, arrangeTargets } from './runTable.ts';
import type { RunTable } from './runTable.ts';
import { findColumn } from './selection.ts';
import { tableBytes } from './tableBytes.ts';
import { readStatistics } from './statistics.ts';
import type { ShownColumn } from './storedColumns.ts';
import { SelectionViews } from './views.ts';
import type { Selection } from './views.ts';

/** A page asks for what it shows; more in one message would only freeze it. */
const MAX_WINDOW = 10_000;
/** Rows, and cells, in memory at a time while all of them go to a file: 20,000 rows of 700 columns took 3 GB. */
const PAGE = 20_000;
const PAGE_CELLS = 500_000;
const NOTHING: { readonly total: number; readonly rows: PhysicalValue[][] } = { total: 0, rows: [] };

/** The rows of one run. */
export class DuckRowStoreRun implements RowStoreRun {
  private readonly sessions: StoreSessions;
  private readonly table_: RunTable;
  private readonly forget: () => void;
  private readonly engine: () => Promise<LocalEngine>;
  private readonly database: () => Database;
  private readonly views: SelectionViews;
  private readonly finder: CellFinder;

  /** `engine` and `database` are the store's own, for what is made of other runs of it. */
  constructor(
    sessions: StoreSessions,
    table: RunTable,
    ends: {
      readonly forget: () => void;
      readonly engine: () => Promise<LocalEngine>;
      readonly database: () => Database;
    },
  ) {
    this.sessions = sessions;
    this.table_ = table;
    this.forget = ends.forget;
    this.engine = ends.engine;
    this.database = ends.database;
    this.views = new SelectionViews(sessions, table);
    this.finder = new CellFinder(sessions, table, this.views);
  }

  /**
   * `stored` hears, as a large answer is taken in, how many of its rows can be read already. A large `rows` array is
   * emptied on the way.
   */
  append(
    target: string,
    attribution: Attribution,
    columns: readonly Column[],
    rows: readonly (readonly Cell[])[] | RowPages,
    stored: (rows: number) => void = () => undefined,
    place?: AppendPlace,
  ): Promise<void> {
    const { customer, tenant, workspace } = attribution;
    return this.writing(() =>
      appendTarget(
        this.sessions,
        this.table_,
        { key: target, customer, tenant, workspace },
        columns,
        rows as (readonly Cell[])[] | RowPages,
        stored,
        place,
      ),
    );
  }

  appendAll(
    columns: readonly Column[],
    answers: readonly {
      readonly target: string;
      readonly attribution: Attribution;
      readonly rows: readonly (readonly Cell[])[];
    }[],
  ): Promise<void> {
    const named = answers.map(({ target: key, attribution, rows }) => ({ key, ...attribution, rows }));
    return this.writing(() => appendTargets(this.sessions, this.table_, columns, named));
  }

  /** The tables are runs of the same store. The database makes the rows; none goes through JavaScript. */
  async combine(
    text: string,
    tables: readonly (CollectedTable | ResultTable)[],
    options: CombineOptions,
  ): Promise<{ render?: RenderSpec }> {
    const collected = tables.map((table) => {
      const { name, rows } = table;
      const own = ofThisStore(rows);
      return 'targets' in table ? collectedAsTable(own.table_, name, table.columns, table.targets) : own.asTable(name);
    });
    const { result, render } = await askCollected(await this.engine(), text, collected, {
      ...options,
      ...(this.table_.passing ? { resultsIn: PASSING } : {}),
    });
    try {
      await this.writing(() => replaceRows(this.sessions, this.table_, result));
    } finally {
      await result.dispose().catch(() => undefined);
    }
    return render ? { render } : {};
  }

  hold(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Promise<void> {
    return this.append(COMBINED, { customer: '', tenant: '', workspace: '' }, columns, rows);
  }

  /** The runs are of the same store, and the database makes the rows. */
  async compare(before: ComparedRows, after: ComparedRows, options: CompareOptions): Promise<RowChanges> {
    const side = ({ rows, targets }: ComparedRows): ComparedSide => ({ table: ofThisStore(rows).table_, targets });
    const difference = await findDifference(this.database(), side(before), side(after), {
      ...options,
      passing: this.table_.passing,
    });
    try {
      await this.writing(() => replaceRows(this.sessions, this.table_, difference));
    } finally {
      await difference.dispose().catch(() => undefined);
    }
    return difference.changes;
  }

  async hasUnique(columns: readonly string[], targets?: readonly string[]): Promise<boolean> {
    return hasUnique(this.database(), { table: this.table_, targets }, columns);
  }

  /** From now on rows without another order go by the order of these targets, each target's rows as they came. */
  arrange(targets: readonly string[]): Promise<void> {
    return this.writing(() => arrangeTargets(this.sessions.write, this.table_, targets));
  }

  columns(): {
    readonly name: string;
    readonly type: KqlType;
    readonly presentIn: number;
    readonly attribution?: true;
  }[] {
    return this.table_.columns().map(({ name, type, presentIn, attribution }) => ({
      name,
      type,
      presentIn,
      ...(attribution ? { attribution } : {}),
    }));
  }

  /**
   * All of the run's rows as a table of this name for KQL, by the engine of the same store (`DuckRowStore.engine`),
   * without a copy. Types are the columns' own, a string that a row has not is "".
   */
  asTable(name: string): EngineTable {
    return runAsTable(this.table_, name);
  }

  rowCount(targets?: readonly string[]): number {
    return this.table_.rowCount(targets);
  }

  stamps(): RowStamps {
    return Object.fromEntries([...this.table_.targets.values()].map(({ key, id }) => [key, id]));
  }

  keepWhole(stamps: RowStamps): Promise<readonly string[]> {
    return this.writing(() => keepWhole(this.sessions.write, this.table_, stamps));
  }

  /** Whole blocks of the file. What only the log of the database has does not count yet: 16 MB at most. */
  async bytes(): Promise<number> {
    return this.table_.created ? this.reading(() => tableBytes(this.sessions.read, this.table_.name)) : 0;
  }

  async window(question: RowWindowRequest): Promise<RowWindow> {
    const all = this.table_.columns();
    const columns = question.columns ? question.columns.map((name) => findColumn(all, name)) : all;
    const first = Math.max(0, Math.trunc(question.first) || 0);
    const count = Math.min(Math.max(0, Math.trunc(question.count) || 0), MAX_WINDOW);
    const { total, rows } = this.table_.created
      ? await this.reading(() => this.views.read(columns, first, count, question))
      : NOTHING;
    return {
      first,
      total,
      columns: columns.map((column) => column.name),
      rows: rows.map((row) => row.map((value, i) => toViewCell(columns[i]!.type, value))),
    };
  }

  async statistics(column: string, filters: readonly RowFilter[] = [], search?: string): Promise<ColumnStatistics> {
    if (!this.table_.created) return { column, rows: 0, empty: 0, distinct: 0, top: [] };
    const of = findColumn(this.table_.columns(), column);
    return this.reading(() =>
      this.views.passing(filters, search ?? '', (where) => readStatistics(this.sessions.read, this.table_, of, where)),
    );
  }

  async groups(request: RowGroupsRequest): Promise<RowGroups> {
    const { column, filters = [], search = '' } = request;
    if (!this.table_.created) return { column, total: 0, rows: 0, groups: [] };
    const of = findColumn(this.table_.columns(), column);
    return this.reading(() =>
      this.views.passing(filters, search, (where) => readGroups(this.sessions.read, this.table_, of, where, request)),
    );
  }

  async find(request: RowFindRequest): Promise<RowFindAnswer> {
    return this.table_.created ? this.reading(() => this.finder.find(request)) : { count: 0 };
  }

  async table(
    limit: number,
    filters: readonly RowFilter[] = [],
    sort: readonly RowSort[] = [],
  ): Promise<{ table: DataTable; truncated: boolean }> {
    const columns = this.table_.columns();
    const rows: Cell[][] = [];
    for await (const page of this.pages(columns, { filters, sort }, limit + 1))
      for (const row of page) rows.push(row.map((value, i) => toCell(columns[i]!.type, value)));
    return {
      truncated: rows.length > limit,
      table: { columns: columns.map(({ name, type }) => ({ name, type })), rows: rows.slice(0, limit) },
    };
  }

  async chart(question: ChartRequest): Promise<ChartData> {
    if (!this.table_.created)
      return {
        kind: question.kind,
        xType: 'category',
        xName: '',
        series: [],
        thinned: false,
        problem: 'There is nothing to draw yet.',
      };
    return this.reading(() => readChart(this.sessions.read, this.table_, question));
  }

  /**
   * Writes to a file beside `path` that takes its place when it is whole. Nothing is stored meanwhile, so that it is
   * one state of the run.
   */
  export(path: string, format: ExportFormat, options: ExportOptions = {}): Promise<ExportedFile> {
    return this.sessions.writes.add(async () => {
      this.refuseLost();
      const columns = this.table_.columns(options.targets);
      const total = this.table_.created ? await this.views.total(options) : 0;
      const rows = this.pages(columns, options, format === 'md' ? MARKDOWN_ROWS : Infinity);
      const { signal, about, written } = options;
      return writeRows(path, format, columns, rows, {
        total,
        written: (count) => written?.(count, total),
        ...(signal ? { signal } : {}),
        ...(about ? { about } : {}),
      });
    });
  }

  /**
   * The rows of a selection, some at a time: in order without ever sorting whole rows, which would not fit in little
   * memory.
   */
  private async *pages(
    columns: readonly ShownColumn[],
    selection: Selection,
    limit = Infinity,
  ): AsyncGenerator<PhysicalValue[][]> {
    const size = Math.min(PAGE, Math.ceil(PAGE_CELLS / Math.max(1, columns.length)));
    for (let first = 0, end = limit; first < end; first += size) {
      this.refuseLost();
      const page = this.table_.created
        ? await this.views.read(columns, first, Math.min(size, end - first), selection)
        : NOTHING;
      end = Math.min(limit, page.total);
      yield page.rows;
    }
  }

  discard(): Promise<void> {
    return this.sessions.writing(async () => {
      const { write } = this.sessions;
      this.forget();
      if (!this.table_.created) return;
      await this.views.drop();
      await this.finder.drop();
      for (const table of ['stored_columns', 'targets'])
        await write.run(`DELETE FROM ${this.table_.in(table)} WHERE run = ?`, [this.table_.id]);
      await write.run(`DELETE FROM ${this.table_.in('runs')} WHERE id = ?`, [this.table_.id]);
      await write.run(`DROP TABLE IF EXISTS ${this.table_.name}`);
      this.table_.created = false;
      this.table_.stored.clear();
      this.table_.targets.clear();
      this.table_.version++;
    });
  }

  private writing<T>(work: () => Promise<T>): Promise<T> {
    return this.sessions.writing(() => {
      this.refuseLost();
      return work();
    });
  }
  private reading<T>(work: () => Promise<T>): Promise<T> {
    return this.sessions.reading(() => {
      this.refuseLost();
      return work();
    });
  }
  refuseLost(): void {
    if (this.table_.lost)
      throw new AppError(
        'engine.rowsLost',
        'The rows of this run went with the database that failed and had to be opened anew. Run it again.',
      );
  }
}

function ofThisStore(rows: RowStoreRun): DuckRowStoreRun {
  if (!(rows instanceof DuckRowStoreRun))
    throw new AppError('bug.otherStore', 'Rows of another store cannot be combined here.');
  rows.refuseLost();
  return rows;
}

import type { ResultsHost, RunView } from '../../protocol/results.ts';
import { toClipboard } from '../grid/copyFormats.ts';
import type { CopyFormat } from '../grid/copyFormats.ts';
import type { Grid } from '../grid/grid.ts';
import type { GridEvents } from '../grid/gridData.ts';
import type { Rectangle } from '../grid/selection.ts';
import type { Ask } from '../shell/ask.ts';
import type { PageHost } from '../shell/channel.ts';
import { openMenu } from '../shell/menu.tsx';
import { nextSort, shownColumns } from './arrangement.ts';
import type { Arrangement } from './arrangement.ts';
import type { OpenedCell } from './cellDetail.tsx';
import { cellMenu, columnMenu } from './rowMenus.ts';
import type { RowActions } from './rowMenus.ts';
import { RowsSource } from './rowsSource.ts';
import type { MergedColumn } from '../../model/run.ts';

/** Cells copied at once at most: past this an export is the right tool, and says so. */
const COPIED_CELLS = 500_000;

/** What the Results tab shows, and how it speaks to the page around it. */
export interface RowsTabProps {
  readonly host: PageHost<ResultsHost>;
  readonly run: RunView;
  readonly arrangement: Arrangement;
  readonly arrange: (change: Partial<Arrangement>) => void;
  readonly ask: Ask;
  readonly say: (text: string) => void;
}

/** What the control changes of the tab around the grid. */
export interface RowsTabChanges {
  open(cell: OpenedCell | undefined): void;
  total(rows: number): void;
}

/** What lives as long as the Results tab: the rows, and what the grid and its menus can do with them. */
export class RowsControl {
  /** The grid, while it is on the page. */
  readonly grid: { current: Grid | undefined } = { current: undefined };
  readonly events: GridEvents;
  private readonly latest: { readonly current: RowsTabProps };
  private readonly changes: RowsTabChanges;
  private readonly source: RowsSource;
  private readonly actions: RowActions;
  private shown: string | undefined;

  /** `latest` holds the properties of the tab's last draw. */
  constructor(latest: { readonly current: RowsTabProps }, changes: RowsTabChanges) {
    this.latest = latest;
    this.changes = changes;
    this.source = new RowsSource(
      (question) => latest.current.host.channel.request('rows', question),
      () => {
        // After this window is drawn: the grid asks for rows while it draws.
        queueMicrotask(() => {
          this.draw();
        });
      },
    );
    this.actions = this.makeActions();
    this.events = this.makeEvents();
  }

  /** Looks at another snapshot or arrangement. */
  show(run: RunView, arrangement: Arrangement): void {
    if (run.run !== this.shown) {
      this.shown = run.run;
      this.changes.open(undefined);
      this.grid.current?.toTop();
    }
    if (this.source.show(run, arrangement)) {
      this.draw();
      // A grid without rows asks for none, and so would never hear that there are some again.
      if (this.source.total === 0 && run.rowCount > 0) void this.source.rows(0, 1).catch(() => undefined);
    }
    this.changes.total(this.source.total);
  }

  /** Puts a text on the clipboard and says so. */
  async copyText(text: string, said: string): Promise<void> {
    const { host, ask, say } = this.latest.current;
    const done = await ask(host.channel.request('copy', { text }));
    if (done !== undefined) say(said);
  }

  private draw(): void {
    const { run, arrangement } = this.latest.current;
    const { total } = this.source;
    this.grid.current?.show({
      ...shownColumns(run.columns, arrangement.hidden),
      rowCount: total,
      sorts: arrangement.sorts,
    });
    this.changes.total(total);
  }

  private makeEvents(): GridEvents {
    return {
      rows: (first, end) => this.source.rows(first, end),
      sort: (column) => {
        this.sort(column);
      },
      menu: (column, at) => {
        openMenu(at, `Column ${column.name}`, columnMenu(column, this.actions));
      },
      open: (column, value, row) => {
        this.changes.open({ column, value, row });
      },
      cellMenu: (column, value, at) => {
        openMenu(at, 'Cell', cellMenu(column, value, this.actions));
      },
      copy: (rectangle, withHeaders) => {
        void this.copy(rectangle, withHeaders ? 'textWithHeaders' : 'text');
      },
    };
  }

  private makeActions(): RowActions {
    const arrange = (change: (now: Arrangement) => Partial<Arrangement>): void => {
      this.latest.current.arrange(change(this.latest.current.arrangement));
    };
    return {
      order: (column, descending) => {
        arrange(() => ({ sorts: [{ column, descending }] }));
      },
      filter: (filter) => {
        arrange(({ filters }) => ({ filters: [...filters, filter] }));
      },
      hide: (column) => {
        arrange(({ hidden }) => ({ hidden: [...hidden, column] }));
      },
      resize: (column, factor) => {
        this.grid.current?.resize(column, factor);
      },
      statistics: (column) => {
        void this.statistics(column);
      },
      copy: (format) => {
        if (this.grid.current) void this.copy(this.grid.current.rectangle(), format);
      },
    };
  }

  private sort(column: MergedColumn): void {
    const { arrangement, arrange, say } = this.latest.current;
    const sorts = nextSort(arrangement.sorts, column.name);
    arrange({ sorts });
    say(sorts[0] ? `Sorted by ${column.name}, ${sorts[0].descending ? 'descending' : 'ascending'}.` : 'Not sorted.');
  }

  private async statistics(column: MergedColumn): Promise<void> {
    const { host, run, arrangement, ask } = this.latest.current;
    const question = { run: run.run, column: column.name, filters: [...arrangement.filters] };
    const facts = await ask(host.channel.request('statistics', question));
    if (!facts) return;
    const { rows, empty, distinct, min, max, top } = facts;
    const mostFrequent = Object.fromEntries(top.map(({ value, count }) => [value, count]));
    this.changes.open({
      column: { ...column, name: `Statistics of ${column.name}`, type: 'dynamic' },
      value: JSON.stringify({ rows, empty, distinct, min, max, mostFrequent }),
      row: 0,
    });
  }

  private async copy(rectangle: Rectangle, format: CopyFormat): Promise<void> {
    const { run, arrangement, ask, say } = this.latest.current;
    const { columns, positions } = shownColumns(run.columns, arrangement.hidden);
    const chosen = columns.slice(rectangle.left, rectangle.right + 1);
    const count = rectangle.bottom - rectangle.top + 1;
    if (count * chosen.length > COPIED_CELLS) {
      say(`That is ${(count * chosen.length).toLocaleString('en')} cells; export the rows instead.`);
      return;
    }
    const window = await ask(this.source.window(rectangle.top, count));
    if (!window) return;
    const cells = window.rows.map((row) => chosen.map((_, index) => row[positions[rectangle.left + index]!] ?? null));
    const said = `Copied ${count.toLocaleString('en')} by ${chosen.length} cells.`;
    await this.copyText(toClipboard(format, chosen, cells), said);
  }
}

import { visibleText } from '../../base/visibleText.ts';
import type { ColumnLayout } from '../../model/columnLayout.ts';
import { EMPTY_LAYOUT } from '../../model/columnLayout.ts';
import type { ResultsHost, RunView } from '../../protocol/results.ts';
import { toClipboard } from '../grid/copyFormats.ts';
import type { CopyFormat } from '../grid/copyFormats.ts';
import type { Grid } from '../grid/grid.ts';
import type { GridEvents } from '../grid/gridData.ts';
import type { ColumnChange } from '../grid/keys.ts';
import type { Rectangle } from '../grid/selection.ts';
import type { Ask } from '../shell/ask.ts';
import type { PageHost } from '../shell/channel.ts';
import { openMenu } from '../shell/menu.tsx';
import { isFiltered, nextSort } from './arrangement.ts';
import type { Arrangement } from './arrangement.ts';
import type { OpenedCell } from './cellDetail.tsx';
import { changeColumn } from './columnChange.ts';
import { chooseColumns } from './columns.ts';
import type { ArrangedColumns } from './columns.ts';
import { FindControl } from './findControl.ts';
import type { FindState } from './findControl.ts';
import { cellMenu, columnMenu, tellsOrigin } from './rowMenus.ts';
import type { RowActions } from './rowMenus.ts';
import { RowsSource } from './rowsSource.ts';
import { addFilter, valueFilter } from './valueFilters.ts';
import type { MergedColumn } from '../../model/run.ts';

/** Cells copied at once at most: past this an export is the right tool, and says so. */
const COPIED_CELLS = 500_000;
/** A text may be looked for in a million rows of many columns. */
const FIND_DEADLINE_MS = 120_000;

/** What the Results tab shows, and how it speaks to the page around it. */
export interface RowsTabProps {
  readonly host: PageHost<ResultsHost>;
  readonly run: RunView;
  readonly arrangement: Arrangement;
  readonly layout: ColumnLayout;
  readonly arrange: (change: Partial<Arrangement>) => void;
  readonly changeLayout: (layout: ColumnLayout) => void;
  /** Hears how many rows pass the filters; undefined while they are counted. */
  readonly onPassing: (rows: number | undefined) => void;
  readonly ask: Ask;
  readonly say: (text: string) => void;
}

/** What is open beside the grid. */
export type SidePanelContent =
  | { readonly kind: 'cell'; readonly cell: OpenedCell }
  | { readonly kind: 'groups' | 'statistics'; readonly column: MergedColumn };

/** What the control changes of the tab around the grid. */
export interface RowsTabChanges {
  open(panel: SidePanelContent | undefined): void;
  total(rows: number): void;
  find(state: FindState | undefined): void;
}

/** What the tab draws: its properties, and the columns as they are laid out. */
export interface DrawnRows extends RowsTabProps {
  readonly arranged: ArrangedColumns;
}

/** What lives as long as the Results tab: the rows, and what the grid and its menus can do with them. */
export class RowsControl {
  /** The grid, while it is on the page. */
  readonly grid: { current: Grid | undefined } = { current: undefined };
  readonly events: GridEvents;
  readonly find: FindControl;
  private readonly latest: { readonly current: DrawnRows };
  private readonly changes: RowsTabChanges;
  private readonly source: RowsSource;
  private readonly actions: RowActions;
  private shown: string | undefined;
  private shape = '';
  /** The filters whose number of rows was said last. */
  private counted = '';

  /** `latest` holds the properties of the tab's last draw. */
  constructor(latest: { readonly current: DrawnRows }, changes: RowsTabChanges) {
    this.latest = latest;
    this.changes = changes;
    this.source = new RowsSource(
      (question) => latest.current.host.channel.request('rows', question),
      () => {
        this.tellTotal();
        // After this window is drawn: the grid asks for rows while it draws.
        queueMicrotask(() => {
          this.draw();
        });
      },
    );
    this.find = this.makeFind();
    this.actions = this.makeActions();
    this.events = this.makeEvents();
  }

  /** Looks at what the tab was drawn with last. */
  show(): void {
    const { run, arrangement, arranged } = this.latest.current;
    if (run.run !== this.shown) {
      this.shown = run.run;
      this.counted = '';
      this.changes.open(undefined);
      this.grid.current?.toTop();
    }
    const shape = JSON.stringify([arranged.positions, arranged.frozen, run.run]);
    const rowsChanged = this.source.show(run, arrangement);
    if (rowsChanged || shape !== this.shape) {
      this.draw();
      // A grid without rows asks for none, and so would never hear that there are some again.
      if (this.source.total === 0 && run.rowCount > 0) void this.source.rows(0, 1).catch(() => undefined);
      this.find.again();
    }
    this.shape = shape;
    this.tellTotal();
  }

  /** Puts a text on the clipboard and says so. */
  async copyText(text: string, said: string): Promise<void> {
    const { host, ask, say } = this.latest.current;
    const done = await ask(host.channel.request('copy', { text }));
    if (done !== undefined) say(said);
  }

  /** Shows columns that are hidden. */
  showColumns(names: readonly string[]): void {
    const { layout, changeLayout, say } = this.latest.current;
    changeLayout(chooseColumns(layout, names, { hidden: false }));
    say(names.length === 1 ? `${visibleText(names[0]!)} is shown.` : `${names.length} columns are shown.`);
  }

  private draw(): void {
    const { arrangement, arranged } = this.latest.current;
    const { columns, positions, frozen } = arranged;
    this.grid.current?.show({
      columns,
      positions,
      frozen,
      rowCount: this.source.total,
      sorts: arrangement.sorts,
      marked: this.find.text,
    });
  }

  /** Tells how many rows pass, and says it once it is known of other filters. */
  private tellTotal(): void {
    const { run, arrangement, onPassing, say } = this.latest.current;
    const { total, known } = this.source;
    this.changes.total(total);
    onPassing(known ? total : undefined);
    if (!known) return;
    const filters = isFiltered(arrangement) ? JSON.stringify([arrangement.filters, arrangement.search]) : '';
    if (filters !== this.counted) {
      const all = run.rowCount.toLocaleString('en');
      say(filters === '' ? `All ${all} rows.` : `${total.toLocaleString('en')} of ${all} rows.`);
    }
    this.counted = filters;
  }

  private makeEvents(): GridEvents {
    return {
      rows: (first, end) => this.source.rows(first, end),
      sort: (column) => {
        this.sort(column);
      },
      menu: (column, at) => {
        openMenu(
          at,
          `Column ${visibleText(column.name)}`,
          columnMenu(column, this.latest.current.arranged, this.actions),
        );
      },
      open: (column, value, row) => {
        this.changes.open({ kind: 'cell', cell: { column, value, row } });
      },
      cellMenu: (column, value, at) => {
        const row = this.grid.current?.active.row;
        const showOrigin = (): void => {
          const { host, run, ask } = this.latest.current;
          void ask(host.channel.request('showOrigin', { run: run.run, row: row!, ...this.source.question() }));
        };
        const tells = row !== undefined && tellsOrigin(this.latest.current.run.columns);
        openMenu(at, 'Cell', cellMenu(column, value, this.actions, controlKey(), tells ? showOrigin : undefined));
      },
      filter: (column, value, op) => {
        this.actions.filter(valueFilter(column.name, value === null ? '' : String(value), op));
      },
      arrange: (column, change) => {
        this.arrangeColumn(column.name, change);
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
        arrange(({ filters }) => ({ filters: addFilter(filters, filter) }));
      },
      arrange: (column, change) => {
        this.arrangeColumn(column, change);
      },
      show: (columns) => {
        this.showColumns(columns);
      },
      resetColumns: () => {
        this.latest.current.changeLayout(EMPTY_LAYOUT);
        this.grid.current?.fit();
        this.latest.current.say('All columns as they came.');
      },
      resize: (column, factor) => {
        if (factor === 0) this.grid.current?.fit();
        else this.grid.current?.resize(column, factor);
      },
      statistics: (column) => {
        this.changes.open({ kind: 'statistics', column });
      },
      group: (column) => {
        this.changes.open({ kind: 'groups', column });
      },
      copy: (format) => {
        if (this.grid.current) void this.copy(this.grid.current.rectangle(), format);
      },
    };
  }

  private makeFind(): FindControl {
    return new FindControl({
      ask: (question) => {
        const { host, run, ask } = this.latest.current;
        const { from, direction, text } = question;
        const asked = {
          run: run.run,
          text,
          from,
          direction,
          columns: [...question.columns],
          ...this.source.question(),
        };
        return ask(host.channel.request('find', asked, { deadlineMs: FIND_DEADLINE_MS }));
      },
      columns: () => this.latest.current.arranged.columns,
      active: () => this.grid.current?.active ?? { row: 0, column: 0 },
      goTo: (place) => {
        this.grid.current?.goTo(place);
      },
      changed: (state) => {
        this.changes.find(state);
        this.draw();
      },
      say: (text) => {
        this.latest.current.say(text);
      },
    });
  }

  private arrangeColumn(name: string, change: ColumnChange): void {
    const { layout, arranged, changeLayout, say } = this.latest.current;
    const changed = changeColumn(layout, arranged, name, change);
    if (changed.layout) changeLayout(changed.layout);
    say(changed.said);
  }

  private sort(column: MergedColumn): void {
    const { arrangement, arrange, say } = this.latest.current;
    const sorts = nextSort(arrangement.sorts, column.name);
    arrange({ sorts });
    say(
      sorts[0]
        ? `Sorted by ${visibleText(column.name)}, ${sorts[0].descending ? 'descending' : 'ascending'}.`
        : 'Not sorted.',
    );
  }

  private async copy(rectangle: Rectangle, format: CopyFormat): Promise<void> {
    const { arranged, ask, say } = this.latest.current;
    const { columns, positions } = arranged;
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

/** What the key that goes with C and F is called here. */
function controlKey(): 'Ctrl' | 'Cmd' {
  return /mac/i.test(navigator.platform) ? 'Cmd' : 'Ctrl';
}

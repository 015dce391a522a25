import type { ResultsHost, RunView } from '../../protocol/results.ts';
import type { CellView, ColumnView, RowFilterView } from '../../protocol/rows.ts';
import { toClipboard } from '../grid/copyFormats.ts';
import type { CopyFormat } from '../grid/copyFormats.ts';
import { Grid } from '../grid/grid.ts';
import { RowCache } from '../grid/rowCache.ts';
import type { Rectangle } from '../grid/selection.ts';
import { button, element, fill } from '../shell/element.ts';
import type { PageHost } from '../shell/host.ts';
import { openMenu } from '../shell/menu.ts';
import { filterLabel, nextSort, shownColumns } from './arrangement.ts';
import type { Arrangement } from './arrangement.ts';
import { CellDetail } from './detail.ts';

/** Cells copied at once at most: past this an export is the right tool, and says so. */
const COPIED_CELLS = 500_000;

export interface RowsTabEvents {
  arrange(change: Partial<Arrangement>): void;
  say(text: string): void;
}

/** The grid with what is around it: search, filters, the column menus, the cell panel and copying. */
export class RowsTab {
  readonly node = element('div', { class: 'rows', role: 'tabpanel', id: 'panel-rows', 'aria-labelledby': 'tab-rows' });
  private readonly host: PageHost<ResultsHost>;
  private readonly events: RowsTabEvents;
  private readonly grid: Grid;
  private readonly detail: CellDetail;
  private readonly cache: RowCache;
  private readonly chips = element('div', { class: 'chips' });
  private readonly empty = element('p', { class: 'empty', hidden: true });
  private run: RunView | undefined;
  private arrangement: Arrangement | undefined;
  private asked = '';
  private total = 0;

  constructor(host: PageHost<ResultsHost>, events: RowsTabEvents) {
    this.host = host;
    this.events = events;
    this.cache = new RowCache(async (first, count) => {
      const window = await host.channel.request('rows', { run: this.run!.run, first, count, ...this.question() });
      this.setTotal(window.total);
      return window;
    });
    this.detail = new CellDetail({
      copy: (text) => {
        void this.copyText(text, 'Copied the value.');
      },
      open: (column, text) => {
        void host.channel.request('openCell', { run: this.run!.run, column, text });
      },
      closed: () => {
        this.grid.focus();
      },
    });
    this.grid = new Grid({
      rows: (first, end) => this.cache.rows(first, end),
      sort: (column) => {
        this.sort(column);
      },
      menu: (column, at) => {
        this.columnMenu(column, at);
      },
      open: (column, value, row) => {
        this.detail.show(column, value, row);
      },
      cellMenu: (column, value, at) => {
        this.cellMenu(column, value, at);
      },
      copy: (rectangle, withHeaders) => {
        void this.copy(rectangle, withHeaders ? 'textWithHeaders' : 'text');
      },
    });
    fill(
      this.node,
      this.chips,
      element(
        'div',
        { class: 'grid-area' },
        element('div', { class: 'grid-frame' }, this.grid.node, this.empty),
        this.detail.node,
      ),
    );
  }

  show(run: RunView, arrangement: Arrangement): void {
    // When a run ends its rows get their final order.
    const shape = JSON.stringify([
      run.run,
      run.state === 'running',
      run.columns,
      arrangement.sorts,
      arrangement.filters,
      arrangement.hidden,
      arrangement.search,
    ]);
    const grew = this.run?.run === run.run && run.rowCount !== this.run.rowCount;
    if (this.run?.run !== run.run) {
      this.detail.hide();
      this.grid.toTop();
    }
    this.run = run;
    this.arrangement = arrangement;
    // While rows arrive under a sort or filter every window may change; without one only the end does.
    const plain = arrangement.sorts.length + arrangement.filters.length === 0 && arrangement.search === '';
    if (shape !== this.asked) {
      this.cache.clear();
      this.total = plain ? run.rowCount : this.total;
    } else if (grew && plain) this.cache.forgetFrom(this.total);
    else if (grew) this.cache.clear();
    if (plain) this.total = run.rowCount;
    if (shape !== this.asked || grew) this.draw();
    this.asked = shape;
    this.showEmpty();
  }

  focus(): void {
    this.grid.focus();
  }

  private question(): { sort: { column: string; descending: boolean }[]; filters: RowFilterView[]; search?: string } {
    const { sorts, filters, search } = this.arrangement!;
    return { sort: [...sorts], filters: [...filters], ...(search ? { search } : {}) };
  }

  private draw(): void {
    const { run, arrangement } = this;
    if (!run || !arrangement) return;
    const { columns, positions } = shownColumns(run.columns, arrangement.hidden);
    this.grid.show({ columns, positions, rowCount: this.total, sorts: arrangement.sorts });
    if (this.total === 0 && run.rowCount > 0) void this.cache.rows(0, 1).catch(() => undefined);
    fill(
      this.chips,
      ...arrangement.filters.map((filter) =>
        button(
          filterLabel(filter),
          'close',
          () => {
            this.events.arrange({ filters: arrangement.filters.filter((other) => other !== filter) });
          },
          { text: true },
        ),
      ),
      arrangement.hidden.length > 0
        ? button(
            `Show ${arrangement.hidden.length} hidden columns`,
            'eye',
            () => {
              this.events.arrange({ hidden: [] });
            },
            { text: true },
          )
        : undefined,
    );
    this.chips.hidden = this.chips.childElementCount === 0;
  }

  private setTotal(total: number): void {
    if (total === this.total) return;
    this.total = total;
    const { columns, positions } = shownColumns(this.run!.columns, this.arrangement!.hidden);
    // After this window is drawn: the grid asks for rows while it draws.
    queueMicrotask(() => {
      this.grid.show({ columns, positions, rowCount: total, sorts: this.arrangement!.sorts });
      this.showEmpty();
    });
  }

  private showEmpty(): void {
    const { run } = this;
    if (!run) return;
    const nothing = run.rowCount === 0 || this.total === 0;
    this.empty.hidden = !nothing;
    this.grid.node.hidden = nothing && run.columns.length === 0;
    this.empty.textContent =
      run.error ??
      (run.rowCount > 0
        ? 'No row passes the filters.'
        : run.state === 'running'
          ? 'Waiting for the first rows …'
          : 'No rows. The Targets tab says what each workspace answered.');
  }

  private sort(column: ColumnView): void {
    const sorts = nextSort(this.arrangement!.sorts, column.name);
    this.events.arrange({ sorts });
    this.events.say(
      sorts[0] ? `Sorted by ${column.name}, ${sorts[0].descending ? 'descending' : 'ascending'}.` : 'Not sorted.',
    );
  }

  private filter(filter: RowFilterView): void {
    this.events.arrange({ filters: [...this.arrangement!.filters, filter] });
  }

  private columnMenu(column: ColumnView, at: HTMLElement): void {
    const { name } = column;
    openMenu(at, `Column ${name}`, [
      {
        label: 'Sort ascending',
        icon: 'arrow-up',
        run: () => {
          this.events.arrange({ sorts: [{ column: name, descending: false }] });
        },
      },
      {
        label: 'Sort descending',
        icon: 'arrow-down',
        run: () => {
          this.events.arrange({ sorts: [{ column: name, descending: true }] });
        },
      },
      'separator',
      {
        label: 'Only rows with a value',
        icon: 'filter',
        run: () => {
          this.filter({ column: name, op: 'notEmpty' });
        },
      },
      {
        label: 'Only rows without a value',
        icon: 'filter',
        run: () => {
          this.filter({ column: name, op: 'empty' });
        },
      },
      {
        label: 'Column statistics',
        icon: 'graph',
        run: () => {
          void this.statistics(column);
        },
      },
      'separator',
      {
        label: 'Wider',
        icon: 'chevron-right',
        run: () => {
          this.grid.resize(column, 1.4);
        },
      },
      {
        label: 'Narrower',
        icon: 'chevron-left',
        run: () => {
          this.grid.resize(column, 0.7);
        },
      },
      {
        label: 'Fit columns to content',
        icon: 'symbol-ruler',
        run: () => {
          this.grid.resize(column, 0);
        },
      },
      {
        label: 'Hide column',
        icon: 'eye-closed',
        run: () => {
          this.events.arrange({ hidden: [...this.arrangement!.hidden, name] });
        },
      },
    ]);
  }

  private cellMenu(column: ColumnView, value: CellView, at: HTMLElement): void {
    const filter = (op: RowFilterView['op']): void => {
      this.filter(
        value === null || value === ''
          ? { column: column.name, op: op === 'equals' ? 'empty' : 'notEmpty' }
          : { column: column.name, op, value: String(value) },
      );
    };
    const copy = (format: CopyFormat): void => {
      void this.copy(this.grid.rectangle(), format);
    };
    openMenu(at, 'Cell', [
      {
        label: 'Only rows with this value',
        icon: 'filter-filled',
        run: () => {
          filter('equals');
        },
      },
      {
        label: 'Without rows with this value',
        icon: 'filter',
        run: () => {
          filter('notEquals');
        },
      },
      'separator',
      {
        label: 'Copy',
        icon: 'copy',
        run: () => {
          copy('text');
        },
      },
      {
        label: 'Copy with headers',
        icon: 'copy',
        run: () => {
          copy('textWithHeaders');
        },
      },
      {
        label: 'Copy as Markdown',
        icon: 'markdown',
        run: () => {
          copy('markdown');
        },
      },
      {
        label: 'Copy as datatable',
        icon: 'table',
        run: () => {
          copy('datatable');
        },
      },
    ]);
  }

  private async statistics(column: ColumnView): Promise<void> {
    const facts = await this.host.channel.request('statistics', {
      run: this.run!.run,
      column: column.name,
      filters: [...this.arrangement!.filters],
    });
    const text = JSON.stringify({
      rows: facts.rows,
      empty: facts.empty,
      distinct: facts.distinct,
      min: facts.min,
      max: facts.max,
      mostFrequent: Object.fromEntries(facts.top.map(({ value, count }) => [value, count])),
    });
    this.detail.show({ ...column, name: `Statistics of ${column.name}`, type: 'dynamic' }, text, 0);
  }

  private async copy(rectangle: Rectangle, format: CopyFormat): Promise<void> {
    const { columns, positions } = shownColumns(this.run!.columns, this.arrangement!.hidden);
    const chosen = columns.slice(rectangle.left, rectangle.right + 1);
    const rows = rectangle.bottom - rectangle.top + 1;
    if (rows * chosen.length > COPIED_CELLS) {
      this.events.say(`That is ${(rows * chosen.length).toLocaleString('en')} cells; export the rows instead.`);
      return;
    }
    const window = await this.host.channel.request('rows', {
      run: this.run!.run,
      first: rectangle.top,
      count: rows,
      ...this.question(),
    });
    const cells = window.rows.map((row) => chosen.map((_, index) => row[positions[rectangle.left + index]!] ?? null));
    await this.copyText(
      toClipboard(format, chosen, cells),
      `Copied ${rows.toLocaleString('en')} by ${chosen.length} cells.`,
    );
  }

  private async copyText(text: string, said: string): Promise<void> {
    await this.host.channel.request('copy', { text });
    this.events.say(said);
  }
}

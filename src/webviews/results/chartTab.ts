import type { ResultsHost, RunView } from '../../protocol/results.ts';
import type { ChartDataView, ColumnView } from '../../protocol/rows.ts';
import type { ChartFace, ChartScript } from '../chart/contract.ts';
import { isNumeric } from '../grid/copyFormats.ts';
import { element, fill } from '../shell/element.ts';
import type { PageHost } from '../shell/host.ts';
import { onThemeChange } from '../shell/theme.ts';

const KINDS: readonly { readonly kind: string; readonly label: string }[] = [
  { kind: 'timechart', label: 'Time' },
  { kind: 'linechart', label: 'Line' },
  { kind: 'columnchart', label: 'Column' },
  { kind: 'barchart', label: 'Bar' },
  { kind: 'areachart', label: 'Area' },
  { kind: 'stackedareachart', label: 'Stacked area' },
  { kind: 'piechart', label: 'Pie' },
  { kind: 'scatterchart', label: 'Scatter' },
];
const MAX_POINTS = 20_000;
const TWIN_ROWS = 500;

interface Choice {
  readonly kind: string;
  readonly x?: string;
  readonly y?: string;
  readonly series?: string;
}

/**
 * The chart of a run: what `render` asked for at first, changeable without running again, with its numbers as a table.
 */
export class ChartTab {
  readonly node = element('div', {
    class: 'chart',
    role: 'tabpanel',
    id: 'panel-chart',
    'aria-labelledby': 'tab-chart',
  });
  private readonly host: PageHost<ResultsHost>;
  private readonly controls = element('div', { class: 'chart-controls' });
  private readonly canvas = element('div', { class: 'canvas', role: 'img', 'aria-label': 'Chart' });
  private readonly message = element('p', { class: 'empty', hidden: true });
  private readonly twin = element('details', { class: 'twin', hidden: true });
  private face: ChartFace | undefined;
  private data: ChartDataView | undefined;
  private run: RunView | undefined;
  private choice: Choice = { kind: 'columnchart' };
  private asked = '';
  private touched = false;

  constructor(host: PageHost<ResultsHost>) {
    this.host = host;
    fill(this.node, this.controls, element('div', { class: 'canvas-frame' }, this.canvas, this.message), this.twin);
    new ResizeObserver(() => {
      this.face?.resize();
    }).observe(this.canvas);
    onThemeChange(() => {
      if (this.data && this.run) this.face?.show(this.data, this.run.render ?? { visualization: this.choice.kind });
    });
  }

  show(run: RunView): void {
    if (this.run?.run !== run.run) this.touched = false;
    // What `render` asks for arrives with the first answer; it rules until somebody chooses otherwise.
    if (!this.touched) this.choice = firstChoice(run);
    this.run = run;
    if (!this.node.hidden) void this.draw();
  }

  /** Asks for the points and draws them; called when the tab is shown, the choice changes or rows have arrived. */
  async draw(): Promise<void> {
    const { run } = this;
    if (!run) return;
    this.drawControls(run);
    if (run.columns.length === 0) {
      this.problem('Waiting for the first rows …');
      return;
    }
    const question = JSON.stringify([run.run, run.rowCount, run.state, this.choice]);
    if (question === this.asked) return;
    this.asked = question;
    const { kind, x, y, series } = this.choice;
    try {
      const data = await this.host.channel.request('chart', {
        run: run.run,
        kind,
        maxPoints: MAX_POINTS,
        ...(x ? { x } : {}),
        ...(y ? { y: [y] } : {}),
        ...(series ? { series: [series] } : {}),
      });
      if (this.asked !== question) return;
      this.data = data;
      if (data.problem || data.series.length === 0) {
        this.problem(data.problem ?? 'There is nothing to draw: choose a column with numbers.');
        return;
      }
      this.face ??= (await loadChartScript()).create(this.canvas);
      this.message.hidden = true;
      this.canvas.hidden = false;
      this.face.resize();
      this.face.show(data, run.render ?? { visualization: kind });
      this.canvas.setAttribute(
        'aria-label',
        `${kind} of ${data.series.length} series over ${data.xName}. The table below has its numbers.`,
      );
      this.drawTwin(data);
    } catch (error) {
      this.asked = '';
      this.problem(error instanceof Error ? error.message : String(error));
    }
  }

  private problem(text: string): void {
    this.message.hidden = false;
    this.message.textContent = text;
    this.canvas.hidden = true;
    this.twin.hidden = true;
  }

  private drawControls(run: RunView): void {
    const select = (
      label: string,
      value: string | undefined,
      options: readonly { value: string; label: string }[],
      change: (value: string) => void,
    ): HTMLElement => {
      const node = element(
        'select',
        {
          onchange: (event) => {
            this.touched = true;
            change((event.target as HTMLSelectElement).value);
            void this.draw();
          },
        },
        ...options.map((option) =>
          element('option', { value: option.value, selected: option.value === (value ?? '') }, option.label),
        ),
      );
      return element('label', {}, label, node);
    };
    const columns = (filter: (column: ColumnView) => boolean): { value: string; label: string }[] => [
      { value: '', label: 'Automatic' },
      ...run.columns.filter(filter).map(({ name }) => ({ value: name, label: name })),
    ];
    const focused = this.controls.contains(document.activeElement)
      ? [...this.controls.querySelectorAll('select')].indexOf(document.activeElement as HTMLSelectElement)
      : -1;
    fill(
      this.controls,
      select(
        'Kind',
        this.choice.kind,
        KINDS.map(({ kind, label }) => ({ value: kind, label })),
        (kind) => {
          this.choice = { ...this.choice, kind };
        },
      ),
      select(
        'Across',
        this.choice.x,
        columns(() => true),
        (x) => {
          this.choice = { ...this.choice, x };
        },
      ),
      select('Value', this.choice.y, columns(isNumeric), (y) => {
        this.choice = { ...this.choice, y };
      }),
      select(
        'Split by',
        this.choice.series,
        columns((column) => !isNumeric(column)),
        (series) => {
          this.choice = { ...this.choice, series };
        },
      ),
      this.data?.reduced ? element('span', { class: 'muted' }, 'Thinned to what the screen can show.') : undefined,
    );
    this.controls.querySelectorAll('select')[focused]?.focus();
  }

  private drawTwin(data: ChartDataView): void {
    const rows = data.series.flatMap((series) =>
      series.x.map((x, index) => [
        series.name,
        data.xType === 'time' ? new Date(Number(x)).toISOString() : String(x),
        String(series.y[index] ?? ''),
      ]),
    );
    this.twin.hidden = false;
    fill(
      this.twin,
      element('summary', {}, 'Chart as a table'),
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element('tr', {}, ...['Series', data.xName, 'Value'].map((name) => element('th', { scope: 'col' }, name))),
        ),
        element(
          'tbody',
          {},
          ...rows.slice(0, TWIN_ROWS).map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, cell)))),
        ),
      ),
      rows.length > TWIN_ROWS
        ? element('p', { class: 'muted' }, `${rows.length - TWIN_ROWS} more points; export the rows to see all.`)
        : undefined,
    );
  }
}

function firstChoice(run: RunView): Choice {
  const visualization = run.render?.visualization ?? '';
  const known = KINDS.find(({ kind }) => kind === visualization)?.kind;
  const kind = known ?? (run.columns.some((column) => column.type === 'datetime') ? 'timechart' : 'columnchart');
  return {
    kind,
    ...(run.render?.xColumn ? { x: run.render.xColumn } : {}),
    ...(run.render?.yColumns?.[0] ? { y: run.render.yColumns[0] } : {}),
    ...(run.render?.series?.[0] ? { series: run.render.series[0] } : {}),
  };
}

/**
 * The page's own script element, known only while it runs first: it carries the address and the nonce of the chart
 * script.
 */
const OWN_SCRIPT = document.currentScript instanceof HTMLScriptElement ? document.currentScript : undefined;

/** The chart library is a second script, fetched when the first chart is looked at. */
let loading: Promise<ChartScript> | undefined;
function loadChartScript(): Promise<ChartScript> {
  loading ??= new Promise((resolve, reject) => {
    const source = OWN_SCRIPT?.dataset['chart'];
    if (!source) {
      reject(new Error('The chart part of this page is missing; install the extension again.'));
      return;
    }
    const node = element('script', { src: source, nonce: OWN_SCRIPT?.nonce });
    node.addEventListener('load', () => {
      resolve((globalThis as { tenantscopeChart?: ChartScript }).tenantscopeChart!);
    });
    node.addEventListener('error', () => {
      loading = undefined;
      reject(new Error('The chart part of this page could not be loaded.'));
    });
    document.head.append(node);
  });
  return loading;
}

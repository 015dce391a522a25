import * as echarts from 'echarts';
import type { Cell } from '../../src/model/kqlType.ts';
import { readTmdl } from '../unit/powerBi/readTmdl.ts';

/** The rows of a table of the model, with the columns by which its relationships go. */
export interface DrawnRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly customer: string;
  readonly time: string;
}

interface FieldFile {
  readonly Column?: Source;
  readonly Measure?: Source;
  readonly displayName?: string;
}
interface Source {
  readonly Expression: { readonly SourceRef: { readonly Entity: string } };
  readonly Property: string;
}
interface VisualFile {
  readonly position: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly visual: {
    readonly visualType: string;
    readonly query: {
      readonly queryState: Readonly<
        Record<
          string,
          { readonly projections: readonly { readonly field: FieldFile; readonly displayName?: string }[] }
        >
      >;
    };
    readonly visualContainerObjects: {
      readonly title: readonly [
        { readonly properties: { readonly text: { readonly expr: { Literal: { Value: string } } } } },
      ];
    };
  };
}

const BLUE = '#118dff';
const FONT = '"Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';

/** The pages of a project as one page of HTML, one below the other, drawn as its files say. */
export function drawPages(files: ReadonlyMap<string, string>, tables: ReadonlyMap<string, DrawnRows>): string {
  const json = <T>(path: string): T => JSON.parse(files.get(path)!) as T;
  const { pageOrder } = json<{ pageOrder: string[] }>('Centre.Report/definition/pages/pages.json');
  const model = new Model(files, tables);
  const pages = pageOrder.map((name) => {
    const folder = `Centre.Report/definition/pages/${name}`;
    const page = json<{ displayName: string; width: number; height: number }>(`${folder}/page.json`);
    const visuals = [...files.keys()]
      .filter((path) => path.startsWith(`${folder}/visuals/`))
      .map((path) => drawVisual(json<VisualFile>(path), model));
    return `<h2>${page.displayName}</h2><section style="width:${page.width}px;height:${page.height}px">${visuals.join('')}</section>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>${pages.join('')}
<p>Drawn from the files of the project with rows of the sample estate. Power BI draws the same with its own shapes.</p>`;
}

const STYLE = `
* { box-sizing: border-box } body { margin: 24px; background: #eaeaea; font: 13px ${FONT}; color: #252423 }
h2 { font-size: 15px; font-weight: 600; margin: 0 0 8px } p { margin: 12px 0 0; color: #605e5c }
section { position: relative; background: #fff; margin-bottom: 20px; box-shadow: 0 1px 4px #0003 }
figure { position: absolute; margin: 0; padding: 8px 10px; border: 1px solid #e1dfdd; border-radius: 4px; overflow: hidden }
figcaption { font-size: 14px; margin-bottom: 4px; white-space: nowrap } .value { font-size: 34px; text-align: center; margin-top: 12% }
.time { font-size: 18px } select { width: 100%; padding: 4px; font: inherit; border: 1px solid #c8c6c4; background: #fff }
table { border-collapse: collapse; width: 100%; font-size: 12px } th { text-align: left; border-bottom: 2px solid ${BLUE}; padding: 3px 8px }
td { padding: 3px 8px; white-space: nowrap; max-width: 260px; overflow: hidden; text-overflow: ellipsis } tr:nth-child(even) td { background: #f5f5f5 }`;

function drawVisual({ position, visual }: VisualFile, model: Model): string {
  const { visualType, query, visualContainerObjects } = visual;
  const fields = (role: string): FieldFile[] =>
    (query.queryState[role]?.projections ?? []).map(({ field, displayName }) => ({
      ...field,
      ...(displayName === undefined ? {} : { displayName }),
    }));
  const title = visualContainerObjects.title[0].properties.text.expr.Literal.Value.slice(1, -1).replaceAll("''", "'");
  const { x, y, width, height } = position;
  const content = (): string => {
    const size = { width: width - 22, height: height - 44 };
    if (visualType === 'card') return card(model.total(fields('Values')[0]!));
    if (visualType === 'slicer') return '<select><option>All</option></select>';
    if (visualType === 'tableEx') return table(model.table(fields('Values')), Math.floor((height - 60) / 21));
    const points = model.grouped(fields('Category')[0]!, fields('Y')[0]!);
    return visualType === 'lineChart' ? line(points, size) : bars(points, size);
  };
  return `<figure style="left:${x}px;top:${y}px;width:${width}px;height:${height}px"><figcaption>${escaped(title)}</figcaption>${content()}</figure>`;
}

type Point = readonly [name: string, value: number];
interface Size {
  readonly width: number;
  readonly height: number;
}

function bars(points: readonly Point[], size: Size): string {
  const sorted = points.toSorted((a, b) => a[1] - b[1]);
  return chart(size, {
    grid: { left: 28, right: 72, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: 'value', axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: {
      type: 'category',
      data: sorted.map(([name]) => name),
      axisTick: { show: false },
      axisLine: { show: false },
    },
    series: [
      {
        type: 'bar',
        data: sorted.map(([, value]) => value),
        label: { show: true, position: 'right', formatter: ({ value }: { value: unknown }) => shown(Number(value)) },
      },
    ],
  });
}

function line(points: readonly Point[], size: Size): string {
  const sorted = points.toSorted((a, b) => (a[0] < b[0] ? -1 : 1));
  return chart(size, {
    grid: { left: 8, right: 24, top: 12, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: sorted.map(([day]) => day.slice(5, 10)), boundaryGap: false },
    yAxis: { type: 'value' },
    series: [{ type: 'line', data: sorted.map(([, value]) => value) }],
  });
}

function chart({ width, height }: Size, option: echarts.EChartsCoreOption): string {
  const drawn = echarts.init(null, undefined, { renderer: 'svg', ssr: true, width, height });
  try {
    drawn.setOption({ animation: false, color: [BLUE], textStyle: { fontFamily: FONT }, ...option });
    return drawn.renderToSVGString();
  } finally {
    drawn.dispose();
  }
}

function card(value: Cell): string {
  return typeof value === 'string'
    ? `<div class="value time">${escaped(value.slice(0, 16).replace('T', ' '))}</div>`
    : `<div class="value">${shown(Number(value))}</div>`;
}

function table(
  { columns, rows }: { columns: readonly string[]; rows: readonly (readonly Cell[])[] },
  most: number,
): string {
  const cell = (value: Cell): string =>
    escaped(typeof value === 'number' ? shown(value) : String(value ?? '').replace(/T(\d\d:\d\d:\d\d)\S*Z$/, ' $1'));
  const body = rows.slice(0, most).map((row) => `<tr>${row.map((value) => `<td>${cell(value)}</td>`).join('')}</tr>`);
  return `<table><tr>${columns.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr>${body.join('')}</table>`;
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The measures of a model, over the rows of its tables. */
class Model {
  private readonly measures = new Map<string, string>();
  private readonly tables: ReadonlyMap<string, DrawnRows>;

  constructor(files: ReadonlyMap<string, string>, tables: ReadonlyMap<string, DrawnRows>) {
    this.tables = tables;
    for (const [path, text] of files)
      if (path.includes('/tables/'))
        for (const { name, children = [] } of readTmdl(text).objects)
          for (const measure of children.filter(({ kind }) => kind === 'measure'))
            this.measures.set(`${name!}.${measure.name!}`, measure.expression!);
  }

  total({ Measure }: FieldFile): Cell {
    const own = this.tables.get(Measure!.Expression.SourceRef.Entity)!;
    return this.value(Measure!, own, own.rows);
  }

  /** Values of a measure by customer or by day: the two tables that all others are related to. */
  grouped({ Column }: FieldFile, { Measure }: FieldFile): Point[] {
    const own = this.tables.get(Measure!.Expression.SourceRef.Entity)!;
    const byDay = Column!.Expression.SourceRef.Entity === 'Calendar';
    const at = own.columns.indexOf(byDay ? own.time : own.customer);
    return [...grouped(own.rows, at, byDay)].map(([name, rows]) => [name, Number(this.value(Measure!, own, rows))]);
  }

  table(fields: readonly FieldFile[]): { columns: readonly string[]; rows: readonly (readonly Cell[])[] } {
    const own = this.tables.get(fields[0]!.Column!.Expression.SourceRef.Entity)!;
    const columns = fields.map(({ Column }) => Column!.Property);
    const at = own.columns.indexOf(own.time);
    const rows = own.rows
      .toSorted((a, b) => (String(a[at]) < String(b[at]) ? 1 : -1))
      .map((row) => columns.map((name) => row[own.columns.indexOf(name)] ?? null));
    return { columns: fields.map(({ displayName }, i) => displayName ?? columns[i]!), rows };
  }

  private value({ Expression, Property }: Source, own: DrawnRows, rows: readonly (readonly Cell[])[]): Cell {
    const dax = this.measures.get(`${Expression.SourceRef.Entity}.${Property}`)!;
    const [, call, column] = /^(SUM|MAX|COUNTROWS)\('[^']+'(?:\[([^\]]+)\])?\)$/.exec(dax)!;
    if (call === 'COUNTROWS') return rows.length;
    const values = rows.map((row) => row[own.columns.indexOf(column!)]!);
    if (call === 'SUM') return values.reduce<number>((sum, value) => sum + Number(value), 0);
    return values.reduce((most, value) => (String(value) > String(most) ? value : most));
  }
}

function grouped(rows: readonly (readonly Cell[])[], at: number, byDay: boolean): Map<string, (readonly Cell[])[]> {
  const groups = new Map<string, (readonly Cell[])[]>();
  for (const row of rows) {
    const name = String(row[at]).slice(0, byDay ? 10 : undefined);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

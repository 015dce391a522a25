import { isShown } from './facts.ts';
import type { FactColumn } from './factColumn.ts';
import type { Fact } from './facts.ts';
import { CALENDAR, CUSTOMERS } from './ownTables.ts';
import type { Field, Place, Visual } from './visuals.ts';

/** A page of the report. */
export interface ReportPage {
  readonly name: string;
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly visuals: readonly Visual[];
}

const WIDTH = 1280,
  HEIGHT = 720,
  GAP = 16;
/** The least height of a row of the overview and of a table. */
const ROW = 224;
const CARDS = 208,
  BARS = 400;
/** Columns of a table that are shown until somebody chooses others. */
const SHOWN = 7;
/** What readers call the columns that every stored row has. */
const READABLE: Readonly<Record<string, string>> = { _Customer: 'Customer', _Workspace: 'Workspace' };

const CUSTOMER: Field = { kind: 'Column', table: CUSTOMERS, name: 'Customer' };
const DATE: Field = { kind: 'Column', table: CALENDAR, name: 'Date' };

/** The two pages: how much and when, by customer; and the rows themselves. */
export function reportPages(facts: readonly Fact[]): readonly ReportPage[] {
  return [overview(facts), detail(facts)];
}

/** Of each roll-up in a row: how many and until when, bars by customer, and a line by day. */
function overview(facts: readonly Fact[]): ReportPage {
  const { height, rows } = stacked(facts.length, GAP);
  const visuals = facts.flatMap((fact, i): Visual[] => {
    const { y, height: whole } = rows[i]!;
    const measure = measureOf(fact, 0);
    const { label } = fact.measures[0]!;
    const until = fact.measures.findIndex((one) => one.label === 'until');
    const half = (whole - GAP) / 2;
    const card = (at: number, title: string, below: boolean, height: number): Visual => ({
      type: 'card',
      title,
      place: { x: GAP, y: below ? y + half + GAP : y, width: CARDS, height },
      fields: { Values: [measureOf(fact, at)] },
    });
    const left = GAP + CARDS + GAP;
    const bars: Place = { x: left, y, width: fact.shown ? BARS : WIDTH - left - GAP, height: whole };
    const lineAt = fact.customer ? left + BARS + GAP : left;
    const line: Place = { x: lineAt, y, width: WIDTH - lineAt - GAP, height: whole };
    return [
      card(0, titled(fact, label), false, until < 0 ? whole : half),
      ...(until < 0 ? [] : [card(until, titled(fact, 'until (UTC)'), true, half)]),
      ...(fact.customer
        ? [
            {
              type: 'clusteredBarChart',
              title: titled(fact, `${label} by customer`),
              place: bars,
              fields: { Category: [CUSTOMER], Y: [measure] },
              order: { field: measure, direction: 'Descending' },
            } as const,
          ]
        : []),
      ...(fact.shown
        ? [
            {
              type: 'lineChart',
              title: titled(fact, `${label} by day (UTC)`),
              place: line,
              fields: { Category: [DATE], Y: [measure] },
              order: { field: DATE, direction: 'Ascending' },
            } as const,
          ]
        : []),
    ];
  });
  return { name: 'overview', title: 'Overview', width: WIDTH, height, visuals };
}

/** Slicers by customer and day above, the rows of each roll-up below. */
function detail(facts: readonly Fact[]): ReportPage {
  const slicers: { title: string; field: Field }[] = [
    ...(facts.some(({ customer }) => customer) ? [{ title: 'Customer', field: CUSTOMER }] : []),
    ...(facts.some(({ shown }) => shown) ? [{ title: 'Day (UTC)', field: DATE }] : []),
  ];
  const above = 72;
  const { height, rows } = stacked(facts.length, slicers.length > 0 ? GAP + above + GAP : GAP);
  const visuals: Visual[] = [
    ...slicers.map(({ title, field }, i): Visual => ({
      type: 'slicer',
      title,
      place: { x: GAP + i * (BARS + GAP), y: GAP, width: BARS, height: above },
      fields: { Values: [field] },
    })),
    ...facts.map((fact, i): Visual => {
      const columns = shownColumns(fact).map(({ source, name }): Field => {
        const shownAs = READABLE[source];
        return { kind: 'Column', table: fact.name, name, ...(shownAs === undefined ? {} : { shownAs }) };
      });
      const time = fact.shown && columns.find(({ name }) => name === fact.shown!.time.name);
      return {
        type: 'tableEx',
        title: fact.name,
        place: { x: GAP, y: rows[i]!.y, width: WIDTH - 2 * GAP, height: rows[i]!.height },
        fields: { Values: columns },
        ...(time ? { order: { field: time, direction: 'Descending' } } : {}),
      };
    }),
  ];
  return { name: 'detail', title: 'Detail', width: WIDTH, height, visuals };
}

/** Whose and when, then its own columns. */
function shownColumns({ columns, customer, shown }: Fact): readonly FactColumn[] {
  const first = [customer, shown?.time].flatMap((column) => column ?? []);
  return [
    ...first,
    ...columns.filter((column) => isShown(column) && column.source !== '_Tenant' && !first.includes(column)),
  ].slice(0, SHOWN);
}

/** Rows that share a page, or make it longer. */
function stacked(count: number, from: number): { height: number; rows: { y: number; height: number }[] } {
  const height = Math.max(ROW, (HEIGHT - from - GAP * count) / count);
  return {
    height: Math.max(HEIGHT, from + count * (height + GAP)),
    rows: Array.from({ length: count }, (_, i) => ({ y: from + i * (height + GAP), height })),
  };
}

function measureOf(fact: Fact, at: number): Field {
  return { kind: 'Measure', table: fact.name, name: fact.measures[at]!.name };
}

function titled({ name }: Fact, what: string): string {
  return `${name}: ${what}`;
}

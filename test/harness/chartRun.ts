import type { Handlers } from '../../src/base/rpc.ts';
import { DuckRowStore } from '../../src/engine/store/duckRowStore.ts';
import type { Cell, Column } from '../../src/model/kqlType.ts';
import type { RenderSpec } from '../../src/model/render.ts';
import type { RowStoreRun } from '../../src/ports/rows.ts';
import type { ResultsHost, RunView } from '../../src/protocol/results.ts';
import { fakeHost, fakeRun, fakeTargets } from './fakeRun.ts';

/** A run whose rows are really stored, with the page's host over them. */
export interface ChartRun {
  readonly view: RunView;
  readonly rows: RowStoreRun;
}

/** 25 customers of different sizes, called so that they can be told apart. */
export const CUSTOMERS: readonly string[] = [
  'Contoso',
  'Fabrikam',
  'Adatum',
  'Tailspin Toys',
  'Northwind Traders',
  'Litware',
  'Wingtip Toys',
  'Fourth Coffee',
  'Proseware',
  'Trey Research',
  'Alpine Ski House',
  'Blue Yonder Airlines',
  'City Power & Light',
  'Coho Winery',
  'Consolidated Messenger',
  'Graphic Design Institute',
  'Humongous Insurance',
  'Lucerne Publishing',
  'Margie’s Travel',
  'School of Fine Art',
  'Southridge Video',
  'The Phone Company',
  'VanArsdel',
  'Wide World Importers',
  'Woodgrove Bank',
];

const HOURS = 48;

/** `count_` of every hour of two days, which a customer has the more of the earlier it stands in the list. */
export function hourly(customer: number): Cell[][] {
  return Array.from({ length: HOURS }, (_, hour): Cell[] => [
    new Date(Date.UTC(2026, 10, 22, hour)).toISOString(),
    Math.round(
      (3000 / (customer + 2)) * (1.3 + Math.sin((hour + 3 * customer) / 4)) + ((hour * 37 + customer * 11) % 90),
    ),
  ]);
}
/** The columns of `hourly`. */
export const HOURLY: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'count_', type: 'long' },
];

let made = 0;
/** Stores one workspace's rows per customer, in a run of its own. */
export async function chartRun(
  store: DuckRowStore,
  columns: readonly Column[],
  rowsOf: Readonly<Record<string, readonly Cell[][]>>,
  render: RenderSpec,
): Promise<ChartRun> {
  const rows: RowStoreRun = await store.open(`chart${made++}`);
  for (const [customer, values] of Object.entries(rowsOf))
    await rows.append(customer, { customer, tenant: 't', workspace: `log-${customer}` }, columns, [...values]);
  const [target] = fakeTargets(1);
  const names = Object.keys(rowsOf);
  return {
    rows,
    view: fakeRun(rows.rowCount(), 0, {
      run: `chart${made}`,
      columns: rows.columns(),
      render,
      targets: names.map((customerName) => ({
        ...target!,
        workspace: customerName,
        workspaceName: `log-${customerName}`,
        customerName,
        rows: 1,
      })),
      completeness: {
        asked: names.length,
        answered: names.length,
        complete: true,
        missing: [],
        sentence: `${names.length} of ${names.length} workspaces answered`,
      },
    }),
  };
}

/** The host of a page that shows these runs, the first of them at once. */
export function chartHost(...runs: readonly ChartRun[]): ReturnType<typeof fakeHost> {
  const { handlers, asked } = fakeHost(runs[0]!.view);
  const chart: Handlers<ResultsHost>['chart'] = ({ run, ...question }) => {
    asked.push({ name: 'chart', input: question });
    return runs.find(({ view }) => view.run === run)!.rows.chart(question);
  };
  return { asked, handlers: { ...handlers, chart } };
}

/** A store that holds little, for tests. */
export function chartStore(): DuckRowStore {
  return new DuckRowStore({ memoryLimitMb: 200 });
}

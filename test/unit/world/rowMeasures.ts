import type { MadeRows, WorkspaceLogs } from '../../../src/emulator/logs/source.ts';
import type { Cell } from '../../../src/model/kqlType.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** One row of one table, by the columns that are looked at. */
type Row = Readonly<Partial<Record<(typeof LOOKED_AT)[number], Cell>>>;

/** What the rows of a workspace say, read one by one: no query, no engine, and nothing of the product's own checks. */
export interface Measured {
  /** Computers of the heartbeats, and when each spoke last: ms since 1970. */
  readonly computers: ReadonlyMap<
    string,
    { readonly last: number; readonly legacy: boolean; readonly resource: string }
  >;
  /** Per table: when Usage counted it last, on how many days, and its billable GB of all days. */
  readonly usage: ReadonlyMap<string, { readonly last: number; readonly days: number; readonly billable: number }>;
  /** Per table: when its newest row is of, ms since 1970. */
  readonly newest: ReadonlyMap<string, number>;
  /** Days on which a cap stopped it. */
  readonly capDays: number;
  /** Billable tables by source (resource id or computer) of the last day. */
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
  /** Rows of the last day, by subscription or by domain of the computer; "" for neither. */
  readonly rows: ReadonlyMap<string, number>;
}

/** The tables the service writes about the workspace itself. */
const ITS_OWN = new Set(['Usage', 'Operation']);

export function measure(logs: WorkspaceLogs, now: number): Measured {
  const computers = new Map<string, { last: number; legacy: boolean; resource: string }>();
  const usage = new Map<string, { last: number; days: number; billable: number }>();
  const counted = new Map<string, Set<string>>();
  const capped = new Set<string>();
  const newest = new Map<string, number>();
  const sources = new Map<string, Set<string>>();
  const rows = new Map<string, number>();
  const free = new Set<string>();
  for (const table of logs.tables) {
    if (table.kind !== 'made') continue;
    for (const row of read(table, now)) {
      const time = Date.parse(String(row['TimeGenerated']));
      newest.set(table.table, Math.max(newest.get(table.table) ?? 0, time));
      if (table.table === 'Heartbeat') {
        const known = computers.get(String(row['Computer']));
        if (!known || known.last < time)
          computers.set(String(row['Computer']), {
            last: time,
            legacy: row['Category'] === 'Direct Agent',
            resource: String(row['_ResourceId']),
          });
      } else if (table.table === 'Usage' && Number(row['Quantity']) > 0) {
        const name = String(row['DataType']);
        if (row['IsBillable'] === false) free.add(name);
        const known = usage.get(name) ?? { last: 0, days: 0, billable: 0 };
        const days = counted.get(name) ?? new Set();
        counted.set(name, days.add(String(row['StartTime']).slice(0, 10)));
        usage.set(name, {
          last: Math.max(known.last, Date.parse(String(row['EndTime']))),
          days: days.size,
          billable: known.billable + (row['IsBillable'] === true ? Number(row['Quantity']) / 1000 : 0),
        });
      } else if (table.table === 'Operation' && String(row['Detail']).includes('OverQuota'))
        capped.add(String(row['TimeGenerated']).slice(0, 10));
      if (ITS_OWN.has(table.table) || time <= now - DAY) continue;
      const source = String(row['_ResourceId'] ?? '').toLowerCase() || String(row['Computer'] ?? '').toLowerCase();
      if (source) sources.set(source, (sources.get(source) ?? new Set()).add(table.table));
      const computer = String(row['Computer'] ?? '');
      const owner =
        String(row['_SubscriptionId'] ?? '') ||
        (computer.includes('.') ? computer.slice(computer.indexOf('.') + 1) : '');
      rows.set(owner, (rows.get(owner) ?? 0) + 1);
    }
  }
  for (const tables of sources.values()) for (const name of free) tables.delete(name);
  return { computers, usage, newest, capDays: capped.size, sources, rows };
}

/** The columns that are looked at; what a table has not is empty. */
const LOOKED_AT = [
  'TimeGenerated',
  'Computer',
  'Category',
  '_ResourceId',
  '_SubscriptionId',
  'Quantity',
  'DataType',
  'IsBillable',
  'StartTime',
  'EndTime',
  'Detail',
] as const;

function* read(table: MadeRows, now: number): Generator<Row> {
  const at = LOOKED_AT.map((name) => table.columns.findIndex((column) => column.name === name));
  for (const cells of table.rows(now - table.span, now, true)) {
    const row: Partial<Record<(typeof LOOKED_AT)[number], Cell>> = {};
    LOOKED_AT.forEach((name, index) => {
      if (at[index]! >= 0) row[name] = cells[at[index]!]!;
    });
    yield row;
  }
}

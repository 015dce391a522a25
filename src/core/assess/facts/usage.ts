import type { UsageFact } from '../../../model/assessment/facts.ts';
import type { QueryFact } from './queryFact.ts';

const DAYS = 30;

/**
 * Usage has a row an hour for every table that received something: Quantity in megabytes, 1,000 to the gigabyte as it
 * is billed; IsBillable is a bool (learn.microsoft.com: Azure Monitor reference, table Usage).
 */
const QUERY = `Usage
| where TimeGenerated > ago(${DAYS}d) and Quantity > 0
| summarize GB = sum(Quantity) / 1000.0, Last = max(EndTime)
    by Table = DataType, Day = startofday(StartTime), Billable = IsBillable
| order by Table asc, Day asc`;

/** Volume per table and day of the last 30 days. Every workspace that lives writes Usage, and roles let it be read. */
export const usage: QueryFact<'usage'> = {
  name: 'usage',
  timespan: `P${DAYS}D`,
  plan: () => ({ query: QUERY, tables: ['Usage'] }),
  read(rows): UsageFact {
    const last: Record<string, string> = Object.create(null) as Record<string, string>;
    const volumes = rows.map((row) => {
      const table = row.text('Table');
      const time = row.time('Last');
      if (time !== undefined && !(last[table]! >= time)) last[table] = time;
      return { table, day: row.day('Day'), gb: row.number('GB'), billable: row.flag('Billable') };
    });
    return { days: DAYS, volumes, last: { ...last } };
  },
};

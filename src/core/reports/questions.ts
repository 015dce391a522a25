import type { ReportPeriod } from '../../model/report.ts';
import { baselineOf } from './period.ts';

const DAY = 86_400_000;

/** Days before the end of a period in which a machine that is called silent was heard. */
const HEARD_WITHIN_DAYS = 14;

/** One question of a report: of a workspace, of the roll-up that brings the same to a centre, and of the centre. */
export interface ReportQuestion {
  /** The roll-up's name, a table or function of the centre. */
  readonly rollup: string;
  readonly about: string;
  /** Tables it reads. */
  readonly tables: readonly string[];
  /** What is asked of each workspace; days are those of UTC. */
  readonly live: (period: ReportPeriod) => string;
  /** The roll-up's query. */
  readonly rolled: string;
  /** What is asked of the centre, for everybody; its rows begin with `_Customer` and `_Workspace`. */
  readonly central: (period: ReportPeriod) => string;
}

/**
 * Usage has a row an hour for every table that received something: Quantity in megabytes, 1,000 to the gigabyte as it
 * is billed. A row belongs to the day its hour began in, and is written later.
 */
export const VOLUME: ReportQuestion = {
  rollup: 'ReportVolume',
  about: 'Volume of every table by day',
  tables: ['Usage'],
  live: (period) => {
    const [from, until] = [time(firstDay(period)), time(Date.parse(period.until))];
    return `Usage
| where TimeGenerated >= ${from} and TimeGenerated < ${time(Date.parse(period.until) + DAY)}
| where StartTime >= ${from} and StartTime < ${until}
| where Quantity > 0
| summarize Megabytes = sum(Quantity), Last = max(EndTime)
    by Day = bin(StartTime, 1d), Table = DataType, Billable = IsBillable
| order by Day asc, Table asc, Billable asc`;
  },
  rolled: `Usage
| where Quantity > 0
| summarize Megabytes = sum(Quantity), Last = max(EndTime)
    by Day = bin(StartTime, 1d), Table = DataType, Billable = IsBillable, _Customer, _Workspace`,
  central: (period) => `ReportVolume
| where Day >= ${time(firstDay(period))} and Day < ${time(Date.parse(period.until))}
| project _Customer, _Workspace, Day, Table, Billable, Megabytes, Last
| order by _Customer asc, _Workspace asc, Day asc, Table asc, Billable asc`,
};

/** When each machine was heard last. */
export const MACHINES: ReportQuestion = {
  rollup: 'ReportMachines',
  about: 'When each machine was heard last, by day',
  tables: ['Heartbeat'],
  live: (period) => `Heartbeat
| where TimeGenerated >= ${time(heardFrom(period))} and TimeGenerated < ${time(Date.parse(period.until))}
| where isnotempty(Computer)
| summarize Last = max(TimeGenerated) by Computer = tolower(Computer)
| order by Computer asc`,
  rolled: `Heartbeat
| where isnotempty(Computer)
| summarize Last = max(TimeGenerated) by Day = bin(TimeGenerated, 1d), Computer = tolower(Computer), _Customer, _Workspace`,
  central: (period) => `ReportMachines
| where Day >= ${time(heardFrom(period))} and Day < ${time(Date.parse(period.until))}
| summarize Last = max(Last) by _Customer, _Workspace, Computer
| order by _Customer asc, _Workspace asc, Computer asc`,
};

/**
 * The daily cap is told by the detail "... Ingestion status = OverQuota": the documented filter by the operation's name
 * finds nothing (github.com/MicrosoftDocs/azure-docs/issues/92689).
 */
export const CAPS: ReportQuestion = {
  rollup: 'ReportCaps',
  about: 'Days on which the daily cap was reached',
  tables: ['Operation'],
  live: ({ from, until }) => `Operation
| where TimeGenerated >= ${time(Date.parse(from))} and TimeGenerated < ${time(Date.parse(until))}
| where Detail contains "OverQuota"
| summarize First = min(TimeGenerated) by Day = bin(TimeGenerated, 1d)
| order by Day asc`,
  rolled: `Operation
| where Detail contains "OverQuota"
| summarize First = min(TimeGenerated) by Day = bin(TimeGenerated, 1d), _Customer, _Workspace`,
  central: ({ from, until }) => `ReportCaps
| where Day >= ${time(Date.parse(from))} and Day < ${time(Date.parse(until))}
| project _Customer, _Workspace, Day, First
| order by _Customer asc, _Workspace asc, Day asc`,
};

/**
 * The files of the roll-ups that a report from a centre reads, by name. What belongs to a day still comes in within
 * three hours of its end, so that its report is whole from four o'clock (UTC) on.
 */
export function reportRollups(): readonly { readonly file: string; readonly text: string }[] {
  return [VOLUME, MACHINES, CAPS].map(({ rollup, about, rolled }) => ({
    file: `${rollup}.kql`,
    text: `// ${about}, for "tenantscope report --from lake"\n// @name ${rollup}\n// @window 3h\n// @lateness 1h\n// @schedule every 3h\n${rolled}\n`,
  }));
}

function firstDay(period: ReportPeriod): number {
  return Date.parse(baselineOf(period)[0]!);
}

/** A midnight, so that days of a roll-up begin there. */
function heardFrom({ until }: ReportPeriod): number {
  return Math.floor(Date.parse(until) / DAY) * DAY - HEARD_WITHIN_DAYS * DAY;
}

function time(at: number): string {
  return `datetime(${new Date(at).toISOString()})`;
}

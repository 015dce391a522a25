import type { RollupDefinition, RollupTable } from '../../../model/rollup.ts';
import { kqlText } from '../../assess/look/kql.ts';

/** How far back a Logic App looks for windows that are not stored, in days. */
export const LOOK_BACK_DAYS = 7;

/** The tables of a roll-up in its centre, and what their columns are called there. */
export interface CentreTables {
  /** KQL names of the tables of rows and of records. */
  readonly rows: string;
  readonly records: string;
  /** KQL name of a column, by its name in `ROLLUP_COLUMNS`, `WRITE_COLUMNS` or `RECORD_COLUMNS`. */
  readonly column: (name: string) => string;
}

/**
 * KQL over the centre: the windows that are over and have no record, newest first, as `Workspace`, `From` and `To`.
 * These records are what a Logic App knows of before: it keeps nothing itself, what one run missed the next one finds.
 */
export function missingText(
  tables: CentreTables,
  { id, windowMinutes }: Pick<RollupTable, 'id' | 'windowMinutes'>,
  { latenessMinutes, everyMinutes }: Pick<RollupDefinition, 'latenessMinutes' | 'everyMinutes'>,
  since: number,
  workspaces: readonly string[],
): string {
  // What comes anew between two runs, twice: a run that was missed is made up for by the next.
  const most = Math.max(500, 2 * workspaces.length * Math.ceil(everyMinutes / windowMinutes));
  const { records, column } = tables;
  return `let _Window = ${windowMinutes}m;
let _End = bin(now() - ${latenessMinutes}m, _Window);
let _Begin = max_of(datetime(${new Date(since).toISOString()}), _End - ${LOOK_BACK_DAYS}d);
let _Stored = ${records}
| where ${column('_RollupId')} == ${kqlText(id)}
| distinct Workspace = ${column('_WorkspaceId')}, Start = ${column('_WindowStart')};
range Start from _Begin to _End - _Window step _Window
| extend Workspace = dynamic([${workspaces.map(kqlText).join(', ')}])
| mv-expand Workspace to typeof(string)
| join kind=leftanti _Stored on Workspace, Start
| sort by Start desc, Workspace asc
| take ${most}
| project Workspace, From = tostring(Start), To = tostring(Start + _Window)`;
}

/**
 * KQL over the centre, behind `let _Write`: how many rows of an attempt can be seen and the checksum of their keys, as
 * `Rows` and `Checksum`.
 */
export function arrivedText({ rows, column }: CentreTables, { id }: Pick<RollupTable, 'id'>): string {
  return `${rows}
| where ${column('_RollupId')} == ${kqlText(id)} and ${column('_Write')} == _Write
| distinct Key = ${column('_RowKey')}
| summarize Rows = count(), High = sum(tolong(strcat("0x", substring(Key, 0, 8)))), Low = sum(tolong(strcat("0x", substring(Key, 8, 8))))
| extend High = coalesce(High, 0), Low = coalesce(Low, 0)
| project Rows, Checksum = strcat(tohex((High + Low / 4294967296) % 4294967296, 8), tohex(Low % 4294967296, 8))`;
}

import { centreNames, storedRows } from '../../../model/logAnalyticsCentre.ts';
import { ROLLUP_COLUMNS } from '../../../model/rollup.ts';
import type { RollupDefinition, RollupTable } from '../../../model/rollup.ts';
import { RECORD_COLUMNS, WRITE_COLUMNS } from '../../../ports/appendTarget.ts';
import { kqlText } from '../../assess/look/kql.ts';

/** How far back a Logic App looks for windows that are not stored, in days. */
export const LOOK_BACK_DAYS = 7;

/**
 * KQL over the centre: the windows that are over and have no record, newest first, as `Workspace`, `From` and `To`.
 * These records are all that a Logic App knows of what was: it keeps nothing itself, and what one run missed the next
 * one finds. The record of an erased window is one, too.
 */
export function missingText(
  { id, windowMinutes }: Pick<RollupTable, 'id' | 'windowMinutes'>,
  { latenessMinutes, everyMinutes }: Pick<RollupDefinition, 'latenessMinutes' | 'everyMinutes'>,
  since: number,
  workspaces: readonly string[],
): string {
  // What comes anew between two runs, twice: a run that was missed is made up for by the next.
  const most = Math.max(500, 2 * workspaces.length * Math.ceil(everyMinutes / windowMinutes));
  return `let _Window = ${windowMinutes}m;
let _End = bin(now() - ${latenessMinutes}m, _Window);
let _Begin = max_of(datetime(${new Date(since).toISOString()}), _End - ${LOOK_BACK_DAYS}d);
let _Stored = ${storedRows(centreNames(id).windows, RECORD_COLUMNS)}
| where _RollupId == ${kqlText(id)}
| distinct Workspace = _WorkspaceId, Start = _WindowStart;
range Start from _Begin to _End - _Window step _Window
| extend Workspace = dynamic([${workspaces.map(kqlText).join(', ')}])
| mv-expand Workspace to typeof(string)
| join kind=leftanti _Stored on Workspace, Start
| sort by Start desc, Workspace asc
| take ${most}
| project Workspace, From = tostring(Start), To = tostring(Start + _Window)`;
}

/**
 * KQL over the centre, behind `let _Attempt`: how many rows of an attempt can be seen and the checksum of their keys,
 * as `Rows` and `Checksum`.
 */
export function arrivedText({ id }: Pick<RollupTable, 'id'>): string {
  return `${storedRows(centreNames(id).rows, [...WRITE_COLUMNS, ...ROLLUP_COLUMNS])}
| where _RollupId == ${kqlText(id)} and _Write == _Attempt
| distinct _RowKey
| summarize Rows = count(), High = sum(tolong(strcat("0x", substring(_RowKey, 0, 8)))), Low = sum(tolong(strcat("0x", substring(_RowKey, 8, 8))))
| extend High = coalesce(High, 0), Low = coalesce(Low, 0)
| project Rows, Checksum = strcat(tohex((High + Low / 4294967296) % 4294967296, 8), tohex(Low % 4294967296, 8))`;
}

import { AppError } from '../base/errors.ts';
import { toCustomerKey } from '../model/ids.ts';
import type { CustomerKey } from '../model/ids.ts';
import { kqlName } from '../model/kqlNames.ts';
import type { Cell } from '../model/kqlType.ts';
import { ROLLUP_COLUMNS, ROWS_TABLE } from '../model/rollup.ts';
import type { RollupTable, WindowKey } from '../model/rollup.ts';
import { formatDatetime, parseDatetime } from '../model/values/datetime.ts';
import { epochMs, ticksOfMs } from '../model/values/ticks.ts';
import { RECORD_COLUMNS } from './appendTarget.ts';
import type { ArrivedRows, WindowRecord } from './appendTarget.ts';

/**
 * What a centre that speaks KQL is asked by an `AppendTarget`. `rows` and `records` are KQL that gives its two tables
 * with the columns of `WRITE_COLUMNS`, `ROLLUP_COLUMNS` and the roll-up's own, and of `RECORD_COLUMNS`.
 */

/** Windows of one question; more are asked for again once these are done. */
const MOST_WINDOWS = 50_000;
const PLACE = '_RollupId, _WorkspaceId, _WindowStart, _WindowEnd';
const NEWEST = `summarize arg_max(_Order, _CustomerKey, _Write, _Rows, _Bytes, _Checksum) by ${PLACE}`;
const AS_RECORDS = `project ${RECORD_COLUMNS.map(({ name }) => name).join(', ')}`;

/** How many different rows of an attempt can be seen, and the sums of the two halves of their keys' first 64 bits. */
export function arrivedQuestion(rows: string, write: string): string {
  const part = (at: number): string => `sum(tolong(strcat("0x", substring(_RowKey, ${at}, 8))))`;
  return [
    rows,
    `| where _Write == ${JSON.stringify(write)}`,
    '| distinct _RowKey',
    `| summarize Rows = count(), High = ${part(0)}, Low = ${part(8)}`,
  ].join('\n');
}

/** The answer to `arrivedQuestion`: one row of three longs. */
export function readArrived([row]: readonly (readonly Cell[])[]): ArrivedRows {
  const [rows, high, low] = (row ?? []).map((cell) => BigInt(typeof cell === 'boolean' ? 0 : (cell ?? 0)));
  const sum = BigInt.asUintN(64, ((high ?? 0n) << 32n) + (low ?? 0n));
  return { rows: Number(rows ?? 0n), checksum: sum.toString(16).padStart(16, '0') };
}

/** The record of a window with the highest order. */
export function newestQuestion(records: string, { rollup, workspace, from, to }: WindowKey): string {
  const [start, end] = [from, to].map((ms) => formatDatetime(ticksOfMs(ms)));
  return [
    records,
    `| where _RollupId == ${JSON.stringify(rollup)} and _WorkspaceId == ${JSON.stringify(workspace)}`,
    `| where _WindowStart == datetime(${start}) and _WindowEnd == datetime(${end})`,
    `| ${NEWEST}`,
    `| ${AS_RECORDS}`,
  ].join('\n');
}

/** Newest records that are a customer's and not erased. */
export function windowsQuestion(records: string, customer: CustomerKey): string {
  return [
    records,
    `| ${NEWEST}`,
    `| where _CustomerKey == ${JSON.stringify(customer)} and isnotempty(_Write)`,
    `| take ${MOST_WINDOWS}`,
    `| ${AS_RECORDS}`,
  ].join('\n');
}

/** A record as a row of `RECORD_COLUMNS`. */
export function recordCells(record: WindowRecord): Cell[] {
  const { rollup, workspace, from, to, customer, write, order, rows, bytes, checksum } = record;
  const [start, end] = [from, to].map((ms) => formatDatetime(ticksOfMs(ms)));
  return [rollup, workspace, start!, end!, customer, write, order, rows, bytes, checksum];
}

/** The answer to a question for records. Rejects with `service.unexpectedAnswer` for what is none. */
export function readRecords(rows: readonly (readonly Cell[])[]): readonly WindowRecord[] {
  return rows.map((row) => {
    const [rollup, workspace, start, end, customer, write, order, count, bytes, checksum] = row;
    const [from, to] = [start, end].map((text) => parseDatetime(String(text)));
    if (from === undefined || to === undefined)
      throw new AppError('service.unexpectedAnswer', 'The centre has a record of a window without its times.');
    return {
      rollup: String(rollup),
      workspace: String(workspace),
      from: epochMs(from),
      to: epochMs(to),
      customer: toCustomerKey(String(customer)),
      write: String(write),
      order: Number(order),
      rows: Number(count),
      bytes: Number(bytes),
      checksum: String(checksum),
    };
  });
}

/** KQL that gives every row of the newest records once, with `ROLLUP_COLUMNS` and the table's own columns. */
export function rowsOnceQuery(rows: string, records: string, table: RollupTable): string {
  const columns = [...ROLLUP_COLUMNS, ...table.columns].map(({ name }) => kqlName(name));
  return [
    `let newest_windows = (${records} | summarize arg_max(_Order, _Write) by ${PLACE} | where isnotempty(_Write));`,
    rows,
    '| join kind=leftsemi newest_windows on _Write',
    '| summarize take_any(*) by _Write, _RowKey',
    `| project ${columns.join(', ')}`,
  ].join('\n');
}

/** KQL that makes the answer of a summary of `rowsOnce`, the function of its stored rows. */
export function answerQuery(rowsOnce: string, table: RollupTable): string {
  if (table.view === undefined) return rowsOnce;
  return `let ${ROWS_TABLE} = (${rowsOnce} | project-away _RollupId, _WindowStart, _WindowEnd, _RowKey);\n${table.view}`;
}

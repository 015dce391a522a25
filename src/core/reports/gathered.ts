import type { CustomerKey } from '../../model/ids.ts';
import type { Customer } from '../../model/estate.ts';
import type { AnswerRow } from '../assess/facts/answerRows.ts';

/** What a table received on a day (`YYYY-MM-DD`, UTC), in megabytes; `last` is the end of its last hour (ISO). */
export interface VolumeRow {
  readonly day: string;
  readonly table: string;
  readonly billable: boolean;
  readonly megabytes: number;
  readonly last: string;
}

/** When a machine, by its name in lower case, was heard last (ISO). */
export interface MachineRow {
  readonly computer: string;
  readonly last: string;
}

/** When a workspace reached its daily cap on a day (ISO). */
export interface CapRow {
  readonly day: string;
  readonly first: string;
}

/** Rows of one question, and, where they are not all or none is known, why. */
export interface Gathering<Row> {
  readonly rows: readonly Row[];
  readonly reason?: string;
}

/** What was gathered of one workspace. */
export interface GatheredWorkspace {
  readonly customer: CustomerKey;
  readonly name: string;
  readonly volume: Gathering<VolumeRow>;
  readonly machines: Gathering<MachineRow>;
  readonly caps: Gathering<CapRow>;
  /** The first day whose volume is known, where those before it were never brought to the centre. */
  readonly knownFrom?: string;
}

/** All that a report is made of. */
export interface Gathered {
  /** `live`, or the centre's name. */
  readonly from: string;
  readonly customers: readonly Pick<Customer, 'key' | 'name'>[];
  readonly workspaces: readonly GatheredWorkspace[];
  /** Tenants whose workspaces nobody could list. */
  readonly gaps: readonly { readonly customer: CustomerKey; readonly of: string; readonly reason: string }[];
}

/** Reads a row of `VOLUME`. To the byte: sums of parts and sums of all differ in the last digits of a double. */
export function toVolume(row: AnswerRow): VolumeRow {
  return {
    day: row.day('Day'),
    table: row.text('Table'),
    billable: row.flag('Billable'),
    megabytes: Math.round(row.number('Megabytes') * 1e6) / 1e6,
    last: row.time('Last') ?? '',
  };
}

/** Reads a row of `MACHINES`. */
export function toMachine(row: AnswerRow): MachineRow {
  return { computer: row.text('Computer'), last: row.time('Last') ?? '' };
}

/** Reads a row of `CAPS`. */
export function toCap(row: AnswerRow): CapRow {
  return { day: row.day('Day'), first: row.time('First') ?? '' };
}

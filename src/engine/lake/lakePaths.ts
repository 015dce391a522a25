import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RollupTable, WindowKey } from '../../model/rollup.ts';

/** The longest name of a folder made of somebody's text; longer ones end with a hash of all of it. */
const LONGEST = 80;

/**
 * Where everything lies in a lake: `rollups/ID/customer=KEY/day=YYYY-MM-DD/WORKSPACE_FROM_TO.parquet`, state below
 * `state`. The file that says that a folder is one is `lake.json`.
 */
export const LAKE = {
  mark: 'lake.json',
  views: 'lake.sql',
  rollups: 'rollups',
  state: 'state',
  table: 'table.json',
  /** Files that are being written, a folder for each customer. */
  partial: '.partial',
} as const;

/** The column of a file that has the times of a row which its own columns cannot hold: see `writeParquetWith`. */
export const EXACT = '_Exact';

/** The folder of a version of a roll-up. */
export function tableFolder(lake: string, id: string): string {
  return join(lake, LAKE.rollups, id);
}

/**
 * The folder of a customer: its key as a name that is one on every system, and no other customer's on one that takes no
 * notice of case. Readers of such folders decode `%41`.
 */
export function customerFolder(customer: string): string {
  const safe = customer.replaceAll(/[^a-z0-9_-]/gu, (letter) =>
    [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  );
  if (safe.length <= LONGEST) return `customer=${safe}`;
  const hash = createHash('sha256').update(customer).digest('hex').slice(0, 16);
  return `customer=${safe.slice(0, LONGEST - 17).replace(/%[0-9A-F]?$/, '')}_${hash}`;
}

/** The folder of a day (UTC) within a customer's. */
export function dayFolder({ from }: Pick<WindowKey, 'from'>): string {
  return `day=${new Date(from).toISOString().slice(0, 10)}`;
}

/** The file of a window: its key as a name. */
export function windowFile({ workspace, from, to }: WindowKey): string {
  return `${workspace.replaceAll(/[^A-Za-z0-9-]/g, '_')}_${compact(from)}_${compact(to)}.parquet`;
}

/** What a query over the lake calls the stored rows and the answer. */
export function namesOf({ name, view }: Pick<RollupTable, 'name' | 'view'>): {
  readonly rows: string;
  readonly answer: string;
} {
  return { rows: view === undefined ? name : `${name}_parts`, answer: name };
}

/** `20260131T060000Z`. */
function compact(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

import { byTheGb, MONTH, PRICES } from '../assess/look/prices.ts';
import type { RollupDefinition } from '../../model/rollup.ts';
import type { RollupReport } from './rollupService.ts';

const DAY_MINUTES = 1_440;
const GB = 1e9;
/** Azure bills about three quarters of what rows are as JSON (Azure Monitor, "Cost of logs"). */
const BILLED_OF_JSON = 0.75;
/** Columns that a row at a Log Analytics centre has beside those of every sink: its attempt, and the customer's key. */
const STAMP_BYTES = 70;

/** What one customer would bring: the window that was read, and a day of such windows. */
export interface CustomerEstimate {
  readonly customer: string;
  readonly rows: number;
  /** As JSON. */
  readonly bytes: number;
  readonly rowsPerDay: number;
  readonly bytesPerDay: number;
  /** US dollars, of ingestion into a Log Analytics centre (plan Analytics). */
  readonly perDay: number;
  readonly perMonth: number;
}

/** What a dry run says of each customer, by the last window of each of its workspaces. */
export function estimateOf(
  { workspaces }: Pick<RollupReport, 'workspaces'>,
  { windowMinutes }: Pick<RollupDefinition, 'windowMinutes'>,
): readonly CustomerEstimate[] {
  const sums = new Map<string, { rows: number; bytes: number }>();
  for (const { customer, rows, bytes } of workspaces) {
    const sum = sums.get(customer) ?? { rows: 0, bytes: 0 };
    sums.set(customer, { rows: sum.rows + rows, bytes: sum.bytes + bytes });
  }
  const windows = DAY_MINUTES / windowMinutes;
  return [...sums].map(([customer, { rows, bytes }]) => {
    const perDay = byTheGb(((bytes + rows * STAMP_BYTES) * windows * BILLED_OF_JSON) / GB);
    const [rowsPerDay, bytesPerDay] = [rows * windows, bytes * windows];
    return { customer, rows, bytes, rowsPerDay, bytesPerDay, perDay, perMonth: perDay * MONTH };
  });
}

/** What the dollars of an estimate stand on, in a sentence. */
export const ESTIMATE_RESTS_ON =
  `${PRICES.perGb.toFixed(2)} USD a GB, list price of ${PRICES.region} (${PRICES.date}), plan Analytics, without commitment; ` +
  `billed is taken for ${BILLED_OF_JSON * 100} % of the JSON, and each day for windows like this one. Ingestion alone: no retention, no queries.`;

/** What searching costs where a table cannot be queried: no roll-up reads it. */
export const SEARCH_NOTE =
  'Tables in the plan Basic or Auxiliary are not queried but searched, at 0.005 USD a GB that a window scans (list price, East US). No roll-up reads them: have a summary rule of the workspace fill a table in the plan Analytics, and roll that up.';

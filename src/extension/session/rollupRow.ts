import type { RowCell } from '../../model/rows.ts';

/** What a row says of where a roll-up had it from; as the row has it, so nothing of it is to be trusted. */
export interface RollupOriginRow {
  /** Of the version. */
  readonly id: string;
  readonly customer: string;
  readonly workspace: string;
  /** ISO texts. */
  readonly from: string;
  readonly to: string;
}

const COLUMNS = {
  id: '_RollupId',
  customer: '_Customer',
  workspace: '_Workspace',
  from: '_WindowStart',
  to: '_WindowEnd',
} as const;

/** Where a row comes from; undefined where it lacks one of the columns that say it. */
export function rollupRowOf(columns: readonly string[], row: readonly RowCell[]): RollupOriginRow | undefined {
  const made = Object.entries(COLUMNS).flatMap(([field, name]) => {
    const value = row[columns.indexOf(name)];
    return typeof value === 'string' && value !== '' ? [[field, value] as const] : [];
  });
  const found = Object.fromEntries(made);
  return isRollupOriginRow(found) ? found : undefined;
}

/** Whether a command's argument is one. */
export function isRollupOriginRow(value: unknown): value is RollupOriginRow {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(COLUMNS).every((field) => typeof (value as Record<string, unknown>)[field] === 'string')
  );
}

import { armError } from '../router.ts';
import type { TablePlan, WorkspaceTable } from '../state.ts';

/** The body of a PUT or PATCH of a table; null retention means that of the workspace. */
export interface TableInput {
  readonly properties?: {
    readonly plan?: TablePlan;
    readonly retentionInDays?: number | null;
    readonly totalRetentionInDays?: number | null;
    readonly protectionLevel?: 'Protected' | 'Standard' | null;
    readonly searchResults?: {
      readonly query?: string;
      readonly limit?: number;
      readonly startSearchTime?: string;
      readonly endSearchTime?: string;
    };
    readonly restoredLogs?: {
      readonly startRestoreTime?: string;
      readonly endRestoreTime?: string;
      readonly sourceTable?: string;
    };
    readonly schema?: {
      readonly name?: string;
      readonly displayName?: string;
      readonly description?: string;
      readonly columns?: readonly {
        readonly name?: string;
        readonly type?: string;
        readonly displayName?: string;
        readonly description?: string;
      }[];
    };
  };
}

const LONG_TOTALS = [1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383];
const COLUMN_TYPES = ['string', 'int', 'long', 'real', 'boolean', 'dateTime', 'guid', 'dynamic'] as const;
const RESERVED = new Set(['_resourceid', 'id', '_subscriptionid', 'tenantid', 'type', 'uniqueid', 'title']);

/** Holds the body of a table PUT or PATCH against the service's rules. */
export function checkTableInput(name: string, input: TableInput, existing: WorkspaceTable | undefined): void {
  const { plan, retentionInDays, totalRetentionInDays, schema } = input.properties ?? {};
  const effective = plan ?? existing?.plan ?? 'Analytics';
  if (!['Analytics', 'Basic', 'Auxiliary'].includes(effective)) {
    throw invalid('plan', `The plan '${effective}' is not one of Analytics, Basic, Auxiliary.`);
  }
  if (plan === 'Auxiliary' && existing && existing.plan !== 'Auxiliary') {
    throw invalid('plan', 'A table gets the Auxiliary plan when it is created; it cannot be changed to it later.');
  }
  if (typeof retentionInDays === 'number' && retentionInDays !== -1) {
    if (!Number.isInteger(retentionInDays) || retentionInDays < 4 || retentionInDays > 730) {
      throw invalid(
        'retentionInDays',
        `'RetentionInDays' of table '${name}' must be between 4 and 730, or -1 for the workspace's.`,
      );
    }
    if (effective !== 'Analytics' && retentionInDays !== 30) {
      throw invalid('retentionInDays', `'RetentionInDays' of a table with plan ${effective} is fixed at 30.`);
    }
  }
  if (typeof totalRetentionInDays === 'number' && totalRetentionInDays !== -1) {
    const fits =
      Number.isInteger(totalRetentionInDays) &&
      ((totalRetentionInDays >= 4 && totalRetentionInDays <= 730) || LONG_TOTALS.includes(totalRetentionInDays));
    if (!fits) {
      throw invalid(
        'totalRetentionInDays',
        `'TotalRetentionInDays' of table '${name}' must be between 4 and 730, one of ${LONG_TOTALS.join(', ')}, or -1.`,
      );
    }
    if (typeof retentionInDays === 'number' && retentionInDays > totalRetentionInDays) {
      throw invalid('totalRetentionInDays', "'TotalRetentionInDays' must not be less than 'RetentionInDays'.");
    }
  }
  if (!existing) checkNewTable(name, input);
  else if (schema?.columns && existing.tableType === 'CustomLog') checkColumns(schema.columns);
}

function checkNewTable(name: string, { properties = {} }: TableInput): void {
  const { schema, searchResults, restoredLogs } = properties;
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name)) {
    throw invalid(
      'name',
      `The table name '${name}' is invalid: it starts with a letter and has at most 63 letters, digits and '_'.`,
    );
  }
  for (const [asked, ending, what] of [
    [searchResults, '_SRCH', 'search results'],
    [restoredLogs, '_RST', 'restored logs'],
  ] as const) {
    if ((asked !== undefined) === name.endsWith(ending)) {
      if (asked !== undefined) return;
    } else
      throw invalid(
        'name',
        `The name of a table of ${what}, and of no other, ends with '${ending}'; '${name}' does not fit.`,
      );
  }
  if (!name.endsWith('_CL'))
    throw invalid('name', `The table '${name}' cannot be created: the name of a custom table ends with '_CL'.`);
  if (!schema?.columns?.length)
    throw invalid('schema', `The schema of table '${name}' is missing: it names the columns.`);
  if (schema.name !== undefined && schema.name !== name) {
    throw invalid('schema.name', `The schema's name '${schema.name}' does not match the table's name '${name}'.`);
  }
  checkColumns(schema.columns);
}

function checkColumns(columns: readonly { readonly name?: string; readonly type?: string }[]): void {
  if (columns.length > 500) throw invalid('schema.columns', 'A table has at most 500 columns.');
  const seen = new Set<string>();
  for (const { name, type } of columns) {
    if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_]{0,44}$/.test(name)) {
      throw invalid(
        'schema.columns',
        `The column name '${name}' is invalid: it starts with a letter and has at most 45 letters, digits and '_'.`,
      );
    }
    if (RESERVED.has(name.toLowerCase())) throw invalid('schema.columns', `The column name '${name}' is reserved.`);
    if (seen.has(name.toLowerCase())) throw invalid('schema.columns', `The column '${name}' is there twice.`);
    if (!COLUMN_TYPES.some((known) => known.toLowerCase() === type?.toLowerCase())) {
      throw invalid(
        'schema.columns',
        `The type '${type}' of column '${name}' is not one of ${COLUMN_TYPES.join(', ')}.`,
      );
    }
    seen.add(name.toLowerCase());
  }
  if (!columns.some((column) => column.name === 'TimeGenerated' && column.type?.toLowerCase() === 'datetime')) {
    throw invalid('schema.columns', "The schema needs a column 'TimeGenerated' of type dateTime.");
  }
}

function invalid(target: string, message: string): Error {
  return armError(400, 'InvalidParameter', message, { target });
}

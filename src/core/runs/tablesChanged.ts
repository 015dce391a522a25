import type { AppErrorData } from '../../base/errors.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import type { RunRequest } from '../../model/run.ts';

/** A run, as far as it says what of a schema it looks at. */
interface Looking {
  readonly request: Pick<RunRequest, 'query'>;
  readonly unnamedTables: boolean;
}

/** Whether a run of these tables sees another workspace than before: other columns of them, or other functions. */
export function looksOtherwise(
  { request, unnamedTables }: Looking,
  tables: ReadonlySet<string>,
  before: SourceSchema,
  now: SourceSchema,
): boolean {
  const seen = (schema: SourceSchema): string => {
    const own = schema.tables
      .filter(({ name }) => unnamedTables || tables.has(name))
      .map(({ name, columns }) => [name, columns.map((column) => `${column.name}: ${column.type}`)] as const);
    const functions = (schema.functions ?? [])
      .filter(({ name }) => request.query.includes(name))
      .map(({ name, parameters, body }) => [name, parameters, body] as const);
    return JSON.stringify([own.toSorted(byName), functions.toSorted(byName)]);
  };
  return seen(before) !== seen(now);
}

function byName([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is said of a target whose answer was made of tables as they were long ago. */
export function tablesChanged(workspace: string): AppErrorData {
  return {
    code: 'query.tablesChanged',
    message: `${workspace} has other tables now than it last told, and its answer was made of those. Retry asks it anew.`,
    retryable: true,
  };
}

import type { AppErrorData } from '../../base/errors.ts';
import { findGraphTable } from '../../kql/graph/graphTables.ts';
import type { Target } from '../../model/run.ts';
import { didYouMean, suggestNames } from '../estate/suggestions.ts';
import { lackingForAll } from './refusals.ts';

/**
 * A missing table as a state of one target: normal in an estate as long as others have it. `data.service` keeps the
 * service's own error. Undefined for any other error. `tables` are the names the query has where tables stand, where
 * they are known: the service says of a missing column much the same, and that is a real error.
 */
export function tableMissing(
  error: AppErrorData,
  workspaceName: string,
  tables: readonly string[] | undefined,
): AppErrorData | undefined {
  const { kind, name } = (error.data?.['unresolved'] ?? {}) as { readonly kind?: unknown; readonly name?: unknown };
  if (error.code !== 'query.semantic' || typeof name !== 'string') return undefined;
  if (tables ? !tables.includes(name) : kind !== 'table') return undefined;
  return {
    code: 'query.tableMissing',
    message: `${workspaceName} has no table ${name}.`,
    retryable: false,
    data: { table: name, service: error },
  };
}

/** The service's own error behind a missing table. */
export function serviceError(error: AppErrorData): AppErrorData {
  return (error.data?.['service'] as AppErrorData | undefined) ?? error;
}

/**
 * What a run says whose table no workspace has (`asked`: how many said so): the service's error, at its place, in words
 * for all of them, with the nearest of the names that there are.
 */
function unknownTable(missing: AppErrorData, asked: number, known: readonly string[]): AppErrorData {
  const service = serviceError(missing);
  const table = String(missing.data?.['table']);
  const whose =
    asked === 1 ? 'The workspace that was asked has no' : `None of the ${asked} workspaces that were asked has a`;
  return {
    ...service,
    message: `${whose} table or function named ${table}.${whereElse(table, known)}`,
    data: { ...service.data, service: service.message },
  };
}

/** Where such a table is: in the other source, else under a name that is near. */
function whereElse(table: string, known: readonly string[]): string {
  return findGraphTable(table)
    ? ` It is a table of Azure Resource Graph: write "// @source resource-graph" above the query (on the command line --source resource-graph).`
    : didYouMean(suggestNames(table, known));
}

/**
 * What becomes of a run that reads a table nobody knows: its targets that said so fail, by their indexes, and the run
 * says it once, with the nearest of the names that `namesAt` gives for each. Undefined where there is no such table.
 */
export function unknownToAll(
  states: readonly Target[],
  namesAt: (index: number) => Iterable<string>,
):
  | {
      readonly targets: readonly { readonly index: number; readonly error: AppErrorData }[];
      readonly error: AppErrorData;
    }
  | undefined {
  const lacking = lackingForAll(states);
  const [first] = lacking;
  if (!first) return undefined;
  const names = lacking.flatMap(({ index }) => [...namesAt(index)]);
  return {
    targets: lacking.map(({ target, index }) => ({ index, error: serviceError(target.error!) })),
    error: unknownTable(first.target.error!, lacking.length, names),
  };
}

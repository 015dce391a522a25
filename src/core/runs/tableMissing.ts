import type { AppErrorData } from '../../base/errors.ts';

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

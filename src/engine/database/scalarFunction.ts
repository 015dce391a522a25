import { DuckDBScalarFunction } from '@duckdb/node-api';
import { AppError } from '../../base/errors.ts';
import type { JsFunction, PhysicalValue } from '../functions/contract.ts';
import { PACKAGE_TYPES } from './packageTypes.ts';

/**
 * `fn` for a connection's catalog. DuckDB calls it in chunks of up to 2,048 rows on this thread and waits meanwhile;
 * where `unwanted` says that nobody waits for what it makes, a chunk is not begun. An exception ends the statement: a
 * null in its place would be a wrong answer.
 */
export function scalarFunction(fn: JsFunction, unwanted: () => boolean): DuckDBScalarFunction {
  const { call } = fn;
  const one = fn.params.length === 1,
    two = fn.params.length === 2;
  return DuckDBScalarFunction.create({
    name: fn.name,
    returnType: PACKAGE_TYPES[fn.returns],
    parameterTypes: fn.params.map((p) => PACKAGE_TYPES[p]),
    specialHandling: true,
    ...(fn.volatile ? { volatile: true } : {}),
    mainFunction: (info, input, output) => {
      if (unwanted()) {
        info.setError(STOPPED);
        return;
      }
      const rows = input.rowCount;
      const columns = fn.params.map((_, i) => input.getColumnVector(i));
      const [a, b] = columns;
      try {
        for (let row = 0; row < rows; row++) {
          output.setItem(
            row,
            (one
              ? call(a!.getItem(row) as PhysicalValue)
              : two
                ? call(a!.getItem(row) as PhysicalValue, b!.getItem(row) as PhysicalValue)
                : call(...columns.map((c) => c.getItem(row) as PhysicalValue))) as never,
          );
        }
        output.flush();
      } catch (thrown) {
        info.setError(said(fn.name, thrown));
      }
    },
  });
}

const STOPPED = 'Interrupted!';

/**
 * What a function threw, in the form errors.ts reads (`#code: message`): its own refusal, or that it failed, without
 * the values it failed on.
 */
function said(name: string, thrown: unknown): string {
  if (thrown instanceof AppError) return `#${thrown.code}: ${thrown.message}`;
  return `#bug.function: The function ${name.replace(/^kql_|_\d+$/g, '')}() failed on a row (${thrown instanceof Error ? thrown.name : typeof thrown}).`;
}

import { DuckDBScalarFunction } from '@duckdb/node-api';
import { AppError } from '../../base/errors.ts';
import type { JsFunction, PhysicalValue } from '../functions/contract.ts';
import { PACKAGE_TYPES } from './packageTypes.ts';

/**
 * `fn` for a connection's catalog. DuckDB calls it in chunks of up to 2,048 rows on this thread and waits meanwhile;
 * where `unwanted` says that nobody waits for what it makes, a chunk is not begun. An exception ends the statement: a
 * null in its place would be a wrong answer. The texts of a chunk are all in memory that DuckDB does not count: past
 * `mostText` characters of them the function is refused.
 */
export function scalarFunction(fn: JsFunction, unwanted: () => boolean, mostText: number): DuckDBScalarFunction {
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
        let text = 0;
        for (let row = 0; row < rows; row++) {
          const value = one
            ? call(a!.getItem(row) as PhysicalValue)
            : two
              ? call(a!.getItem(row) as PhysicalValue, b!.getItem(row) as PhysicalValue)
              : call(...columns.map((c) => c.getItem(row) as PhysicalValue));
          if (typeof value === 'string' && (text += value.length) > mostText) throw tooMuchText(fn.name);
          output.setItem(row, value as never);
        }
        output.flush();
      } catch (thrown) {
        info.setError(said(fn.name, thrown));
      }
    },
  });
}

const STOPPED = 'Interrupted!';

function tooMuchText(name: string): AppError {
  return new AppError(
    'engine.memory',
    `The function ${plain(name)}() makes more text than the engine may hold. Narrow the time range or columns of the query, or raise the memory limit.`,
  );
}

/** The name as a query has it. */
function plain(name: string): string {
  return name.replace(/^kql_|_\d+$/g, '');
}

/**
 * What a function threw, in the form errors.ts reads (`#code: message`): its own refusal, or that it failed, without
 * the values it failed on.
 */
function said(name: string, thrown: unknown): string {
  if (thrown instanceof AppError) return `#${thrown.code}: ${thrown.message}`;
  return `#bug.function: The function ${plain(name)}() failed on a row (${thrown instanceof Error ? thrown.name : typeof thrown}).`;
}

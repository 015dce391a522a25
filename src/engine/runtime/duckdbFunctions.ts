/** A leaf of the door to DuckDB (duckdb.ts): functions written in JavaScript that its statements call. */
import { BIGINT, BOOLEAN, DOUBLE, DuckDBScalarFunction, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';
import { AppError } from '../../base/errors.ts';
import type { JsFunction, PhysicalType, PhysicalValue } from '../functions/contract.ts';

const TYPES: Readonly<Record<PhysicalType, DuckDBType>> = { BOOLEAN, INTEGER, BIGINT, DOUBLE, VARCHAR };

/**
 * `fn` for a connection's catalog. DuckDB calls it in chunks of up to 2,048 rows on this thread and waits meanwhile;
 * where `unwanted` says that
 * nobody waits for what it makes, a chunk is not begun. An exception ends the statement: a null in its place would be a
 * wrong answer.
 */
export function scalarFunction(fn: JsFunction, unwanted: () => boolean): DuckDBScalarFunction {
  const { call } = fn;
  const one = fn.params.length === 1,
    two = fn.params.length === 2;
  return DuckDBScalarFunction.create({
    name: fn.name,
    returnType: TYPES[fn.returns],
    parameterTypes: fn.params.map((p) => TYPES[p]),
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

/** A statement's own words for a failure: `#code: message`, as SQL says them too (translate/failure.ts). */
const FAILURE = /^Invalid Input Error: #((?:query|bug|input)\.\w+): (.*)/;
/** What a function threw: its own refusal, or that it failed, without the values it failed on. */
function said(name: string, thrown: unknown): string {
  if (thrown instanceof AppError) return `#${thrown.code}: ${thrown.message}`;
  return `#bug.function: The function ${name.replace(/^kql_|_\d+$/g, '')}() failed on a row (${thrown instanceof Error ? thrown.name : typeof thrown}).`;
}
/** The failure DuckDB's text carries; undefined where the failure is DuckDB's own. */
export function ownFailure(text: string, cause: unknown): AppError | undefined {
  const [, code, message] = FAILURE.exec(text) ?? [];
  return code === undefined || message === undefined
    ? undefined
    : new AppError(code as AppError['code'], message, { cause });
}

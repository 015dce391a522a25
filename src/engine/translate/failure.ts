import { SQL, textSql } from '../sql/expression.ts';
import type { Sql, SqlType } from '../sql/expression.ts';

/**
 * SQL that stops the query with `query.<reason>` and these words: for what is only known once the rows are there. It
 * has a type, so that it can stand in a CASE beside the value.
 */
export function failureSql(
  reason: 'limit' | 'invalid' | 'unsupported',
  message: string,
  type: SqlType = 'BIGINT',
): Sql {
  return SQL`error(${textSql(`#query.${reason}: ${message}`)})::${type}`;
}

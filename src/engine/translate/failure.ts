import { quoteText } from './relation.ts';

/**
 * SQL that stops the query with `query.<reason>` and these words: for what is only known once the rows are there. It
 * has a type, so that it
 * can stand in a CASE beside the value.
 */
export function failureSql(reason: 'limit' | 'invalid' | 'unsupported', message: string, type = 'BIGINT'): string {
  return `error(${quoteText(`#query.${reason}: ${message}`)})::${type}`;
}

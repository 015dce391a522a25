import { AppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';

/**
 * Refuses with `query.namesCustomer` to send a query as written that names somebody whom not everybody asked may read
 * of. `start` is where it does; `why` is the reason for which there is no answer that keeps the name here.
 */
export function namesCustomer(query: string, start: number, why: Pick<AppErrorData, 'message'>): AppError {
  const before = query.slice(0, start);
  const [line, column] = [before.split('\n').length, start - before.lastIndexOf('\n')];
  return new AppError(
    'query.namesCustomer',
    `The query names a customer, or something of one, in line ${line}, column ${column}, and every workspace asked would read it: there is no answer across that keeps it here (${why.message.replace(/[.\s]+$/, '')}). It was not sent. Take the name out, ask that customer alone, or choose the answer per workspace, which sends the query as it is.`,
    { data: { line, column, start } },
  );
}

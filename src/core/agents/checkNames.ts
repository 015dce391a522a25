import { AppError } from '../../base/errors.ts';
import { withoutComments } from '../../kql/withoutComments.ts';
import type { Estate } from '../../model/estate.ts';
import { foreignNames } from '../runs/foreignNames.ts';
import { literalsOf } from '../runs/literalsOf.ts';
import type { RunFacts } from '../runs/runFacts.ts';
import type { NarrowedScope } from './narrowScope.ts';

/**
 * Refuses with `query.namesCustomer` to send everybody a query, as it is, that names somebody whom not all of them may
 * read of. A person can choose that by asking per workspace; a model that does has chosen for nobody.
 */
export function checkNames(
  query: string,
  { names = [] }: RunFacts,
  { workspaces }: Pick<NarrowedScope, 'workspaces'>,
  estate: Estate,
): void {
  const isForeign = foreignNames(estate, new Set(workspaces.map(({ customer }) => customer)));
  if (![...literalsOf(withoutComments(query)), ...names].some(({ text }) => isForeign(text))) return;
  throw new AppError(
    'query.namesCustomer',
    'The query names a customer, or something of one, and every workspace asked would read it. Ask it across, or that customer alone, or take the name out. Nothing was sent.',
  );
}

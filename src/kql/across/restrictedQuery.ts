import { AppError } from '../../base/errors.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import { acrossSchema } from './acrossSchema.ts';
import { bindAcross } from './planAcross.ts';
import { ownText } from './remoteQuery.ts';

/**
 * A query as a workspace is asked it for the rows alone that the schema says (`only`): the answer that a workspace with
 * no other rows would give. Throws `query.*` for what cannot be bound, which may read anything.
 */
export function restrictedQuery(query: string, schema: SourceSchema, now: bigint): string {
  const { results } = bindAcross(query, acrossSchema([schema]).plain);
  const [result, ...more] = results;
  if (!result || more.length > 0) throw new AppError('query.unsupported', 'The query has several results.');
  return ownText(result.rel, schema, now);
}

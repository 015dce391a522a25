import type { LockFact } from '../../../model/assessment/facts.ts';
import type { ListFact } from './listFact.ts';

/** Locks on a subscription and below: one call of Resource Manager. */
export const locks: ListFact<'locks', LockFact> = { name: 'locks', key: ({ scope, name }) => `${scope} ${name}` };

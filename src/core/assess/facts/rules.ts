import type { CollectionRule } from '../../../model/assessment/facts.ts';
import type { ListFact } from './listFact.ts';

/** Data collection rules with their machines: one question to Resource Graph per issuer. */
export const rules: ListFact<'rules', CollectionRule> = { name: 'rules', key: ({ id }) => id };

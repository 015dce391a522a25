import type { MachineFact } from '../../../model/assessment/facts.ts';
import type { ListFact } from './listFact.ts';

/** Virtual machines and those connected with Arc: one question to Resource Graph per issuer. */
export const machines: ListFact<'machines', MachineFact> = { name: 'machines', key: ({ id }) => id };

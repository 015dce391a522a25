import type { AdminRequest } from '../model/access.ts';
import type { CspCustomer, CspCustomers } from '../model/cspCustomer.ts';
import type { Scope } from '../model/scope.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Who can read what, and whom a partner serves. */
export type AccessContract = {
  requests: {
    /**
     * As a Markdown document in which names of others are escaped, and the texts in it that are to be sent. Rejects
     * with `input.scope`.
     */
    'access.explain': { input: { scope: Scope }; output: { markdown: string; requests: readonly AdminRequest[] } };
    /**
     * The customers of the partners that accounts are at home in; also as a Markdown document. `baseline`: the
     * window's, so that who lacks one is told.
     */
    'access.partnerCustomers': {
      input: { baseline?: { label: string; text: string } };
      output: CspCustomers & { markdown: string };
    };
    /**
     * The text of a file of customers to come with these added, who was added, and at which line. Rejects with
     * `input.customersToCome`.
     */
    'access.addToCome': {
      input: { text?: string; customers: readonly CspCustomer[] };
      output: { text: string; added: readonly string[]; line: number };
    };
  };
  events: Record<never, never>;
};

/** How long each request may take. */
export const ACCESS_DEADLINES: Deadlines<AccessContract> = {
  'access.explain': 5 * MINUTE,
  'access.partnerCustomers': 5 * MINUTE,
  'access.addToCome': MINUTE,
};

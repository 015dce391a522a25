import type { AdminRequest } from '../model/access.ts';
import type { Scope } from '../model/scope.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Who can read what. */
export type AccessContract = {
  requests: {
    /**
     * As a Markdown document in which names of others are escaped, and the texts in it that are to be sent. Rejects
     * with `input.scope`.
     */
    'access.explain': { input: { scope: Scope }; output: { markdown: string; requests: readonly AdminRequest[] } };
  };
  events: Record<never, never>;
};

/** How long each request may take. */
export const ACCESS_DEADLINES: Deadlines<AccessContract> = { 'access.explain': 5 * MINUTE };

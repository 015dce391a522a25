import type { Scope } from '../model/scope.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Who can read what. */
export type AccessContract = {
  requests: {
    /** As a Markdown document in which names of others are escaped. Rejects with `input.scope`. */
    'access.explain': { input: { scope: Scope }; output: { markdown: string } };
  };
  events: Record<never, never>;
};

/** How long each request may take. */
export const ACCESS_DEADLINES: Deadlines<AccessContract> = { 'access.explain': 5 * MINUTE };

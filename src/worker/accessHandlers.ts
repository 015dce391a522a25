import type { Handlers } from '../base/rpc.ts';
import { accessMarkdown } from '../core/access/accessMarkdown.ts';
import type { AccessXray } from '../core/access/explainAccess.ts';
import type { AccessContract } from '../protocol/access.ts';

/** Who can read what, as a document. */
export function accessHandlers(live: () => { readonly access: AccessXray }): Handlers<AccessContract> {
  return {
    'access.explain': async ({ scope }, signal) => {
      const report = await live().access.explain(scope, signal);
      return { markdown: accessMarkdown(report), requests: report.requests };
    },
  };
}

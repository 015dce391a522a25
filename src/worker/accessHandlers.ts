import type { Handlers } from '../base/rpc.ts';
import { accessMarkdown } from '../core/access/accessMarkdown.ts';
import { findCspCustomers } from '../core/access/cspCustomers.ts';
import type { CspWorld } from '../core/access/cspCustomers.ts';
import { cspMarkdown } from '../core/access/cspMarkdown.ts';
import type { AccessXray } from '../core/access/explainAccess.ts';
import { addToCome } from '../core/access/toComeEntries.ts';
import { parseBaseline } from '../core/baseline/parseBaseline.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import type { AccessContract } from '../protocol/access.ts';

/** What the requests are answered by. */
interface LiveAccess {
  readonly access: AccessXray;
  readonly partner: Pick<CspWorld, 'estate' | 'customers' | 'graph'>;
}

/** Who can read what, and the customers of a partner. */
export function accessHandlers(live: () => LiveAccess): Handlers<AccessContract> {
  return {
    'access.explain': async ({ scope }, signal) => {
      const report = await live().access.explain(scope, signal);
      return { markdown: accessMarkdown(report), requests: report.requests };
    },
    'access.partnerCustomers': async ({ baseline }, signal) => {
      const agreed = baseline ? { baseline: parseBaseline(baseline.text, baseline.label).baseline } : {};
      const found = await findCspCustomers({ ...live().partner, clock: SYSTEM_CLOCK, agreed }, [], signal);
      return { ...found, markdown: cspMarkdown(found) };
    },
    'access.addToCome': ({ text, customers }) => addToCome(text, customers),
  };
}

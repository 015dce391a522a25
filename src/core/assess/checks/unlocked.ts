import { declaredIn, overOwn } from '../look/overWorkspaces.ts';
import { covers } from '../look/roles.ts';
import { hasData } from '../look/volumes.ts';
import { count } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

const LONG_DAYS = 365;

/** Logs that have to last can be deleted by one click. */
export const unlocked: Check = {
  id: 'unlocked',
  title: 'A lock keeps logs that have to last from being deleted',
  severity: 'low',
  rule:
    'The customers file declares isolation, or a retention of 365 days or more, and neither a workspace of the customer that has data nor ' +
    'its resource group or subscription has a lock.',
  why: 'Whoever has Contributor can delete the workspace. After 14 days nothing brings its logs back.',
  remedy:
    'Put a lock (CanNotDelete) on the workspace. The customer has to: Azure Lighthouse passes on no right to lock.',
  facts: ['locks', 'usage'],
  judge(customer) {
    const { isolation, retentionDays = 0 } = customer.customer.declared ?? {};
    if (!isolation && retentionDays < LONG_DAYS)
      return {
        findings: [],
        unknown: [],
        notApplicable: 'Neither isolation nor a retention of a year is declared for it.',
      };
    return overOwn(customer, 'locks', (facts, subject, unknown) => {
      const { name, key, armId, resourceGroup, subscription: id } = facts.workspace;
      const usage = known(facts.usage, 'usage', subject, unknown);
      if (usage && !hasData(usage)) return;
      const subscription = customer.subscriptions.find((other) => other.subscription === id);
      if (!subscription) {
        const message = `Nobody could list the locks of the subscription of ${name}.`;
        unknown.push({ subject, fact: 'locks', error: { code: 'access.noLocks', message, retryable: false } });
        return;
      }
      const locks = known(subscription.locks, 'locks', subject, unknown);
      if (!usage || !locks || locks.some(({ scope }) => covers(scope, key))) return;
      return {
        severity: 'low',
        subject,
        title:
          locks.length === 0
            ? `No lock keeps ${name} from being deleted`
            : `None of the ${count(locks.length, 'lock')} of its subscription keeps ${name} from being deleted`,
        evidence: [
          {
            text: `${count(locks.length, 'lock')} in ${subscription.name}, none that covers the workspace`,
            measured: subscription.locks,
          },
          isolation
            ? { text: 'Isolation is declared', measured: declaredIn(customer, 'isolation') }
            : { text: `${retentionDays} days are declared`, measured: declaredIn(customer, 'retentionDays') },
        ],
        actions: [{ kind: 'openPortal', armId }],
        message: `Nothing keeps your workspace ${name} (resource group ${resourceGroup}) from being deleted by mistake. Please put a lock of the kind "Delete" on it; our access does not allow us to.`,
      };
    });
  },
};

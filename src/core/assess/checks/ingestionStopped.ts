import type { WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import { overOwn, overParts, together } from '../look/overWorkspaces.ts';
import type { Check, Found } from './check.ts';
import { known } from './check.ts';

/** A workspace takes nothing in, because its subscription is suspended. */
export const ingestionStopped: Check = {
  id: 'ingestionStopped',
  title: 'Every workspace takes logs in',
  severity: 'critical',
  rule:
    'A workspace of the customer, or one of the provider that holds its rows, says that it takes no logs in because its subscription is ' +
    'suspended (dataIngestionStatus SubscriptionSuspended).',
  why: 'Nothing is collected as long as this lasts, and what is sent meanwhile is lost for good.',
  remedy: 'Enable the subscription again: see its state and its bills in the portal.',
  facts: ['configuration'],
  judge(customer) {
    return together(
      overOwn(customer, 'configuration', (facts, subject, unknown) => {
        const found = judge(facts, subject, unknown);
        if (!found) return;
        const { name, subscriptionName, subscription } = facts.workspace;
        return {
          ...found,
          message: `Your subscription ${subscriptionName} (${subscription}) is suspended, so the workspace ${name} takes no logs in and what is sent to it is lost. Please have it enabled again.`,
        };
      }),
      overParts(customer, ({ shared }, subject, unknown) => judge(shared, subject, unknown)),
    );
  },
};

function judge(facts: WorkspaceFacts, subject: FindingSubject, unknown: Unknown[]): Found | undefined {
  const configuration = known(facts.configuration, 'configuration', subject, unknown);
  if (configuration?.cap !== 'suspended') return undefined;
  const { name, subscriptionName, subscription } = facts.workspace;
  return {
    severity: 'critical',
    subject,
    title: `${name} takes no logs in: its subscription ${subscriptionName} is suspended`,
    evidence: [{ text: 'dataIngestionStatus is SubscriptionSuspended', measured: facts.configuration }],
    actions: [{ kind: 'openPortal', armId: `/subscriptions/${subscription}` }],
  };
}

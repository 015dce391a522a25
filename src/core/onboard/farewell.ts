import { escapeMarkdown } from '../../base/markdown.ts';
import type { Customer, Workspace } from '../../model/estate.ts';

/** What the customer's people get at the end: what is theirs, and what only they can finish. */
export function farewellText(customer: Customer, workspaces: readonly Workspace[], unseen: readonly string[]): string {
  return [
    `# The logs of ${escapeMarkdown(customer.name)} are yours alone again`,
    '',
    'These workspaces stay where they are, with all their rows, queries and functions:',
    '',
    ...workspaces.map(
      ({ name, resourceGroup, subscriptionName, region, retentionDays }) =>
        `- ${escapeMarkdown(name)} in resource group ${escapeMarkdown(resourceGroup)}, subscription ${escapeMarkdown(subscriptionName)} (${escapeMarkdown(region)}, ${retentionDays} days)`,
    ),
    '',
    'What only you can do:',
    '',
    '1. Service providers > Service provider offers: see that no offer of ours is left, and delete it where one is.',
    '2. Remove our guests and our enterprise application (Microsoft Entra ID), and role assignments that name them or "Identity not found".',
    '3. Regenerate both keys of each workspace where agents of ours used them.',
    '4. Look at the alert rules and action groups that name our addresses.',
    ...(unseen.length > 0
      ? ['', 'What we could not see, and may have left behind:', '', ...unseen.map((one) => `- ${escapeMarkdown(one)}`)]
      : []),
    '',
  ].join('\n');
}

import { codeSpan, escapeForMail } from '../../base/markdown.ts';
import type { Customer, Workspace } from '../../model/estate.ts';
import type { AdminTask } from './leaving/leavingNotes.ts';

/** What the customer's people have to know at the end, beside their workspaces. */
export interface FarewellNotes {
  readonly unseen: readonly string[];
  readonly tasks?: readonly AdminTask[];
  /** What stays though it bears our name. */
  readonly stays?: readonly string[];
}

/** What the customer's people get at the end: what is theirs, who looks after it now, and what only they can finish. */
export function farewellText(
  customer: Customer,
  workspaces: readonly Workspace[],
  { unseen, tasks = [], stays = [] }: FarewellNotes,
): string {
  return [
    `# The logs of ${escapeForMail(customer.name)} are yours alone again`,
    '',
    'These workspaces stay where they are, with all their rows, queries and functions. From now on your own people own',
    'them: who is Owner or Contributor of the subscription looks after retention, caps and costs.',
    '',
    ...workspaces.map(workspaceLine),
    '',
    'What only you can do:',
    '',
    ...[
      'Service providers > Service provider offers: see that no offer of ours is left, and delete it where one is.',
      'Remove our guests and our enterprise application (Microsoft Entra ID), and role assignments that name them or "Identity not found".',
      'Regenerate both keys of each workspace where agents of ours used them.',
      'Look at the alert rules and action groups that name our addresses.',
    ].map((line, at) => `${at + 1}. ${line}`),
    ...tasks.map(
      ({ what, commands }, at) =>
        `${at + 5}. ${escapeForMail(what)}${commands.map((one) => `\n   ${codeSpan(one)}`).join('')}`,
    ),
    ...listed('What stays with you though it is of ours:', stays),
    ...listed('What we could not see, and may have left behind:', unseen),
    '',
  ].join('\n');
}

function workspaceLine({
  name,
  resourceGroup,
  subscriptionName,
  region,
  retentionDays,
  dailyCapGb,
  tags,
}: Workspace): string {
  const labels = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`);
  return [
    `- ${escapeForMail(name)} in resource group ${escapeForMail(resourceGroup)}, subscription ${escapeForMail(subscriptionName)}`,
    ` (${escapeForMail(region)}, ${retentionDays} days${dailyCapGb === undefined ? '' : `, at most ${dailyCapGb} GB a day`})`,
    labels.length === 0 ? '' : `; tags ${labels.map(escapeForMail).join(', ')}`,
  ].join('');
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, '', ...lines.map((one) => `- ${escapeForMail(one)}`)];
}

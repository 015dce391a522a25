import { codeBlock, escapeForMail } from '../../base/markdown.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { ComingCustomer, ManagedOffer } from '../../model/onboarding.ts';
import { applicationSteps, guestSteps, lighthouseSteps } from './accessSteps.ts';

/**
 * What has to be done before we are let in, as text to send: by whom at the customer, with the command that does it,
 * and what is ours. Deterministic, and without any secret.
 */
export function handOverText(customer: ComingCustomer, offer: ManagedOffer | undefined, cloud: Cloud): string {
  const steps = {
    lighthouse: () => lighthouseSteps(customer, offer),
    guest: () => guestSteps(customer, cloud),
    servicePrincipal: () => applicationSteps(customer, cloud),
  }[customer.access]();
  return [
    `# Access to the logs of ${escapeForMail(customer.name)}`,
    '',
    `Tenant ${customer.tenant}, subscription ${customer.subscription}.`,
    '',
    ...steps.flatMap(({ who, what, run = [] }, at) => [
      `${at + 1}. **${who}** ${what}`,
      ...(run.length === 0 ? [] : ['', indented(codeBlock(run.join('\n'), 'sh')), '']),
    ]),
    '',
    'When this is done, tell us: we check it, and go on from there.',
    '',
  ].join('\n');
}

/** Inside the item of a list. */
function indented(text: string): string {
  return text.replace(/^/gm, '   ');
}

import { escapeMarkdown } from '../../base/markdown.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { ComingCustomer, ManagedOffer } from '../../model/onboarding.ts';

/**
 * What the customer's administrator has to do, as text to send: nothing of it can be done for them. Deterministic, and
 * without any secret.
 */
export function handOverText(customer: ComingCustomer, offer: ManagedOffer | undefined, cloud: Cloud): string {
  const steps = {
    lighthouse: () => lighthouseSteps(customer, offer),
    guest: () => guestSteps(customer),
    servicePrincipal: () => applicationSteps(customer, cloud),
  }[customer.access]();
  return [
    `# Access to the logs of ${escapeMarkdown(customer.name)}`,
    '',
    `Tenant ${customer.tenant}, subscription ${customer.subscription}.`,
    '',
    ...steps.map((step, at) => `${at + 1}. ${step}`),
    '',
    'When this is done, tell us: we check it, and go on from there.',
    '',
  ].join('\n');
}

function lighthouseSteps({ subscription }: ComingCustomer, offer: ManagedOffer | undefined): readonly string[] {
  return [
    'Sign in as a member (no guest) of your tenant who is Owner of the subscription. A partner with Admin Agent rights in your tenant can do it, too.',
    `Look at the file lighthouse-offer.json: it lets these of us in, and nobody else: ${(offer?.authorizations ?? [])
      .map(({ name, role }) => `${escapeMarkdown(name)} as ${escapeMarkdown(role.name)}`)
      .join('; ')}.`,
    `Deploy it: \`az deployment sub create --subscription ${subscription} --location westeurope --template-file lighthouse-offer.json\`. Or in the portal: Service providers > Service provider offers > Add offer > Add via template.`,
    'It shows within 15 minutes under Service providers, and can be taken back there at any time.',
  ];
}

function guestSteps({ guests = [], subscription }: ComingCustomer): readonly string[] {
  return [
    `Invite these people as guests (Microsoft Entra ID > Users > Invite external user): ${guests.map(escapeMarkdown).join(', ')}.`,
    'Make a security group of them, so that roles need not be given one by one.',
    `Give the group the role Log Analytics Contributor on subscription ${subscription} (Access control (IAM) > Add role assignment).`,
    'Let your Conditional Access accept their multifactor authentication (cross-tenant access settings), or expect them to register with you.',
    'Guests expire with your access reviews: put the group into one, and tell us its date.',
  ];
}

function applicationSteps({ application = '', tenant, subscription }: ComingCustomer, cloud: Cloud): readonly string[] {
  const link = `${cloud.authority}/${tenant}/adminconsent?client_id=${encodeURIComponent(application)}`;
  return [
    `Open this link as Cloud Application Administrator of your tenant and accept: <${link}>.`,
    'Find the enterprise application that is there now by its application ID, and check that ID: ' +
      `${escapeMarkdown(application)}.`,
    `Give it the role Log Analytics Contributor on subscription ${subscription} (Access control (IAM) > Add role assignment).`,
  ];
}

import { escapeForMail } from '../../base/markdown.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { ComingCustomer, ManagedOffer } from '../../model/onboarding.ts';
import { quoteWord } from '../changes/export.ts';
import { ownWorkspace } from './preflight/preflightCheck.ts';

/** A step before we are let in: who does it, what, and the commands that do it where there are some. */
export interface AccessStep {
  /** A sentence's beginning: `An Owner of the subscription`. */
  readonly who: string;
  /** The rest of the sentence, as Markdown. */
  readonly what: string;
  readonly run?: readonly string[];
}

/** May give roles: the same people for every way of access. */
const GIVES_ROLES = 'An Owner or User Access Administrator of the subscription';

/**
 * What an onboarding does needs this role: it makes a resource group, a workspace, and rules for machines. Where no
 * workspace is made it is rules and settings alone.
 */
function neededRole(customer: ComingCustomer): string {
  return ownWorkspace(customer) ? 'Contributor' : 'Monitoring Contributor';
}

/** Azure Lighthouse: nobody of ours exists in the customer's tenant. */
export function lighthouseSteps(
  { subscription }: ComingCustomer,
  offer: ManagedOffer | undefined,
): readonly AccessStep[] {
  return [
    {
      who: 'Whoever decides at the customer',
      what: `looks at the file lighthouse-offer.json: it lets these of us in, and nobody else: ${(
        offer?.authorizations ?? []
      )
        .map(({ name, role }) => `${escapeForMail(name)} as ${escapeForMail(role.name)}`)
        .join('; ')}.`,
    },
    {
      who: 'An Owner of the subscription who is a member of your tenant, no guest,',
      what: 'deploys it: by this command, or in the portal under Service providers > Service provider offers > Add offer > Add via template. A partner with Admin Agent rights in your tenant can do it, too.',
      run: [
        `az deployment sub create --subscription ${subscription} --location westeurope --template-file lighthouse-offer.json`,
      ],
    },
    {
      who: 'Nobody',
      what: 'has to do more: it shows within 15 minutes under Service providers, and can be taken back there at any time.',
    },
  ];
}

/** Guests: people of ours, each with an account in the customer's tenant. */
export function guestSteps(customer: ComingCustomer, cloud: Cloud): readonly AccessStep[] {
  const { guests = [], tenant } = customer;
  const graph = cloud.microsoftGraph?.origin ?? 'https://graph.microsoft.com';
  return [
    {
      who: 'A Guest Inviter or User Administrator of your tenant',
      what: `invites these people (Microsoft Entra ID > Users > Invite external user): ${guests.map(escapeForMail).join(', ')}. Each answer has the ID of the guest (invitedUser).`,
      run: guests.map((address) => {
        const invitation = {
          invitedUserEmailAddress: address,
          inviteRedirectUrl: `${cloud.portal ?? 'https://portal.azure.com'}/${tenant}`,
          sendInvitationMessage: true,
        };
        return `az rest --method post --url ${graph}/v1.0/invitations --body ${quoteWord(JSON.stringify(invitation))}`;
      }),
    },
    giveRole(customer, 'GUEST-ID', 'User', 'each of them; or make a security group of them and give it to that once'),
    {
      who: 'Each guest (our people)',
      what: 'accepts the invitation by the link in the mail, once, and signs in to your tenant:',
      run: [`az login --tenant ${tenant}`],
    },
    {
      who: 'A Conditional Access Administrator of your tenant',
      what: 'lets your policies accept their multifactor authentication (cross-tenant access settings), or expects them to register with you. Guests end with your access reviews: tell us the date of theirs.',
    },
  ];
}

/** An application of ours, installed in the customer's tenant. */
export function applicationSteps(customer: ComingCustomer, cloud: Cloud): readonly AccessStep[] {
  const { application = '', tenant } = customer;
  const link = `${cloud.authority}/${tenant}/adminconsent?client_id=${encodeURIComponent(application)}`;
  return [
    {
      who: 'A Cloud Application Administrator of your tenant',
      what: `opens this link and accepts: <${link}>. Or installs it by this command. The enterprise application that is there then has the application ID ${escapeForMail(application)}: check it, for its name proves nothing.`,
      run: [`az ad sp create --id ${quoteWord(application)}`],
    },
    {
      ...giveRole(customer, 'OBJECT-ID', 'ServicePrincipal', 'the enterprise application'),
      run: [
        `az ad sp show --id ${quoteWord(application)} --query id --output tsv`,
        ...giveRole(customer, 'OBJECT-ID', 'ServicePrincipal', '').run!,
      ],
    },
    {
      who: 'Nobody',
      what: 'sends us a secret: the application signs in to your tenant with the one it has at ours.',
    },
  ];
}

function giveRole(
  customer: ComingCustomer,
  id: string,
  kind: 'User' | 'ServicePrincipal',
  whom: string,
): AccessStep & { readonly run: readonly string[] } {
  const { subscription, resourceGroup } = customer;
  const role = neededRole(customer);
  const narrower = ownWorkspace(customer)
    ? ` Narrower: make the resource group ${escapeForMail(resourceGroup)} yourself, and give Log Analytics Contributor and Monitoring Contributor there; machines outside of it are then yours to associate.`
    : '';
  return {
    who: GIVES_ROLES,
    what: `gives the role ${role} to ${whom} (Access control (IAM) > Add role assignment).${narrower}`,
    run: [
      `az role assignment create --assignee-object-id ${id} --assignee-principal-type ${kind} --role ${quoteWord(role)} --scope /subscriptions/${subscription}`,
    ],
  };
}

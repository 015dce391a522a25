import { makeName, toNamePart } from '../../../core/onboard/names.ts';
import { DELEGATION_DELETE_ROLE, findOfferRole } from '../../../core/onboard/offerRoles.ts';
import type { FieldWord } from '../../../core/provision/fieldWords.ts';
import { isGuid, toSubscriptionId } from '../../../model/ids.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { ComingAnswers, ManagedOffer } from '../../../model/onboarding.ts';
import type { ComingView } from '../../../protocol/onboarding.ts';
import type { SubscriptionChoice } from '../createAnswers.ts';
import type { Chosen } from './comingItems.ts';

/** What the wizard of a new customer gathers; whole after its last step. */
export interface OnboardAnswers {
  readonly chosen: Chosen;
  readonly name: string;
  /** Of the list of tenants that were seen: to be given by its id or a domain. */
  readonly otherTenant: boolean;
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly access: ComingAnswers['access'];
  /** Of the list of our own tenants: to be taken from the others. */
  readonly otherManager: boolean;
  readonly managedBy: TenantId;
  readonly offerName: string;
  readonly principalId: string;
  readonly principalName: string;
  readonly role: ManagedOffer['authorizations'][number]['role'];
  readonly guests: readonly string[];
  readonly application: string;
  readonly architecture: ComingAnswers['architecture'];
  readonly centralWorkspace: string;
  /** A subscription that some account reaches. */
  readonly place: SubscriptionChoice | undefined;
  readonly subscription: string;
  readonly region: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  /** Names that the person changed: another region does not change them again. */
  readonly ownGroup: string | undefined;
  readonly ownWorkspace: string | undefined;
  readonly retentionDays: number;
  readonly dailyCapGb: number | undefined;
}

/** The answers as an entry of the file. `retentionDays` of a customer without a workspace of its own is the file's. */
export function toComing(answers: OnboardAnswers, { defaults, offers }: ComingView): ComingAnswers {
  const { name, tenant, access, architecture, region, dailyCapGb } = answers;
  const own = architecture !== 'central';
  return {
    name,
    key: toNamePart(name),
    tenant,
    subscription: toSubscriptionId(answers.subscription),
    access,
    architecture,
    region,
    resourceGroup: own ? answers.resourceGroup : '',
    workspace: own ? answers.workspace : '',
    retentionDays: own ? answers.retentionDays : (defaults.retentionDays ?? 30),
    ...(own && dailyCapGb !== undefined ? { dailyCapGb } : {}),
    ...(architecture === 'central' ? { centralWorkspace: answers.centralWorkspace } : {}),
    ...(access === 'guest' ? { guests: answers.guests } : {}),
    ...(access === 'servicePrincipal' ? { application: answers.application } : {}),
    ...(access === 'lighthouse' && !offers ? { offer: offerOf(answers) } : {}),
  };
}

/** The offer that a first customer with Azure Lighthouse brings into the file. */
function offerOf({ offerName, managedBy, principalId, principalName, role }: OnboardAnswers): ManagedOffer {
  // Without it only the customer could end the delegation.
  const end = findOfferRole(DELEGATION_DELETE_ROLE);
  const authorizations = [role, ...(end ? [end] : [])].map((one) => ({ principalId, name: principalName, role: one }));
  return { name: offerName, description: offerName, managedBy, authorizations };
}

/** Names by the file's convention; empty where it makes none that the service takes. */
export function namesOf(
  { name = '', region = '', tenant = '' as TenantId }: Partial<OnboardAnswers>,
  { patterns }: Pick<ComingView, 'patterns'>,
): { readonly workspace: string; readonly resourceGroup: string } {
  const parts = { customer: toNamePart(name), region, tenant: tenant.slice(0, 8) };
  const of = (what: 'workspace' | 'resourceGroup'): string => {
    const made = makeName(what, patterns[what], parts);
    return made.ok ? made.name : '';
  };
  return { workspace: of('workspace'), resourceGroup: of('resourceGroup') };
}

/** Of a customer's name, of which its key is made. */
export function customerNameWord(name: string, { customers }: Pick<ComingView, 'customers'>): FieldWord {
  const key = toNamePart(name);
  if (key === '') return { kind: 'wrong', text: 'Write the name as you call the customer, such as Contoso Ltd.' };
  if (key.length > 40)
    return { kind: 'wrong', text: 'Its key, of which names are made, would have more than 40 characters. Shorten it.' };
  const twin = customers.find(({ customer }) => customer.key === key);
  if (twin)
    return {
      kind: 'wrong',
      text: `The file has ${twin.customer.name} already. Choose it from the list, or take another name.`,
    };
  return { kind: 'right', text: `Its folder and names are made of "${key}".` };
}

/** Of a GUID, called so: `The object ID`. */
export function guidWord(text: string, called: string): FieldWord {
  return isGuid(text.trim())
    ? { kind: 'right', text: `${called} is a GUID.` }
    : { kind: 'wrong', text: `${called} is a GUID, such as 7656deeb-f657-4c27-bb27-61dd1bfd76dc.` };
}

/** Addresses of people, apart by commas or blanks. */
export function readGuests(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** Of addresses as typed. */
export function guestsWord(text: string): FieldWord {
  const guests = readGuests(text);
  const odd = guests.find((one) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(one));
  if (guests.length === 0) return { kind: 'wrong', text: 'Write the addresses of your people, apart by commas.' };
  if (odd !== undefined) return { kind: 'wrong', text: `"${odd}" is no address.` };
  return { kind: 'right', text: guests.length === 1 ? '1 person.' : `${guests.length} people.` };
}

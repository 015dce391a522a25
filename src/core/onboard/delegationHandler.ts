import { AppError } from '../../base/errors.ts';
import type { ManagedOffer } from '../../model/onboarding.ts';
import type { DelegationNow, DelegationPort } from '../../ports/onboarding.ts';
import { asTemplateTexts } from '../changes/asTemplateTexts.ts';
import type { ExportablePlan } from '../changes/joinPlans.ts';
import type { ChangeHandler, Effect, Intent } from '../changes/changeHandler.ts';
import type { TenantId } from '../../model/ids.ts';
import { checkOffer, offerProperties } from './lighthouseOffer.ts';
import type { OfferNames } from './lighthouseOffer.ts';
import { findOfferRole } from './offerRoles.ts';

/** A delegation that is to be there as offered, or to end. `place` is what its scope is called, for people. */
export type DelegationWanted =
  | {
      readonly kind: 'present';
      readonly offer: ManagedOffer;
      readonly definition: string;
      readonly place: string;
      readonly owner: TenantId;
    }
  | { readonly kind: 'absent'; readonly offerName: string; readonly place: string };

const VERSION = '2022-10-01';

/** The intent that an offer is accepted at `scope`, an ARM id of a subscription or resource group. */
export function wantDelegation(
  offer: ManagedOffer,
  names: OfferNames,
  at: { readonly scope: string; readonly place: string; readonly owner: TenantId },
): Intent<DelegationWanted> {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(at.scope)?.[0] ?? '';
  return {
    id: `delegation ${offer.name}`,
    resource: 'delegation',
    target: `${at.scope}/providers/Microsoft.ManagedServices/registrationAssignments/${names.assignment}`,
    wanted: {
      kind: 'present',
      offer,
      definition: `${subscription}/providers/Microsoft.ManagedServices/registrationDefinitions/${names.definition}`,
      place: at.place,
      owner: at.owner,
    },
  };
}

/** The intent that an acceptance (its ARM id) is taken back. `place`: what its scope is called, for people. */
export function wantDelegationEnd(target: string, offerName: string, place: string): Intent<DelegationWanted> {
  return {
    id: `end of ${target.toLowerCase()}`,
    resource: 'delegation',
    target,
    wanted: { kind: 'absent', offerName, place },
  };
}

/** Azure Lighthouse: accepting an offer, changing it, and taking the acceptance back. */
export function delegationHandler(port: DelegationPort): ChangeHandler<DelegationWanted, DelegationNow> {
  return {
    resource: 'delegation',
    noun: 'delegation',
    read: ({ target }, { issuer, signal }) => port.delegation(issuer, target, signal),
    diff: ({ wanted }, now) => (wanted.kind === 'present' ? diffOffer(wanted, now) : diffEnd(wanted, now)),
    apply: ({ target, wanted }, _action, { issuer, signal }) =>
      wanted.kind === 'present'
        ? port.putDelegation(issuer, { definition: wanted.definition, assignment: target }, wanted.offer, signal)
        : port.deleteDelegation(issuer, target, signal),
    verify: ({ wanted }, now) => {
      if (wanted.kind === 'absent')
        return now ? { state: 'pending', what: 'the delegation is still shown' } : { state: 'verified' };
      if (!now) return { state: 'pending', what: 'the delegation is not shown yet' };
      if (now.provisioningState !== 'Succeeded') return { state: 'pending', what: now.provisioningState };
      return sameRoles(wanted.offer, now)
        ? { state: 'verified' }
        : { state: 'pending', what: 'the roles of the delegation are not shown yet' };
    },
    describe: ({ wanted }, now) => now && `delegation "${now.offerName}" of ${wanted.place}`,
    requests: ({ target, wanted }) =>
      wanted.kind === 'absent' ? [{ method: 'DELETE', path: target, apiVersion: VERSION }] : [],
    commands: ({ target, wanted }) => commandsOf(target, wanted),
    templateResources: ({ target, wanted }) => (wanted.kind === 'present' ? resourcesOf(target, wanted) : []),
  };
}

/** Accepting an offer as an export says it, for who is not let in yet and cannot look at what is there. */
export function offerPlan(intent: Intent<DelegationWanted>, tenant: TenantId): ExportablePlan {
  const { target, wanted } = intent;
  if (wanted.kind === 'absent') return { title: '', source: { tenant, secrets: [], steps: [] } };
  const { title } = diffOffer(wanted, undefined);
  const resources = resourcesOf(target, wanted);
  const step = {
    title,
    action: 'create',
    target,
    resources,
    commands: commandsOf(target, wanted),
    requests: [],
  } as const;
  return { title: `${title}, at ${wanted.place}`, source: { tenant, secrets: [], steps: [step] } };
}

type Present = DelegationWanted & { readonly kind: 'present' };

function diffOffer({ offer, place, owner }: Present, now: DelegationNow | undefined): Effect {
  const { refused, warnings } = checkOffer(offer);
  if (refused.length > 0) throw new AppError('input.offer', refused.join(' '));
  if (owner === offer.managedBy)
    throw new AppError('input.offer', `The offer is of tenant ${owner} itself: nobody delegates to himself.`);
  if (now && now.managedBy.toLowerCase() === offer.managedBy && sameRoles(offer, now))
    return {
      action: 'none',
      title: `The offer "${offer.name}" is accepted already`,
      detail: `At ${place}, with these roles`,
      differences: [],
    };
  const before = now ? rolesText(now.authorizations) : undefined;
  return {
    action: now ? 'update' : 'create',
    title: `${now ? 'Change' : 'Accept'} the offer "${offer.name}" of Azure Lighthouse`,
    detail: `At ${place}; the managing tenant is ${offer.managedBy}`,
    differences: [
      {
        name: 'Roles',
        ...(before === undefined ? {} : { before }),
        after: rolesText(offer.authorizations.map(({ principalId, role }) => ({ principalId, roleId: role.id }))),
      },
    ],
    warnings: [
      ...warnings,
      "Only a member of the customer's own tenant who may give roles (Owner) can do this, no guest.",
      'It takes up to 15 minutes until the delegation shows.',
    ],
  };
}

function diffEnd(
  { offerName, place }: DelegationWanted & { readonly kind: 'absent' },
  now: DelegationNow | undefined,
): Effect {
  if (!now)
    return { action: 'none', title: `The delegation "${offerName}" has ended`, detail: `At ${place}`, differences: [] };
  return {
    action: 'delete',
    title: `End the delegation "${offerName}"`,
    detail: `At ${place}: none of your people sees it any more`,
    differences: [{ name: 'Roles', before: rolesText(now.authorizations) }],
  };
}

/** As requests: the commands of `az managedservices` speak an older version of the API. */
function commandsOf(target: string, wanted: DelegationWanted): readonly (readonly string[])[] {
  const put = (id: string, properties: object): readonly string[] => [
    ...['rest', '--method', 'put', '--url', `${id}?api-version=${VERSION}`],
    ...['--body', JSON.stringify({ properties })],
  ];
  if (wanted.kind === 'absent') return [['rest', '--method', 'delete', '--url', `${target}?api-version=${VERSION}`]];
  const { offer, definition } = wanted;
  return [put(definition, offerProperties(offer)), put(target, { registrationDefinitionId: definition })];
}

/** Of a subscription's deployment: `az deployment sub create`. */
function resourcesOf(target: string, { offer, definition }: Present): readonly object[] {
  const definitionName = definition.slice(definition.lastIndexOf('/') + 1);
  const id = `[subscriptionResourceId('Microsoft.ManagedServices/registrationDefinitions', '${definitionName}')]`;
  return [
    {
      type: 'Microsoft.ManagedServices/registrationDefinitions',
      apiVersion: VERSION,
      name: definitionName,
      properties: asTemplateTexts(offerProperties(offer)),
    },
    {
      type: 'Microsoft.ManagedServices/registrationAssignments',
      apiVersion: VERSION,
      name: partsOf(target).name,
      dependsOn: [id],
      properties: { registrationDefinitionId: id },
    },
  ];
}

function partsOf(target: string): { readonly scope: string; readonly name: string } {
  const at = target.toLowerCase().lastIndexOf('/providers/microsoft.managedservices/');
  return { scope: target.slice(0, at), name: target.slice(target.lastIndexOf('/') + 1) };
}

function sameRoles({ authorizations }: ManagedOffer, now: DelegationNow): boolean {
  const wanted = new Set(authorizations.map(({ principalId, role }) => `${principalId} ${role.id}`.toLowerCase()));
  const there = new Set(now.authorizations.map(({ principalId, roleId }) => `${principalId} ${roleId}`.toLowerCase()));
  return wanted.size === there.size && [...wanted].every((one) => there.has(one));
}

function rolesText(authorizations: DelegationNow['authorizations']): string {
  return authorizations
    .map(({ principalId, roleId }) => `${findOfferRole(roleId)?.name ?? roleId} for ${principalId}`)
    .sort()
    .join('; ');
}

import { mayDo } from '../access.ts';
import { isWithin, key, parseArmId } from '../armId.ts';
import { findSubscription } from '../lookup.ts';
import { armError } from '../router.ts';
import type { Delegation, World } from '../state.ts';
import type { OfferProperties } from '../governance.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { findOffer, offerId, offerOf, putAssignment, putOffer } from './lighthouseWrites.ts';
import { readInput } from './workspaces.ts';

const NAMESPACE = 'Microsoft.ManagedServices';

/** Azure Lighthouse: registration assignments and definitions of a subscription or resource group. */
export function registerLighthouse(gate: ArmGate): void {
  const { world } = gate;
  for (const at of [
    '/subscriptions/{subscriptionId}',
    '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}',
  ]) {
    const assignments = `${at}/providers/${NAMESPACE}/registrationAssignments`;
    const definitions = `${at}/providers/${NAMESPACE}/registrationDefinitions`;
    const read = (type: string): { type: string; action: string } => ({
      type: `${NAMESPACE}/${type}`,
      action: `${NAMESPACE}/${type}/read`,
    });
    gate.add('GET', assignments, read('registrationAssignments'), (call) => ({
      status: 200,
      body: { value: delegationsAt(world, call).map((delegation) => toAssignment(world, delegation, expands(call))) },
    }));
    gate.add('GET', `${assignments}/{name}`, read('registrationAssignments'), (call) => {
      const found = delegationsAt(world, call).find(
        (delegation) => key(delegation.assignmentName) === key(call.ctx.params['name']!),
      );
      if (!found)
        throw armError(
          404,
          'RegistrationAssignmentNotFound',
          `The registration assignment '${call.ctx.params['name']}' was not found.`,
        );
      return { status: 200, body: toAssignment(world, found, expands(call)) };
    });
    gate.add('GET', definitions, read('registrationDefinitions'), (call) => ({
      status: 200,
      body: { value: definitionsAt(world, call) },
    }));
    gate.add('GET', `${definitions}/{name}`, read('registrationDefinitions'), (call) => {
      const found = delegationsAt(world, call).find(
        (delegation) => key(delegation.definitionName) === key(call.ctx.params['name']!),
      );
      const { subscriptionId } = call.subscription;
      const offer = found ? undefined : findOffer(world, subscriptionId, call.ctx.params['name']!);
      if (found) return { status: 200, body: toDefinition(world, found) };
      if (!offer)
        throw armError(
          404,
          'RegistrationDefinitionNotFound',
          `The registration definition '${call.ctx.params['name']}' was not found.`,
        );
      return { status: 200, body: toOffer(world, offer, subscriptionId) };
    });
    gate.add('PUT', `${definitions}/{name}`, { type: `${NAMESPACE}/registrationDefinitions` }, (call) => {
      const { ctx } = call;
      const { offer, isNew } = putOffer(
        world,
        call,
        scopeOf(call),
        ctx.params['name']!,
        readInput<object>(ctx.json(), ctx.body),
      );
      return { status: isNew ? 201 : 200, body: toOffer(world, offer, call.subscription.subscriptionId) };
    });
    gate.add(
      'DELETE',
      `${definitions}/{name}`,
      { type: `${NAMESPACE}/registrationDefinitions`, action: `${NAMESPACE}/registrationDefinitions/delete` },
      (call) => {
        const name = call.ctx.params['name']!;
        if (world.delegations.some((one) => key(one.definitionName) === key(name)))
          throw armError(
            409,
            'RegistrationDefinitionInUse',
            `The registration definition '${name}' has registration assignments. Remove them first.`,
          );
        const had = world.governance.delete(key(offerId(call.subscription.subscriptionId, name)));
        world.touch();
        return { status: had ? 200 : 204 };
      },
    );
    gate.add('PUT', `${assignments}/{name}`, { type: `${NAMESPACE}/registrationAssignments` }, (call) => {
      const { ctx } = call;
      const { delegation, isNew } = putAssignment(
        world,
        call,
        scopeOf(call),
        ctx.params['name']!,
        readInput<object>(ctx.json(), ctx.body),
      );
      return { status: isNew ? 201 : 200, body: toAssignment(world, delegation, false) };
    });
    gate.add(
      'DELETE',
      `${assignments}/{name}`,
      {
        type: `${NAMESPACE}/registrationAssignments`,
        action: `${NAMESPACE}/registrationAssignments/delete`,
      },
      (call) => {
        const at = world.delegations.findIndex(
          (delegation) =>
            key(delegation.assignmentName) === key(call.ctx.params['name']!) &&
            isWithin(delegation.scope, scopeOf(call)),
        );
        if (at < 0) return { status: 204 };
        const [gone] = world.delegations.splice(at, 1);
        // The offer stays with the subscription.
        const { subscriptionId } = call.subscription;
        world.governance.set(key(offerId(subscriptionId, gone!.definitionName)), offerOf(gone!, subscriptionId));
        world.touch();
        return { status: 200 };
      },
    );
  }
}

function expands({ ctx }: ArmCall): boolean {
  return /^true$/i.test(ctx.query('$expandRegistrationDefinition') ?? '');
}

function scopeOf({ ctx }: ArmCall): string {
  return ctx.path.slice(0, ctx.path.toLowerCase().indexOf('/providers/microsoft.managedservices'));
}

/**
 * Delegations at the scope itself (a subscription shows its groups' too), filtered by `$filter=managedByTenantId eq|in
 * …`.
 */
function delegationsAt(world: World, call: ArmCall): Delegation[] {
  const filter = call.ctx.query('$filter');
  const wanted =
    filter === undefined
      ? undefined
      : [...filter.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi)].map(([id]) => key(id));
  if (filter !== undefined && !/managedByTenantId\s+(eq|in)\b/i.test(filter)) {
    throw armError(400, 'InvalidFilter', `The filter '${filter}' is not supported: use managedByTenantId eq or in.`);
  }
  const at = scopeOf(call);
  return world.delegations.filter(
    ({ scope, managedByTenantId }) =>
      isWithin(scope, at) &&
      (!wanted || wanted.includes(key(managedByTenantId))) &&
      mayDo(call.grants, `${NAMESPACE}/registrationAssignments/read`, scope),
  );
}

/** Offers in use at the scope, and at a subscription those that nothing uses, too. */
function definitionsAt(world: World, call: ArmCall): LighthouseResource[] {
  const used = delegationsAt(world, call);
  const { subscriptionId } = call.subscription;
  const unused = [...world.governance.values()].flatMap((one) =>
    one.kind === 'offer' &&
    key(offerId(one.subscriptionId, one.definitionName)) === key(offerId(subscriptionId, one.definitionName)) &&
    !call.ctx.params['resourceGroup'] &&
    !world.delegations.some(({ definitionName }) => key(definitionName) === key(one.definitionName)) &&
    mayDo(call.grants, `${NAMESPACE}/registrationDefinitions/read`, scopeOf(call))
      ? [one]
      : [],
  );
  return [
    ...used.map((delegation) => toDefinition(world, delegation)),
    ...unused.map((offer) => toOffer(world, offer, subscriptionId)),
  ];
}

function offerProperties(world: World, offer: OfferProperties, subscriptionId: string): object {
  const managee = findSubscription(world, subscriptionId)?.tenantId ?? '';
  const nameOf = (tenantId: string): string => world.tenants.get(key(tenantId))?.displayName ?? '';
  return {
    description: offer.description,
    registrationDefinitionName: offer.offerName,
    authorizations: offer.authorizations,
    eligibleAuthorizations: offer.eligibleAuthorizations,
    managedByTenantId: offer.managedByTenantId,
    managedByTenantName: nameOf(offer.managedByTenantId),
    manageeTenantId: managee,
    manageeTenantName: nameOf(managee),
    provisioningState: 'Succeeded',
  };
}

/** A resource of Azure Lighthouse, as Resource Manager writes it. */
interface LighthouseResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly properties: object;
}

/** The offer: who manages, with which roles (managedservices 2022-10-01, examples/GetRegistrationDefinition.json). */
export function toDefinition(world: World, delegation: Delegation): LighthouseResource {
  return toOffer(world, delegation, parseArmId(delegation.scope).subscriptionId!);
}

function toOffer(
  world: World,
  offer: OfferProperties & { readonly definitionName: string },
  subscriptionId: string,
): LighthouseResource {
  return {
    id: offerId(subscriptionId, offer.definitionName),
    name: offer.definitionName,
    type: `${NAMESPACE}/registrationDefinitions`,
    properties: offerProperties(world, offer, subscriptionId),
  };
}

/** The acceptance of an offer at a scope; with `expand` the offer is in it. */
export function toAssignment(world: World, delegation: Delegation, expand: boolean): LighthouseResource {
  return {
    id: `${delegation.scope}/providers/${NAMESPACE}/registrationAssignments/${delegation.assignmentName}`,
    name: delegation.assignmentName,
    type: `${NAMESPACE}/registrationAssignments`,
    properties: {
      registrationDefinitionId: offerId(parseArmId(delegation.scope).subscriptionId!, delegation.definitionName),
      provisioningState: 'Succeeded',
      ...(expand ? { registrationDefinition: toDefinition(world, delegation) } : {}),
    },
  };
}

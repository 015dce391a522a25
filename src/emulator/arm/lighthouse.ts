import { mayDo } from '../access.ts';
import { isWithin, key, parseArmId } from '../armId.ts';
import { findSubscription } from '../lookup.ts';
import { armError } from '../router.ts';
import type { Delegation, World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';

const NAMESPACE = 'Microsoft.ManagedServices';

/** Azure Lighthouse: registration assignments and definitions of a subscription or resource group, to read. */
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
      body: { value: delegationsAt(world, call).map((delegation) => toDefinition(world, delegation)) },
    }));
    gate.add('GET', `${definitions}/{name}`, read('registrationDefinitions'), (call) => {
      const found = delegationsAt(world, call).find(
        (delegation) => key(delegation.definitionName) === key(call.ctx.params['name']!),
      );
      if (!found)
        throw armError(
          404,
          'RegistrationDefinitionNotFound',
          `The registration definition '${call.ctx.params['name']}' was not found.`,
        );
      return { status: 200, body: toDefinition(world, found) };
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
        world.delegations.splice(at, 1);
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

function definitionId({ scope, definitionName }: Delegation): string {
  return `/subscriptions/${parseArmId(scope).subscriptionId}/providers/${NAMESPACE}/registrationDefinitions/${definitionName}`;
}

function definitionProperties(world: World, delegation: Delegation): object {
  const managee = findSubscription(world, parseArmId(delegation.scope).subscriptionId!)?.tenantId ?? '';
  const nameOf = (tenantId: string): string => world.tenants.get(key(tenantId))?.displayName ?? '';
  return {
    description: delegation.description,
    registrationDefinitionName: delegation.offerName,
    authorizations: delegation.authorizations,
    eligibleAuthorizations: delegation.eligibleAuthorizations,
    managedByTenantId: delegation.managedByTenantId,
    managedByTenantName: nameOf(delegation.managedByTenantId),
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
  return {
    id: definitionId(delegation),
    name: delegation.definitionName,
    type: `${NAMESPACE}/registrationDefinitions`,
    properties: definitionProperties(world, delegation),
  };
}

/** The acceptance of an offer at a scope; with `expand` the offer is in it. */
export function toAssignment(world: World, delegation: Delegation, expand: boolean): LighthouseResource {
  return {
    id: `${delegation.scope}/providers/${NAMESPACE}/registrationAssignments/${delegation.assignmentName}`,
    name: delegation.assignmentName,
    type: `${NAMESPACE}/registrationAssignments`,
    properties: {
      registrationDefinitionId: definitionId(delegation),
      provisioningState: 'Succeeded',
      ...(expand ? { registrationDefinition: toDefinition(world, delegation) } : {}),
    },
  };
}

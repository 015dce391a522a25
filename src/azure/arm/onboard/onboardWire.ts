import type { WhatIfChange } from '../../../model/onboarding.ts';
import type { DelegationNow, ListedDelegation, ListedSetting, Permission } from '../../../ports/onboarding.ts';
import { toList, toObject, toText } from '../assess/wire.ts';

/** A registration assignment with its definition in it (`$expandRegistrationDefinition`). */
export function toDelegation(wire: unknown): DelegationNow {
  const { registrationDefinition, provisioningState } = toObject(toObject(wire)['properties']);
  const definition = toObject(toObject(registrationDefinition)['properties']);
  return {
    offerName: toText(definition['registrationDefinitionName']),
    managedBy: toText(definition['managedByTenantId']),
    authorizations: toList(definition['authorizations'])
      .map(toObject)
      .map(({ principalId, roleDefinitionId }) => {
        const role = toText(roleDefinitionId);
        return { principalId: toText(principalId), roleId: role.slice(role.lastIndexOf('/') + 1) };
      }),
    provisioningState: toText(provisioningState),
  };
}

/** A list of registration assignments. */
export function toDelegations(wire: unknown): readonly ListedDelegation[] {
  return toList(toObject(wire)['value']).map((one) => {
    const armId = toText(toObject(one)['id']);
    const at = armId.toLowerCase().lastIndexOf('/providers/microsoft.managedservices/');
    return { ...toDelegation(one), armId, scope: armId.slice(0, at) };
  });
}

/** Diagnostic settings of a list. */
export function toSettings(items: readonly unknown[]): readonly ListedSetting[] {
  return items.map(toObject).map(({ id, name, properties }) => {
    const workspace = toText(toObject(properties)['workspaceId']);
    return { armId: toText(id), name: toText(name), ...(workspace === '' ? {} : { workspace }) };
  });
}

/** The caller's permissions at a scope. */
export function toPermissions(wire: unknown): readonly Permission[] {
  return toList(toObject(wire)['value'])
    .map(toObject)
    .map(({ actions, notActions, dataActions, notDataActions }) => ({
      actions: toList(actions).map(toText),
      notActions: toList(notActions).map(toText),
      dataActions: toList(dataActions).map(toText),
      notDataActions: toList(notDataActions).map(toText),
    }));
}

/** Assignments of the policies that a check of restrictions found in the way. */
export function toRefusingPolicies(wire: unknown): readonly string[] {
  const { policyEvaluations } = toObject(toObject(wire)['contentEvaluationResult']);
  const found = toList(policyEvaluations)
    .map(toObject)
    .filter(({ evaluationResult }) => /^NonCompliant$/i.test(toText(evaluationResult)))
    .map(({ policyInfo }) => toText(toObject(policyInfo)['policyAssignmentId']));
  return [...new Set(found)];
}

/** Changes of a what-if. */
export function toWhatIf(wire: unknown): readonly WhatIfChange[] {
  const { changes } = toObject(toObject(wire)['properties']);
  return toList(changes)
    .map(toObject)
    .map(({ resourceId, changeType }) => ({ armId: toText(resourceId), change: toText(changeType) }));
}

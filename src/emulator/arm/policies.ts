import { armError } from '../router.ts';
import type { World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { assignmentId, definitionId, violationsOf } from './policyRules.ts';
import type { WrittenContent } from './policyRules.ts';
import { readInput } from './workspaces.ts';

const ACTION = 'Microsoft.PolicyInsights/checkPolicyRestrictions';

/**
 * What policies would say of a resource before it is written (policyinsights 2022-03-01,
 * PolicyRestrictions_CheckAtResourceGroupScope.json): the content's own evaluation; of pending fields nothing is known.
 */
export function registerPolicies(gate: ArmGate): void {
  for (const at of [
    '/subscriptions/{subscriptionId}',
    '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}',
  ])
    gate.add(
      'POST',
      `${at}/providers/${ACTION}`,
      { type: ACTION, action: `${ACTION}/read`, readOnly: true },
      (call) => ({ status: 200, body: restrictions(gate.world, call) }),
    );
}

function restrictions(world: World, { ctx }: ArmCall): object {
  const { resourceDetails } = readInput<{ resourceDetails?: { resourceContent?: WrittenContent } }>(
    ctx.json(),
    ctx.body,
  );
  const content = resourceDetails?.resourceContent;
  if (typeof content?.type !== 'string')
    throw armError(400, 'InvalidCheckRestrictionsRequest', "The 'type' of the resource content is missing.");
  const scope = ctx.path.slice(0, ctx.path.toLowerCase().indexOf('/providers/microsoft.policyinsights'));
  return {
    fieldRestrictions: [],
    contentEvaluationResult: {
      policyEvaluations: violationsOf(world, scope, content).map(({ policy, expression }) => ({
        policyInfo: { policyDefinitionId: definitionId(policy), policyAssignmentId: assignmentId(policy) },
        evaluationResult: 'NonCompliant',
        evaluationDetails: { evaluatedExpressions: [expression] },
      })),
    },
  };
}

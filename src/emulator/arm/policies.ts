import { isWithin, key } from '../armId.ts';
import type { DenyPolicy } from '../governance.ts';
import { armError } from '../router.ts';
import type { World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { readInput } from './workspaces.ts';

const ACTION = 'Microsoft.PolicyInsights/checkPolicyRestrictions';

/** What policies look at of a resource that is written. */
interface Content {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly location?: unknown;
  readonly tags?: unknown;
}

interface Violation {
  readonly policy: DenyPolicy;
  readonly expression: object;
}

/** Types that are no resources of their own, or that no built-in policy of locations looks at. */
const UNTOUCHED = /^microsoft\.(?:authorization|managedservices|resources\/deployments|policyinsights)/i;

/**
 * Refuses a write that a policy of effect Deny forbids: 403 RequestDisallowedByPolicy, as
 * azure-docs, troubleshooting/error-policy-requestdisallowedbypolicy.md shows it.
 */
export function checkPolicies(world: World, id: string, content: Content): void {
  const violations = violationsOf(world, id, content);
  if (violations.length === 0) return;
  const identifiers = violations.map(({ policy }) => ({
    policyAssignment: { name: policy.displayName, id: assignmentId(policy) },
    policyDefinition: { name: policy.displayName, id: definitionId(policy) },
  }));
  const name = id.slice(id.lastIndexOf('/') + 1);
  throw armError(
    403,
    'RequestDisallowedByPolicy',
    `Resource '${name}' was disallowed by policy. Policy identifiers: '${JSON.stringify(identifiers)}'.`,
    { target: name },
  );
}

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
  const { resourceDetails } = readInput<{ resourceDetails?: { resourceContent?: Content } }>(ctx.json(), ctx.body);
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

function violationsOf(world: World, id: string, content: Content): Violation[] {
  const type = typeof content.type === 'string' ? content.type : '';
  if (UNTOUCHED.test(type)) return [];
  return [...world.governance.values()].flatMap((policy): Violation[] => {
    if (policy.kind !== 'policy' || !isWithin(id, policy.scope)) return [];
    if (policy.types && !policy.types.some((one) => key(one) === key(type))) return [];
    return violated(policy, content).map((expression) => ({ policy, expression }));
  });
}

function violated({ locations, tag }: DenyPolicy, { location, tags }: Content): object[] {
  const expression = (path: string, value: unknown, operator: string, target: unknown): object => ({
    result: 'True',
    expressionKind: 'Field',
    expression: path,
    path,
    ...(value === undefined ? {} : { expressionValue: value }),
    targetValue: target,
    operator,
  });
  const where = typeof location === 'string' ? location.replaceAll(' ', '') : undefined;
  return [
    ...(locations && where !== undefined && !locations.some((one) => key(one) === key(where))
      ? [expression('location', where, 'NotIn', locations)]
      : []),
    // Of mode Indexed: what has no region has no tags to ask for.
    ...(tag !== undefined &&
    where !== undefined &&
    !Object.keys((tags as object | undefined) ?? {}).some((name) => key(name) === key(tag))
      ? [expression(`tags[${tag}]`, undefined, 'Exists', 'false')]
      : []),
  ];
}

function assignmentId({ scope, name }: DenyPolicy): string {
  return `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;
}

function definitionId({ name }: DenyPolicy): string {
  return `/providers/Microsoft.Authorization/policyDefinitions/${name}`;
}

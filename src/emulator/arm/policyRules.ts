import { isWithin, key } from '../armId.ts';
import type { DenyPolicy } from '../governance.ts';
import { armError } from '../router.ts';
import type { World } from '../state.ts';

/** What policies look at of a resource that is written. */
export interface WrittenContent {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly location?: unknown;
  readonly tags?: unknown;
}

/** A policy that a resource would violate, and the expression that says why. */
export interface Violation {
  readonly policy: DenyPolicy;
  readonly expression: object;
}

/** Types that are no resources of their own, or that no built-in policy of locations looks at. */
const UNTOUCHED = /^microsoft\.(?:authorization|managedservices|resources\/deployments|policyinsights)/i;

/**
 * Refuses a write that a policy of effect Deny forbids: 403 RequestDisallowedByPolicy, as
 * azure-docs, troubleshooting/error-policy-requestdisallowedbypolicy.md shows it.
 */
export function checkPolicies(world: World, id: string, content: WrittenContent): void {
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

/** The policies that forbid a resource of this content at an id. */
export function violationsOf(world: World, id: string, content: WrittenContent): Violation[] {
  const type = typeof content.type === 'string' ? content.type : '';
  if (UNTOUCHED.test(type)) return [];
  return [...world.governance.values()].flatMap((policy): Violation[] => {
    if (policy.kind !== 'policy' || !isWithin(id, policy.scope)) return [];
    if (policy.types && !policy.types.some((one) => key(one) === key(type))) return [];
    return violated(policy, content).map((expression) => ({ policy, expression }));
  });
}

function violated({ locations, tag }: DenyPolicy, { location, tags }: WrittenContent): object[] {
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

/** ARM id of a policy's assignment. */
export function assignmentId({ scope, name }: DenyPolicy): string {
  return `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;
}

/** ARM id of its definition. */
export function definitionId({ name }: DenyPolicy): string {
  return `/providers/Microsoft.Authorization/policyDefinitions/${name}`;
}

import { AppError } from '../../base/errors.ts';
import type { TenantId } from '../../model/ids.ts';
import type { CentrePort, RoleAssignmentNow } from '../../ports/centre.ts';
import { lighthouseLimit, limitText } from '../access/lighthouseLimits.ts';
import type { ChangeHandler, Effect } from '../changes/changeHandler.ts';

/** Who sends rows: an identity of the centre's own tenant. */
export interface CentreWriter {
  /** Object ID (guid). */
  readonly principalId: string;
  /** As people know it. */
  readonly name: string;
  readonly principalType?: 'User' | 'Group' | 'ServicePrincipal';
}

/** A role that somebody is to have. */
export interface RoleAssignmentWanted {
  readonly scope: string;
  /** What the scope is called, for people. */
  readonly scopeName: string;
  readonly role: { readonly id: string; readonly name: string; readonly ofData: boolean };
  readonly writer: CentreWriter;
  /** The tenant that owns the scope, and the one whose token gives the role. */
  readonly owner: TenantId;
  readonly issuer: TenantId;
  /** What it is to hold for only (ABAC 2.0); absent for all of the scope. */
  readonly condition?: string;
}

/** What lets an identity send rows through a data collection rule. It is a role on data: nobody has it by Owner. */
export const METRICS_PUBLISHER = {
  id: '3913510d-42f4-4e42-8a64-420c390055eb',
  name: 'Monitoring Metrics Publisher',
  ofData: true,
} as const;

type RolePort = Pick<CentrePort, 'roleAssignments' | 'putRoleAssignment'>;

/** Role assignments. One that is there, also from above, stays as it is. */
export function roleAssignmentHandler(port: RolePort): ChangeHandler<RoleAssignmentWanted, RoleAssignmentNow> {
  return {
    resource: 'roleAssignment',
    noun: 'role assignment',
    read: async ({ target, wanted: { scope, role, writer, condition } }, { issuer, signal }) => {
      const there = await port.roleAssignments(issuer, scope, writer.principalId, signal);
      const same = there.filter(({ roleId }) => roleId.toLowerCase() === role.id);
      // One that holds for everything does more than any with a condition; another with a condition is another.
      const whole = same.find((one) => one.condition === undefined);
      return condition === undefined
        ? (whole ?? same[0])
        : (whole ?? same.find(({ armId }) => armId.toLowerCase() === target.toLowerCase()));
    },
    diff: ({ wanted }, now): Effect => {
      const { role, writer, scopeName, owner, issuer, condition } = wanted;
      if (now && condition !== undefined && now.condition === undefined)
        throw new AppError(
          'input.widerRole',
          `${writer.name} has ${role.name} on ${scopeName} or above it without a condition. Take it away first.`,
        );
      if (now && condition !== undefined && !isSameCondition(now.condition, condition))
        return {
          action: 'update',
          title: `Change what ${writer.name} reads by ${role.name}`,
          detail: `On ${scopeName}`,
          differences: [{ name: 'condition', before: now.condition ?? '', after: condition }],
        };
      if (now)
        return {
          action: 'none',
          title: `${writer.name} has ${role.name} already`,
          detail: `On ${scopeName}`,
          differences: [],
        };
      const limit = lighthouseLimit({
        action: 'giveRole',
        path: owner === issuer ? 'home' : 'lighthouse',
        role,
        ...(writer.principalType === undefined ? {} : { principal: writer.principalType }),
      });
      if (!limit.allowed)
        throw new AppError('access.delegatedRole', `On ${scopeName} of tenant ${owner}: ${limitText(limit)}`);
      return {
        action: 'create',
        title: `Give ${writer.name} the role ${role.name}`,
        detail: condition === undefined ? `On ${scopeName} alone` : `On ${scopeName} alone, where ${condition}`,
        differences: [],
        warnings: [`A new role takes up to 30 minutes until it works: until then rows are refused.`],
      };
    },
    apply: ({ target, wanted: { role, writer, condition } }, _action, { issuer, signal }) => {
      const { principalId, principalType } = writer;
      const body = {
        roleId: role.id,
        principalId,
        ...(principalType === undefined ? {} : { principalType }),
        ...(condition === undefined ? {} : { condition }),
      };
      return port.putRoleAssignment(issuer, target, body, signal);
    },
    verify: ({ wanted }, now) =>
      now && (wanted.condition === undefined || isSameCondition(now.condition, wanted.condition))
        ? { state: 'verified' }
        : { state: 'pending', what: `the role of ${wanted.writer.name} is not shown yet` },
    describe: ({ wanted }, now) => now && `role ${wanted.role.name} of ${wanted.writer.name}`,
    commands: ({ target, wanted: { scope, role, writer, condition } }) => [
      [
        ...['role', 'assignment', 'create', '--name', target.slice(target.lastIndexOf('/') + 1)],
        ...['--scope', scope, '--role', role.id],
        ...['--assignee-object-id', writer.principalId],
        ...(writer.principalType === undefined ? [] : ['--assignee-principal-type', writer.principalType]),
        ...(condition === undefined ? [] : ['--condition', condition, '--condition-version', '2.0']),
      ],
    ],
    templateResources: ({ target, wanted: { scope, role, writer, condition } }) => [
      {
        type: 'Microsoft.Authorization/roleAssignments',
        apiVersion: '2022-04-01',
        name: target.slice(target.lastIndexOf('/') + 1),
        scope,
        properties: {
          roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${role.id}')]`,
          principalId: writer.principalId,
          ...(writer.principalType === undefined ? {} : { principalType: writer.principalType }),
          ...(condition === undefined ? {} : { condition, conditionVersion: '2.0' }),
        },
      },
    ],
  };
}

/** The service may lay a condition out anew. */
function isSameCondition(one: string | undefined, other: string | undefined): boolean {
  return one?.replaceAll(/\s+/g, '') === other?.replaceAll(/\s+/g, '');
}

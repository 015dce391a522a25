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
    read: async ({ wanted: { scope, role, writer } }, { issuer, signal }) => {
      const there = await port.roleAssignments(issuer, scope, writer.principalId, signal);
      return there.find(({ roleId }) => roleId.toLowerCase() === role.id);
    },
    diff: ({ wanted }, now): Effect => {
      const { role, writer, scopeName, owner, issuer } = wanted;
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
        detail: `On ${scopeName} alone`,
        differences: [],
        warnings: [`A new role takes up to 30 minutes until it works: until then rows are refused.`],
      };
    },
    apply: ({ target, wanted: { role, writer } }, _action, { issuer, signal }) => {
      const { principalId, principalType } = writer;
      const body = { roleId: role.id, principalId, ...(principalType === undefined ? {} : { principalType }) };
      return port.putRoleAssignment(issuer, target, body, signal);
    },
    verify: ({ wanted }, now) =>
      now ? { state: 'verified' } : { state: 'pending', what: `the role of ${wanted.writer.name} is not shown yet` },
    describe: ({ wanted }, now) => now && `role ${wanted.role.name} of ${wanted.writer.name}`,
    commands: ({ target, wanted: { scope, role, writer } }) => [
      [
        ...['role', 'assignment', 'create', '--name', target.slice(target.lastIndexOf('/') + 1)],
        ...['--scope', scope, '--role', role.id],
        ...['--assignee-object-id', writer.principalId],
        ...(writer.principalType === undefined ? [] : ['--assignee-principal-type', writer.principalType]),
      ],
    ],
    templateResources: ({ target, wanted: { scope, role, writer } }) => [
      {
        type: 'Microsoft.Authorization/roleAssignments',
        apiVersion: '2022-04-01',
        name: target.slice(target.lastIndexOf('/') + 1),
        scope,
        properties: {
          roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${role.id}')]`,
          principalId: writer.principalId,
          ...(writer.principalType === undefined ? {} : { principalType: writer.principalType }),
        },
      },
    ],
  };
}

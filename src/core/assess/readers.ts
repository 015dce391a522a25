import type { ReaderRow } from '../../model/assessment/assessment.ts';
import type {
  DelegationFact,
  Fact,
  SubscriptionFacts,
  TenantFacts,
  WorkspaceFacts,
} from '../../model/assessment/facts.ts';
import type { EstateNumbers } from '../../model/assessment/subject.ts';
import type { AccessPathKind } from '../../model/estate.ts';
import type { TenantId } from '../../model/ids.ts';
import { readingOf } from './readingRoles.ts';

/** What of a workspace tells who can read it. */
export type ReadableWorkspace = Pick<WorkspaceFacts, 'workspace' | 'configuration' | 'tables'>;

/** What of a customer tells who can read its logs. */
export interface ReaderFacts {
  readonly own: readonly ReadableWorkspace[];
  readonly subscriptions: readonly Pick<SubscriptionFacts, 'subscription' | 'roles'>[];
  readonly tenants: readonly { readonly id: TenantId; readonly facts?: Pick<TenantFacts, 'delegations'> }[];
  readonly estate: Pick<EstateNumbers, 'providerTenants'>;
}

const ONLY_ACTIVE = 'Only while it is activated.';

/** The fields of a row that say who it is and by what. */
type Who = Omit<ReaderRow, 'workspace'>;

/**
 * Who can read the logs of each workspace of a customer, and by what: role assignments, delegations, our own guests and
 * applications, keys, and what the access mode opens. What cannot be seen is a row of its own that says so, never a row
 * too few: over Lighthouse the customer's own assignments are not listed. Pure; names are untrusted text.
 */
export function readersOf(customer: ReaderFacts): readonly ReaderRow[] {
  return customer.own.flatMap((facts) => {
    const subscription = customer.subscriptions.find((one) => one.subscription === facts.workspace.subscription);
    const rows = [
      ...byRole(facts, subscription),
      ...byDelegation(facts, customer),
      ...byPath(facts),
      ...byConfiguration(facts),
    ];
    return rows.map((row) => ({ workspace: facts.workspace.name, ...row }));
  });
}

function byRole(facts: ReadableWorkspace, subscription: Pick<SubscriptionFacts, 'roles'> | undefined): readonly Who[] {
  const { workspace } = facts;
  const roles = subscription?.roles;
  const inside = workspace.paths.some(({ issuer }) => issuer === workspace.tenant);
  const unseen: Who = {
    who: "The customer's own administrators",
    side: 'customer',
    kind: 'unknown',
    by: 'role',
    role: 'not known',
    limit:
      roles?.state === 'unknown'
        ? roles.error.message
        : "Over Azure Lighthouse the customer's own role assignments are not listed.",
  };
  const ours = new Set(workspace.paths.map((path) => path.kind));
  const seen = roles?.state === 'known' ? roles.value : [];
  const rows = seen.flatMap((role): readonly Who[] => {
    const reading = readingOf(role.roleId);
    if (!covers(role.scope, workspace.armId) || reading === 'none') return [];
    const kind = kindOf(role.principalType);
    return [
      {
        who: role.principalId,
        side: role.principalType === 'ForeignGroup' ? 'provider' : maybeOurs(kind, ours) ? 'unknown' : 'customer',
        kind,
        by: reading === 'data' || reading === 'protected' ? 'dataActions' : 'role',
        role: role.roleName,
        limit: [ONLY_ACTIVE.repeat(role.eligible ? 1 : 0), limitOf(facts, role.roleId, role.conditioned)]
          .filter((limit) => limit !== '')
          .join(' '),
        principal: role.principalId,
        scope: role.scope,
      },
    ];
  });
  return inside && roles?.state === 'known' ? rows : [...rows, unseen];
}

/** A guest of the provider is a user of this directory like any other, and its application an application. */
function maybeOurs(kind: ReaderRow['kind'], ours: ReadonlySet<AccessPathKind>): boolean {
  return (ours.has('guest') && kind !== 'group') || (ours.has('servicePrincipal') && kind === 'application');
}

function byDelegation(facts: ReadableWorkspace, { tenants, estate }: ReaderFacts): readonly Who[] {
  const { workspace } = facts;
  const delegations: Fact<readonly DelegationFact[]> | undefined = tenants.find(({ id }) => id === workspace.tenant)
    ?.facts?.delegations;
  if (delegations?.state !== 'known')
    return [
      {
        who: 'Whoever this tenant is delegated to',
        side: 'unknown',
        kind: 'unknown',
        by: 'delegation',
        role: 'not known',
        limit: delegations?.error.message ?? 'Delegations were not looked at.',
      },
    ];
  return delegations.value
    .filter(({ scope }) => covers(scope, workspace.armId))
    .flatMap(({ managedBy, roles, scope, offer }) =>
      roles.flatMap((role): readonly Who[] => {
        const reading = readingOf(role.roleId);
        if (reading === 'none') return [];
        const limits = [
          ...(role.eligible ? [ONLY_ACTIVE] : []),
          reading === 'data' || reading === 'protected'
            ? 'Reads no rows: a delegation carries no data actions.'
            : limitOf(facts, role.roleId, false),
        ];
        return [
          {
            who: role.principalName ?? role.principalId,
            side: estate.providerTenants.includes(managedBy) ? 'provider' : 'unknown',
            kind: 'unknown',
            by: 'delegation',
            role: role.roleName,
            limit: limits.filter((limit) => limit !== '').join(' '),
            principal: role.principalId,
            scope,
            offer,
          },
        ];
      }),
    );
}

/** Our own accounts in the customer's directory: their roles are among the assignments, under ids. */
function byPath({ workspace }: Pick<ReadableWorkspace, 'workspace'>): readonly Who[] {
  return workspace.paths.flatMap((path): readonly Who[] => {
    if (path.kind !== 'guest' && path.kind !== 'servicePrincipal') return [];
    return [
      {
        who: path.account,
        side: 'provider',
        kind: path.kind === 'guest' ? 'user' : 'application',
        by: 'role',
        role: path.kind === 'guest' ? 'a guest of the customer' : 'an application in the tenant',
        limit: '',
      },
    ];
  });
}

function byConfiguration({ configuration }: Pick<ReadableWorkspace, 'configuration'>): readonly Who[] {
  const nobody = { side: 'unknown', kind: 'unknown', by: 'role', limit: '' } as const;
  if (configuration.state === 'unknown')
    return [
      {
        ...nobody,
        who: 'Holders of its keys, and readers of single resources',
        role: 'not known',
        limit: configuration.error.message,
      },
    ];
  const { localAuth, resourcePermissions } = configuration.value;
  return [
    ...(localAuth
      ? [
          {
            who: 'Whoever holds a key of the workspace',
            side: 'unknown',
            kind: 'key',
            by: 'sharedKey',
            role: 'workspace key',
            limit: 'Sends logs in its name; a key reads none.',
          } as const,
        ]
      : []),
    ...(resourcePermissions
      ? [
          {
            ...nobody,
            who: 'Whoever may read a resource that sends here',
            role: 'read access to that resource',
            limit: 'Only the rows of that resource.',
          },
        ]
      : []),
  ];
}

/** What of the workspace a role leaves out; empty where nothing. */
function limitOf(
  { workspace, configuration, tables }: ReadableWorkspace,
  roleId: string,
  conditioned: boolean,
): string {
  const reading = readingOf(roleId);
  if (reading === undefined) return 'What this role reads is not known here.';
  const only = configuration.state === 'known' ? configuration.value.dataActionsOnly : workspace.dataActionsOnly;
  if (reading === 'rows' && only) return 'Reads no rows: this workspace opens to data roles alone.';
  const closed = tables.state === 'known' ? tables.value.filter((table) => table.protected) : [];
  const limits = [
    ...(conditioned ? ['Only what its condition allows.'] : []),
    ...(closed.length > 0 && reading !== 'protected'
      ? [`Not the protected tables ${closed.map(({ name }) => name).join(', ')}.`]
      : []),
    ...(tables.state === 'unknown' && reading !== 'protected' ? ['Whether tables are protected is not known.'] : []),
  ];
  return limits.join(' ');
}

/** Whether an assignment at a scope reaches a resource: at it, or at what it lies in. */
function covers(scope: string, armId: string): boolean {
  const above = scope.toLowerCase().replace(/\/$/, '');
  const below = armId.toLowerCase();
  return above === '' || above.includes('/managementgroups/') || below === above || below.startsWith(`${above}/`);
}

function kindOf(principalType: string): ReaderRow['kind'] {
  if (/^user$/i.test(principalType)) return 'user';
  if (/group$/i.test(principalType)) return 'group';
  if (/^(serviceprincipal|msi|application)$/i.test(principalType)) return 'application';
  return 'unknown';
}

import type { NotVisible, Reader } from '../../model/access.ts';
import type { DelegationFact, Fact, RoleFact, WorkspaceConfiguration } from '../../model/assessment/facts.ts';
import type { Workspace, WorkspaceTable } from '../../model/estate.ts';
import type { Names } from './principalNames.ts';

/** What was asked of a workspace and what is around it. */
export interface LookedAt {
  readonly configuration: Fact<WorkspaceConfiguration>;
  readonly tables: Fact<readonly WorkspaceTable[]>;
  readonly roles: Fact<readonly RoleFact[]>;
  readonly delegations: Fact<readonly DelegationFact[]>;
  /** Absent where no token of the tenant was asked. */
  readonly eligible: Fact<readonly RoleFact[]> | undefined;
  readonly readers: readonly Reader[];
}

/** Whether the customer's own role assignments are known: a token of its tenant asked, and was answered. */
export function seesOwnRoles({ paths, tenant }: Workspace, roles: Fact<readonly RoleFact[]>): boolean {
  return roles.state === 'known' && paths.some(({ issuer }) => issuer === tenant);
}

/** What is not visible where the customer's own role assignments are not. */
export const OWN_ROLES = "The customer's own role assignments";

const DELEGATED = 'Azure Lighthouse does not show it to a provider, whatever its role.';

/**
 * What nobody here can see of the access to a workspace, and why. Over a delegation these are the customer's own
 * assignments, the members of its groups and its conditional access; with a token of the tenant the last one, for no
 * API of Azure Monitor or Resource Manager tells it, and what its directory refuses.
 */
export function notVisibleOf(workspace: Workspace, facts: LookedAt, names: Names): readonly NotVisible[] {
  const inside = workspace.paths.some(({ issuer }) => issuer === workspace.tenant);
  const { configuration, tables, roles, delegations, eligible, readers } = facts;
  const unknown = (what: string, fact: Fact<unknown>): readonly NotVisible[] =>
    fact.state === 'unknown' ? [{ what, why: fact.error.message }] : [];
  const refused = names.why(workspace.tenant);
  return [
    ...(inside ? unknown(OWN_ROLES, roles) : [{ what: OWN_ROLES, why: DELEGATED }]),
    ...(inside && eligible ? unknown('Roles that people of the customer may activate', eligible) : []),
    ...(inside ? [] : [{ what: "Members of the customer's groups", why: DELEGATED }]),
    ...hiddenGroups(readers),
    ...(readers.some(({ kind }) => kind === 'group')
      ? [
          {
            what: 'Who may activate membership of a group',
            why: 'Privileged Identity Management tells that to owners of the group and role administrators alone.',
          },
        ]
      : []),
    {
      what: "The customer's conditional access policies",
      why: inside ? 'Seen only where they refuse one of your own sign-ins.' : DELEGATED,
    },
    ...(inside && refused ? [{ what: 'Names of people, groups and applications', why: refused.message }] : []),
    ...unknown('To whom the tenant is delegated', delegations),
    ...unknown('Keys, access mode and data roles', configuration),
    ...unknown('Which tables are protected', tables),
  ];
}

/** Groups whose members nobody told, those with the same reason together. */
function hiddenGroups(readers: readonly Reader[]): readonly NotVisible[] {
  const byWhy = new Map<string, string[]>();
  for (const { members, name, who } of readers) {
    if (members?.state !== 'notVisible') continue;
    const named = byWhy.get(members.why) ?? [];
    byWhy.set(members.why, named);
    if (!named.includes(name ?? who)) named.push(name ?? who);
  }
  return [...byWhy].map(([why, groups]) => ({ what: `Members of ${groups.join(', ')}`, why }));
}

import type { OwnWay } from '../../model/access.ts';
import type { Account, Estate, Tenant, Workspace } from '../../model/estate.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { comparePaths } from '../estate/path.ts';

/** Why a tenant is closed to an account. A policy's refusal is told apart: signing in again does not help. */
export function closedState(tenant: Pick<Tenant, 'state' | 'error'> | undefined): Exclude<OwnWay['state'], 'works'> {
  if (tenant?.error?.code === 'auth.conditionalAccess') return 'conditionalAccess';
  const state = tenant?.state;
  return state === undefined || state === 'entered' ? 'noAccess' : state;
}

/** How every signed-in account stands to a workspace: each of its ways in, or why it has none. */
export function waysOf(workspace: Workspace, estate: Estate): readonly OwnWay[] {
  const tenant = EstateIndex.of(estate).tenants.get(workspace.tenant);
  return estate.accounts.flatMap((account): readonly OwnWay[] => {
    const paths = workspace.paths.filter((path) => path.account === account.id).sort(comparePaths);
    if (paths.length > 0)
      return paths.map(({ kind, issuer }) => ({ account: account.label, path: kind, issuer, state: 'works', why: '' }));
    return [shut(account, workspace, tenant, estate)];
  });
}

function shut(account: Account, workspace: Workspace, tenant: Tenant | undefined, estate: Estate): OwnWay {
  const { label, id } = account;
  // A tenant that others entered says of its own refusals in the problems of the picture alone.
  const refused = estate.problems.find((one) => one.tenant === workspace.tenant)?.error;
  if (tenant && tenant.state === 'entered' && tenant.accounts.includes(id))
    return {
      account: label,
      state: 'noAccess',
      why: `It enters the tenant, but no role of it reaches ${workspace.name}.`,
    };
  const error = tenant?.state === 'entered' ? refused : tenant?.error;
  if (error)
    return { account: label, state: closedState({ state: tenant?.state ?? 'noAccess', error }), why: error.message };
  return {
    account: label,
    state: 'noAccess',
    why: 'It is no member or guest of the tenant that could be entered, and no delegation leads to it.',
  };
}

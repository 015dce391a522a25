import type { Estate, Tenant, Workspace } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { issuerKey } from '../../../ports/issuer.ts';

/**
 * Whose tokens see something of which tenant: its own, those that its workspaces are reached with, and, for one that is
 * reached by delegation alone, those of the tenants that accounts are at home in.
 */
export function sightOf(
  estate: Estate,
  tenants: readonly Tenant[],
  workspaces: readonly Workspace[],
): ReadonlyMap<TenantId, readonly Issuer[]> {
  const entered = new Set(estate.tenants.filter(({ state }) => state === 'entered').map(({ id }) => id));
  const homes = estate.accounts.flatMap(({ id, homeTenant }): Issuer[] =>
    homeTenant && entered.has(homeTenant) ? [{ account: id, tenant: homeTenant }] : [],
  );
  const sight = new Map<TenantId, readonly Issuer[]>();
  const add = (tenant: TenantId, issuers: readonly Issuer[]): void => {
    sight.set(tenant, distinctIssuers([...(sight.get(tenant) ?? []), ...issuers]));
  };
  for (const { tenant, paths } of workspaces)
    add(
      tenant,
      paths.map(({ account, issuer }) => ({ account, tenant: issuer })),
    );
  for (const { id, state, accounts } of tenants) {
    if (state !== 'entered') continue;
    add(
      id,
      accounts.map((account) => ({ account, tenant: id })),
    );
    if (sight.get(id)!.length === 0) add(id, homes);
  }
  return sight;
}

/** Each issuer once, in the order given. */
export function distinctIssuers(issuers: readonly Issuer[]): readonly Issuer[] {
  return [...new Map(issuers.map((issuer) => [issuerKey(issuer), issuer])).values()];
}

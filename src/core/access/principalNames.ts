import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { TenantId } from '../../model/ids.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { MicrosoftGraphPort, PrincipalName } from '../../ports/microsoftGraph.ts';
import type { AccessFacts } from './measureAccess.ts';

/** What directories tell of principals, a directory at a time: their names, or why they are not told. */
export interface Names {
  find(tenant: TenantId, principal: string): PrincipalName | undefined;
  why(tenant: TenantId): AppErrorData | undefined;
}

/**
 * Asks the directories that give the roles, each with a token of its own: the customer's for assignments, the managing
 * one for delegations. A directory that nobody entered, or that refuses, tells none; that costs the names alone.
 */
export async function namesOf(
  estate: Estate,
  workspaces: readonly Workspace[],
  facts: AccessFacts,
  port: Pick<MicrosoftGraphPort, 'principals'> | undefined,
  signal: CancelSignal,
): Promise<Names> {
  const wanted = new Map<TenantId, Set<string>>();
  const want = (tenant: TenantId, id: string): void => {
    const ids = wanted.get(tenant);
    if (ids) ids.add(id);
    else wanted.set(tenant, new Set([id]));
  };
  for (const { tenant, subscription } of workspaces) {
    const roles = facts.roles.get(subscription);
    if (roles?.state === 'known') for (const { principalId } of roles.value) want(tenant, principalId);
    const delegations = facts.delegations.get(tenant);
    if (delegations?.state === 'known')
      for (const { managedBy, roles: given } of delegations.value)
        for (const { principalId } of given) want(managedBy, principalId);
  }
  const told = new Map<TenantId, ReadonlyMap<string, PrincipalName>>();
  const refused = new Map<TenantId, AppErrorData>();
  await Promise.all(
    [...wanted].map(async ([tenant, ids]) => {
      const issuer = insiderOf(tenant, estate);
      if (!issuer || !port) return;
      try {
        told.set(tenant, await port.principals(issuer, [...ids], signal));
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'cancelled') throw error;
        refused.set(tenant, error.toData());
      }
    }),
  );
  return {
    find: (tenant, principal) => told.get(tenant)?.get(principal.toLowerCase()),
    why: (tenant) => refused.get(tenant),
  };
}

/** An account with a token of the tenant's own. */
export function insiderOf(tenant: TenantId, estate: Estate): Issuer | undefined {
  const account = estate.tenants.find(({ id, state }) => id === tenant && state === 'entered')?.accounts[0];
  return account === undefined ? undefined : { account, tenant };
}

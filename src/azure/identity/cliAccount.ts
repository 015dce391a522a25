import type { Account } from '../../model/estate.ts';
import { PERSONAL_ACCOUNTS, toAccountId, toTenantId } from '../../model/ids.ts';
import { readClaims } from '../../model/tokenClaims.ts';
import type { TokenClaims } from '../../model/tokenClaims.ts';

/** Who a token of the Azure CLI is for, by its claims: the CLI itself tells only of subscriptions. */
export function accountOfCliToken(token: string): Account {
  const claims = readClaims(token) ?? {};
  const name = claims.upn ?? claims.unique_name ?? claims.preferred_username ?? claims.appid ?? claims.oid ?? 'unknown';
  const home = homeOf(claims);
  return {
    id: toAccountId(`cli:${name}`),
    // A personal account's name carries its provider: `live.com#me@outlook.com`.
    label: `${name.replace(/^live\.com#/i, '')} (Azure CLI)`,
    ...(home === 'personal' ? { personal: true as const } : {}),
    ...(home && home !== 'personal' ? { homeTenant: toTenantId(home) } : {}),
    ...(claims.idtyp === 'app' ? { servicePrincipal: true as const } : {}),
  };
}

/**
 * The tenant that an account is at home in. A guest's token names it as the identity provider; a personal account's
 * says `live.com`, for it is a guest wherever it goes.
 */
function homeOf({ idp, tid }: TokenClaims): string | undefined {
  const provider = /sts\.windows\.net\/([0-9a-f-]{36})/i.exec(idp ?? '')?.[1] ?? tid;
  return /^live\.com$/i.test(idp ?? '') || provider?.toLowerCase() === PERSONAL_ACCOUNTS ? 'personal' : provider;
}

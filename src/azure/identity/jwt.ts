import { AppError } from '../../base/errors.ts';
import { isGuid } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import { readClaims } from '../../model/tokenClaims.ts';

/** Entra dates tokens five minutes back to forgive clocks; more than this ahead is our clock being behind. */
const FORGIVEN_SKEW_MS = 5 * 60_000;

/**
 * Refuses a token that would answer for somebody else: of another tenant (a known fault of cached credentials), for
 * another service, or outside its time by this machine's clock. Returns when it ends, in milliseconds.
 */
export function verifyToken(
  token: string,
  request: { readonly tenant: TenantId; readonly audience: string },
  now: number,
): number | undefined {
  const claims = readClaims(token);
  if (!claims) return undefined;
  const { tenant, audience } = request;
  // Only a guid can be compared; `organizations` and domains are answered with the tenant they stand for.
  if (claims.tid !== undefined && isGuid(tenant) && claims.tid.toLowerCase() !== tenant) {
    throw new AppError(
      'auth.wrongTenant',
      `A token for tenant ${tenant} was asked for and one for tenant ${claims.tid} came back. It is not used. Sign out and in again, or use another way of signing in.`,
      { data: { tenant, received: claims.tid } },
    );
  }
  if (claims.aud !== undefined && !isSameService(claims.aud, audience)) {
    throw new AppError(
      'auth.wrongAudience',
      `A token for ${audience} was asked for and one for another service came back. It is not used. Check the cloud's audiences.`,
      { data: { tenant, audience, received: claims.aud } },
    );
  }
  if (claims.exp !== undefined && claims.exp * 1000 <= now)
    throw skew(tenant, `has ended ${inMinutes(now - claims.exp * 1000)} ago`, now);
  if (claims.nbf !== undefined && claims.nbf * 1000 > now + FORGIVEN_SKEW_MS)
    throw skew(tenant, `begins only ${inMinutes(claims.nbf * 1000 - now)} from now`, now);
  return claims.exp === undefined ? undefined : claims.exp * 1000;
}

function skew(tenant: TenantId, what: string, now: number): AppError {
  return new AppError(
    'auth.clockSkew',
    `A fresh token of tenant ${tenant} ${what} by this machine's clock, which says ${new Date(now).toISOString()}. Set the clock right, then try again.`,
    { data: { tenant } },
  );
}

function inMinutes(ms: number): string {
  return ms < 90_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`;
}

/**
 * Entra writes the same service in several ways: with a slash, as `management.core.windows.net`, `api.loganalytics.io`,
 * or as an application id.
 */
function isSameService(received: string, asked: string): boolean {
  if (isGuid(received)) return true;
  const [a, b] = [hostOf(received), hostOf(asked)];
  if (a === b) return true;
  return (
    (a.startsWith('management.') && b.startsWith('management.')) ||
    (a.includes('loganalytics') && b.includes('loganalytics'))
  );
}

function hostOf(resource: string): string {
  return resource
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/+$/, '');
}

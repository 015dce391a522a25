import { key } from '../armId.ts';
import { findAudience } from '../identity/audiences.ts';
import type { TokenClaims } from '../identity/bearer.ts';
import type { RequestContext } from '../router.ts';
import { ServiceError } from '../router.ts';
import type { KustoDatabase, KustoPrincipal } from '../stores.ts';
import { kustoError } from './kustoError.ts';

/** The verified claims of who calls a cluster, with a token for clusters; 401 otherwise. */
export function kustoCaller(ctx: RequestContext): TokenClaims {
  const { bearer } = ctx;
  if (bearer.ok && findAudience(bearer.claims.aud) === 'kusto') return bearer.claims;
  const problem = bearer.ok
    ? `IDX10214: Audience validation failed. Audiences: '${bearer.claims.aud}'.`
    : { missing: 'Missing token', malformed: 'Malformed token', signature: 'Bad signature', expired: 'Token expired' }[
        bearer.problem
      ];
  throw new ServiceError(
    {
      status: 401,
      headers: { 'www-authenticate': `Bearer authorization="${ctx.origin}"` },
      contentType: 'text/plain',
      body: `<Unauthorized> ${problem} (E_UNAUTHORIZED)`,
    },
    problem,
  );
}

/** What is done, and which roles of a database allow it. */
const ALLOWED = {
  query: ['admin', 'user', 'viewer'],
  ingest: ['admin', 'ingestor'],
  define: ['admin', 'user'],
  remove: ['admin'],
} as const satisfies Record<string, readonly KustoPrincipal['role'][]>;

/** Whether a principal may do this in a database. */
export function mayUse(database: KustoDatabase, claims: TokenClaims, what: keyof typeof ALLOWED): boolean {
  const ids = new Set([claims.oid, claims.appid, ...(claims.groups ?? [])].map(key));
  const roles: readonly string[] = ALLOWED[what];
  return database.principals.some(({ role, principalId }) => roles.includes(role) && ids.has(key(principalId)));
}

/** 403 where the caller may not. */
export function demand(
  ctx: RequestContext,
  database: KustoDatabase,
  claims: TokenClaims,
  what: keyof typeof ALLOWED,
): void {
  if (mayUse(database, claims, what)) return;
  throw kustoError(ctx, {
    status: 403,
    code: 'Forbidden',
    type: 'UnauthorizedDatabaseAccessException',
    message: `Principal '${principalName(claims)}' is not authorized to access database '${database.name}'.`,
  });
}

/** As clusters name a principal: `aadapp=ID;TENANT`. */
export function principalName({ idtyp, appid, oid, tid }: TokenClaims): string {
  return idtyp === 'app' ? `aadapp=${appid};${tid}` : `aaduser=${oid};${tid}`;
}

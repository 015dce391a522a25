/**
 * What the adapter needs of an access token. Nothing is verified: the service does that; we only avoid sending a token
 * to the wrong place.
 */
export interface TokenFacts {
  /** Milliseconds since 1970. */
  readonly expiresOn: number;
  /** The tenant that issued it; undefined where the token is opaque. */
  readonly tenant?: string;
}

/** Tokens that do not say when they end are asked for again after this long. */
const OPAQUE_LIFE_MS = 5 * 60_000;

/** Reads `exp` and `tid` of a JWT; an opaque or malformed token gets five minutes and no tenant. */
export function readToken(token: string, now: number): TokenFacts {
  const payload = token.split('.')[1];
  const fallback = { expiresOn: now + OPAQUE_LIFE_MS };
  if (!payload) return fallback;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null) return fallback;
    const { exp, tid } = claims as { exp?: unknown; tid?: unknown };
    return {
      expiresOn: typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : fallback.expiresOn,
      ...(typeof tid === 'string' ? { tenant: tid.toLowerCase() } : {}),
    };
  } catch {
    return fallback;
  }
}

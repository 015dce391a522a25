import { readClaims } from '../../model/tokenClaims.ts';

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
  const { exp, tid } = readClaims(token) ?? {};
  return {
    expiresOn: exp === undefined ? now + OPAQUE_LIFE_MS : exp * 1000,
    ...(tid === undefined ? {} : { tenant: tid.toLowerCase() }),
  };
}

import { decodeText } from '../base/decodeText.ts';

/** Node and browsers have it; the types of neither are known in this room. */
declare const atob: (text: string) => string;

/** The claims of an access token this product looks at. Times in seconds since 1970. */
export interface TokenClaims {
  readonly tid?: string;
  readonly aud?: string;
  readonly exp?: number;
  readonly nbf?: number;
  readonly oid?: string;
  readonly upn?: string;
  readonly unique_name?: string;
  readonly preferred_username?: string;
  readonly idp?: string;
  readonly appid?: string;
  readonly idtyp?: string;
}

/**
 * The claims of a JWT, unverified: the service verifies, we only look, so as not to send a token to the wrong place.
 * Undefined for a token that is none. A claim of another type than it should have is left out.
 */
export function readClaims(token: string): TokenClaims | undefined {
  const [, payload, signature] = token.split('.');
  if (!payload || signature === undefined) return undefined;
  try {
    const bytes = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const claims = JSON.parse(decodeText(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))) as unknown;
    return typeof claims === 'object' && claims !== null ? onlyOf(claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const TEXTS = ['tid', 'aud', 'oid', 'upn', 'unique_name', 'preferred_username', 'idp', 'appid', 'idtyp'] as const;
const TIMES = ['exp', 'nbf'] as const;

function onlyOf(claims: Readonly<Record<string, unknown>>): TokenClaims {
  return Object.fromEntries([
    ...TEXTS.filter((name) => typeof claims[name] === 'string').map((name) => [name, claims[name]]),
    ...TIMES.filter((name) => Number.isFinite(claims[name])).map((name) => [name, claims[name]]),
  ]) as TokenClaims;
}

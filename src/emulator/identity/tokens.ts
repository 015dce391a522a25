import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { EmulatedClock } from '../clock.ts';
import type { Bearer, TokenClaims } from './bearer.ts';

/** Makes and checks RS256 JSON Web Tokens with one key. */
export class TokenIssuer {
  private readonly key: KeyObject;
  private readonly publicKey: KeyObject;
  private readonly clock: EmulatedClock;
  private readonly verified = new Map<string, TokenClaims>();
  readonly keyId: string;

  constructor(key: KeyObject, clock: EmulatedClock) {
    this.key = key;
    this.publicKey = createPublicKey(key);
    this.clock = clock;
    this.keyId = createHash('sha1')
      .update(this.publicKey.export({ type: 'spki', format: 'pem' }) as string)
      .digest('base64url');
  }

  /** Any claims as a signed token: access tokens and id tokens alike. */
  sign(claims: object): string {
    const head = encode({ typ: 'JWT', alg: 'RS256', x5t: this.keyId, kid: this.keyId });
    const text = `${head}.${encode(claims)}`;
    return `${text}.${sign('sha256', bytes(text), this.key).toString('base64url')}`;
  }

  /** The public half, as `discovery/v2.0/keys` publishes it. */
  jwk(issuer: string): object {
    return {
      kty: 'RSA',
      use: 'sig',
      kid: this.keyId,
      x5t: this.keyId,
      issuer,
      ...this.publicKey.export({ format: 'jwk' }),
    };
  }

  /** Signature and expiry of an `Authorization` header; the audience is for the service to judge. */
  verify(authorization: string | undefined): Bearer {
    if (!authorization) return { ok: false, problem: 'missing' };
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    const parts = token?.split('.');
    if (!token || parts?.length !== 3) return { ok: false, problem: 'malformed' };
    const claims = this.verified.get(token) ?? parseClaims(parts[1]!);
    if (!claims) return { ok: false, problem: 'malformed' };
    if (!this.verified.has(token)) {
      if (!verify('sha256', bytes(`${parts[0]}.${parts[1]}`), this.publicKey, bytes(parts[2]!, 'base64url')))
        return { ok: false, problem: 'signature' };
      if (this.verified.size > 5_000) this.verified.clear();
      this.verified.set(token, claims);
    }
    return claims.exp * 1000 <= this.clock.now() ? { ok: false, problem: 'expired', claims } : { ok: true, claims };
  }
}

function bytes(text: string, encoding: 'utf8' | 'base64url' = 'utf8'): Uint8Array {
  return Uint8Array.from(Buffer.from(text, encoding));
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parseClaims(part: string): TokenClaims | undefined {
  try {
    const claims = JSON.parse(Buffer.from(part, 'base64url').toString()) as Partial<TokenClaims>;
    return typeof claims.tid === 'string' &&
      typeof claims.oid === 'string' &&
      typeof claims.aud === 'string' &&
      typeof claims.exp === 'number'
      ? (claims as TokenClaims)
      : undefined;
  } catch {
    return undefined;
  }
}

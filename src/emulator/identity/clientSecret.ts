import { createPublicKey, constants, verify } from 'node:crypto';
import { thumbprints } from '../certificates.ts';
import type { RequestContext } from '../router.ts';
import type { Account, World } from '../state.ts';
import { ENTRA, entraError } from './errors.ts';

/**
 * Checks how an application proves itself: secret in the body or the Basic header, or an assertion signed with a
 * registered certificate.
 */
export function checkClient(world: World, ctx: RequestContext, form: URLSearchParams, account: Account): void {
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    if (!verifyAssertion(world, assertion, account)) throw entraError(world, ctx, ENTRA.badAssertion());
    return;
  }
  const secret = form.get('client_secret') ?? basicCredentials(ctx)?.secret;
  if (secret === undefined) throw entraError(world, ctx, ENTRA.noSecret());
  if (!(account.secrets ?? []).includes(secret)) throw entraError(world, ctx, ENTRA.badSecret(account.appId ?? ''));
}

/** Client id and secret of a Basic authorization header; undefined where there is none. */
export function basicCredentials(ctx: RequestContext): { readonly id: string; readonly secret: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(ctx.header('authorization') ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return { id: decodeURIComponent(text.slice(0, colon)), secret: decodeURIComponent(text.slice(colon + 1)) };
}

/** RS256 and PS256 (what MSAL signs with), issuer and subject the application, in time. */
function verifyAssertion(world: World, assertion: string, account: Account): boolean {
  const [head, body, signature] = assertion.split('.');
  if (!head || !body || !signature) return false;
  try {
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as {
      alg?: string;
      x5t?: string;
      'x5t#S256'?: string;
    };
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
      iss?: string;
      sub?: string;
      exp?: number;
    };
    // Clients sign with their own clock, so the assertion's time is held against the machine's, with five minutes'
    // grace.
    if (
      claims.iss !== account.appId ||
      claims.sub !== account.appId ||
      (claims.exp ?? 0) * 1000 < Math.min(Date.now(), world.clock.now()) - 300_000
    ) {
      return false;
    }
    const named = [header.x5t, header['x5t#S256']].filter((print) => print !== undefined);
    return (account.certificates ?? []).some((pem) => {
      if (named.length && !thumbprints(pem).some((print) => named.includes(print))) return false;
      const key = createPublicKey(pem);
      const padding =
        header.alg === 'PS256'
          ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
          : { key };
      return verify(
        'sha256',
        new TextEncoder().encode(`${head}.${body}`),
        padding,
        Uint8Array.from(Buffer.from(signature, 'base64url')),
      );
    });
  } catch {
    return false;
  }
}

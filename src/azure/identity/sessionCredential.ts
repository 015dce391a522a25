import type { AccessToken as CoreToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import type { TokenSource } from '../../ports/accounts.ts';
import type { Issuer } from '../../ports/issuer.ts';

/**
 * The credential of every SDK client: one account in one tenant. The scopes a client asks for say the audience; a
 * challenge's claims pass through.
 */
export class SessionCredential implements TokenCredential {
  private readonly source: TokenSource;
  private readonly issuer: Issuer;

  constructor(source: TokenSource, issuer: Issuer) {
    this.source = source;
    this.issuer = issuer;
  }

  async getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<CoreToken> {
    const [scope = ''] = Array.isArray(scopes) ? scopes : [scopes];
    const { token } = await this.source.getToken({
      account: this.issuer.account,
      tenant: this.issuer.tenant,
      audience: scope.replace(/\/?\.default$/, ''),
      ...(options.claims === undefined ? {} : { claims: options.claims }),
    });
    // The SDKs would keep it to its end, also when a service has refused it; told that it has none left they ask here
    // every time, where it is kept.
    return { token, expiresOnTimestamp: 0 };
  }
}

import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import { verifyToken } from './jwt.ts';
import { toAzureError } from '../errors.ts';
import { subjectOfTenant } from '../errors/subject.ts';
import type { Account } from '../../model/estate.ts';
import type { TokenRequest, AccessToken, TokenSource } from '../../ports/accounts.ts';

/** A token is used until this long before its end, so that a request in flight does not outlive it. */
const SPARE_MS = 2 * 60_000;
/** How long a token is kept that does not say when it ends. */
const UNKNOWN_LIFE_MS = 5 * 60_000;

/**
 * A refusal answers the calls that come right behind the first one; a person who has signed in meanwhile is not kept
 * out.
 */
const REFUSED_FOR_MS = 2_000;

/**
 * Every token of the product comes through here: checked against what was asked for, kept until shortly before its end,
 * fetched once at a time.
 */
export class VerifiedTokens implements TokenSource {
  private readonly source: TokenSource;
  private readonly now: () => number;
  private readonly kept = new Map<string, AccessToken>();
  /** Tokens that a service answered with 401, by what they were for: the source is asked past whatever it keeps. */
  private readonly rejected = new Map<string, string>();
  private readonly refused = new Map<string, { readonly error: AppError; readonly until: number }>();
  private readonly fetching = new Map<string, Promise<AccessToken>>();

  constructor(source: TokenSource, now: () => number = Date.now) {
    this.source = source;
    this.now = now;
  }

  async accounts(signal?: CancelSignal): Promise<readonly Account[]> {
    try {
      return await this.source.accounts(signal);
    } catch (error) {
      throw toAzureError(error, subjectOfTenant('organizations'));
    }
  }

  /** A challenge's `claims` always fetch anew; what comes back replaces what was kept. */
  async getToken(request: TokenRequest): Promise<AccessToken> {
    if (request.signal?.aborted) throw cancelled();
    const key = `${request.account}\n${request.tenant}\n${request.audience}`;
    const kept = this.kept.get(key);
    if (request.claims === undefined && kept && kept.expiresOn - SPARE_MS > this.now()) return kept;
    if (request.claims !== undefined) this.kept.delete(key);
    const flight = `${key}\n${request.claims ?? ''}`;
    const refusal = this.refused.get(flight);
    if (refusal && refusal.until > this.now()) throw refusal.error;
    const running = this.fetching.get(flight);
    if (running) return running;
    // Shared by everybody who asks for the same meanwhile, so one of them giving up must not cancel it: no signal goes
    // along.
    const fetched = this.fetch(
      {
        account: request.account,
        tenant: request.tenant,
        audience: request.audience,
        ...(request.claims === undefined ? {} : { claims: request.claims }),
        ...(this.rejected.has(key) ? { fresh: true } : {}),
      },
      key,
      flight,
    ).finally(() => {
      this.fetching.delete(flight);
    });
    this.fetching.set(flight, fetched);
    return fetched;
  }

  /** Expired by the service's clock, or revoked: it is neither kept nor taken from the source again. */
  reject(token: string): void {
    for (const [key, kept] of this.kept) {
      if (kept.token !== token) continue;
      this.kept.delete(key);
      this.rejected.set(key, token);
    }
  }

  /** Forgets what is kept, after a sign-in or sign-out. */
  forget(): void {
    this.kept.clear();
    this.refused.clear();
    this.rejected.clear();
  }

  private async fetch(request: TokenRequest, key: string, flight: string): Promise<AccessToken> {
    try {
      const { token, expiresOn } = await this.source.getToken(request);
      if (token === this.rejected.get(key))
        throw new AppError(
          'auth.signInRequired',
          `The service refuses the token there is for tenant ${request.tenant}, and no other could be had. Sign in to this tenant again.`,
          { data: { tenant: request.tenant } },
        );
      this.rejected.delete(key);
      const ends = verifyToken(token, request, this.now());
      const verified: AccessToken = {
        token,
        expiresOn: ends ?? (expiresOn > this.now() ? expiresOn : this.now() + UNKNOWN_LIFE_MS),
      };
      this.kept.set(key, verified);
      return verified;
    } catch (thrown) {
      const error = toAzureError(thrown, subjectOfTenant(request.tenant));
      if (error.family === 'auth' || error.family === 'access')
        this.refused.set(flight, { error, until: this.now() + REFUSED_FOR_MS });
      throw error;
    }
  }
}

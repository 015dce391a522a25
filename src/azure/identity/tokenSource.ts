import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { Account } from '../../model/estate.ts';
import type { AccountId } from '../../model/ids.ts';
import type { TokenRequest, AccessToken, TokenSource } from '../../ports/accounts.ts';

/** A source made of functions of the composition root: VS Code's sessions, a test's script. */
export class ExternalTokenSource implements TokenSource {
  readonly accounts: TokenSource['accounts'];
  readonly getToken: TokenSource['getToken'];

  constructor(functions: TokenSource) {
    this.accounts = (signal) => functions.accounts(signal);
    this.getToken = (request) => functions.getToken(request);
  }
}

/**
 * Several sources as one: an account belongs to the source that listed it. One that cannot list its accounts leaves the
 * others be, unless it is alone.
 */
export class JoinedTokenSource implements TokenSource {
  private readonly sources: readonly TokenSource[];
  private readonly owners = new Map<AccountId, TokenSource>();

  constructor(sources: readonly TokenSource[]) {
    this.sources = sources;
  }

  async accounts(signal?: CancelSignal): Promise<readonly Account[]> {
    const outcomes = await Promise.allSettled(this.sources.map((source) => source.accounts(signal)));
    const found = outcomes.flatMap((outcome, index) => {
      if (outcome.status === 'rejected') return [];
      for (const account of outcome.value) this.owners.set(account.id, this.sources[index]!);
      return outcome.value;
    });
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (found.length === 0 && failure) throw failure.reason;
    return found;
  }

  async getToken(request: TokenRequest): Promise<AccessToken> {
    if (!this.owners.has(request.account)) await this.accounts(request.signal);
    const owner = this.owners.get(request.account);
    if (!owner)
      throw new AppError(
        'auth.signInRequired',
        `The account ${request.account} is not signed in any more. Sign in again.`,
      );
    return owner.getToken(request);
  }
}

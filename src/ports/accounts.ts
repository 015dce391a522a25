import type { CancelSignal } from '../base/cancel.ts';
import type { Account } from '../model/estate.ts';
import type { AccountId, TenantId } from '../model/ids.ts';

/** Who is signed in. Rejects with `auth.*` where nobody is, or where the way of signing in does not answer. */
export interface AccountSource {
  accounts(signal?: CancelSignal): Promise<readonly Account[]>;
}

/**
 * `audience` is a resource such as https://management.azure.com, without `/.default`. `claims` is the JSON of a
 * challenge.
 */
export interface TokenRequest {
  readonly account: AccountId;
  readonly tenant: TenantId;
  readonly audience: string;
  readonly claims?: string;
  /** True where a service refused the token handed out last: whatever is kept on the way must not answer again. */
  readonly fresh?: boolean;
  readonly signal?: CancelSignal;
}

/** `expiresOn` in milliseconds since 1970; 0 where the source does not know, then the token itself is read. */
export interface AccessToken {
  readonly token: string;
  readonly expiresOn: number;
}

/**
 * Who can sign in, and tokens for them: one per account, tenant and audience. Rejects with an AppError of the auth or
 * access family.
 */
export interface TokenSource extends AccountSource {
  getToken(request: TokenRequest): Promise<AccessToken>;
  /** A service answered 401 to this token: it is not handed out again. */
  reject?(token: string): void;
}

import type { AuthenticationSession, AuthenticationSessionAccountInformation, authentication } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Account } from '../../model/estate.ts';
import type { AccountId, TenantId } from '../../model/ids.ts';
import { isGuid, PERSONAL_ACCOUNTS, toAccountId, toTenantId } from '../../model/ids.ts';
import type { HostContract } from '../../protocol/host.ts';
import { readToken } from './jwt.ts';

/** The part of VS Code that is needed; handed in, so that the rules below can be tested without it. */
export type AuthenticationApi = Pick<typeof authentication, 'getSession' | 'getAccounts' | 'onDidChangeSessions'>;

type TokenRequest = HostContract['requests']['token']['input'];
type TokenAnswer = HostContract['requests']['token']['output'];

/**
 * Which of VS Code's providers, for which resource (Resource Manager) sign-in asks first, and with which app
 * (undefined: VS Code's own).
 */
export interface AccountProvider {
  readonly id: 'microsoft' | 'microsoft-sovereign-cloud';
  readonly audience: string;
  /** The audience of the query API, which VS Code's app may not have a token for in every tenant. */
  readonly logsAudience: string;
  readonly clientId?: string;
}

/** The SDKs ask again inside the last two minutes of a token; ours are renewed a little earlier. */
const RENEW_BEFORE_MS = 3 * 60_000;

/**
 * VS Code's Microsoft accounts as the product's accounts. Tenant by tenant: every token is asked for silently with the
 * tenant named, and what needs the person is refused as `auth.signInRequired` for its place in the tree - nothing opens
 * that was not asked for. Tokens stay in this object's memory until shortly before they end; VS Code itself goes to the
 * network for every foreign tenant.
 */
export class VsCodeAccounts implements Disposable {
  private readonly cache = new Map<string, TokenAnswer>();
  private readonly pending = new Map<string, Promise<TokenAnswer>>();
  private readonly changed = new Emitter<void>();
  private readonly subscription: Disposable;
  private readonly api: AuthenticationApi;
  private readonly provider: () => AccountProvider;
  /** Counts the changes of accounts. */
  private generation = 0;
  /** Whom `accounts` told of last; undefined before. */
  private told: string | undefined;

  /** Accounts came or went. A token that was renewed is no such change. */
  readonly onDidChange = this.changed.event;

  constructor(api: AuthenticationApi, provider: () => AccountProvider) {
    this.api = api;
    this.provider = provider;
    this.subscription = api.onDidChangeSessions((event) => {
      if (event.provider.id !== this.provider().id) return;
      this.cache.clear();
      this.generation++;
      void this.list().then((now) => {
        if (this.told !== idsOf(now)) this.changed.fire();
        this.told = idsOf(now);
      });
    });
  }

  /** Everybody signed in to VS Code with this provider. */
  async accounts(): Promise<Account[]> {
    const known = await this.list();
    this.told = idsOf(known);
    return known.map((account) => {
      const home = account.id.split('.')[1];
      return {
        id: toId(account),
        label: account.label,
        ...(home && isGuid(home) ? homeOf(toTenantId(home)) : {}),
      };
    });
  }

  /** A token of `account` for `audience`, issued by `tenant`. Never asks the person anything. */
  async token(request: TokenRequest): Promise<TokenAnswer> {
    const key = [
      this.provider().id,
      this.provider().clientId ?? '',
      request.account,
      request.tenant,
      request.audience,
    ].join('|');
    const cached = this.cache.get(key);
    if (!request.claims && !request.fresh && cached && cached.expiresOn - RENEW_BEFORE_MS > Date.now()) return cached;
    const flight = `${key}|${request.claims ?? ''}`;
    const waiting = this.pending.get(flight);
    if (waiting) return waiting;
    const { generation } = this;
    const fetching = this.fetch(request).then((answer) => {
      // Accounts that came or went meanwhile make it void, like all others.
      if (generation === this.generation) this.cache.set(key, answer);
      return answer;
    });
    this.pending.set(flight, fetching);
    try {
      return await fetching;
    } finally {
      this.pending.delete(flight);
    }
  }

  /**
   * Signs in because the person asked to: another account, or one account once more for one tenant (its MFA, its
   * consent).
   */
  async signIn(target?: { readonly account?: AccountId; readonly tenant: TenantId }): Promise<void> {
    const { id, audience, logsAudience } = this.provider();
    const account = target?.account && (await this.find(target.account));
    const scopes = this.scopes(audience, target?.tenant);
    this.cache.clear();
    // A first account is created; a further one needs the preference forgotten, or VS Code hands back the one it knows.
    if (account) await this.api.getSession(id, scopes, { createIfNone: true, account });
    else await this.api.getSession(id, scopes, { createIfNone: true, clearSessionPreference: true });
    if (target) await this.askForLogs(this.scopes(logsAudience, target.tenant), account);
    this.changed.fire();
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
    this.cache.clear();
  }

  /**
   * The query API is an audience of its own, with a consent of its own. A tenant that refuses it is asked through
   * Resource Manager, so a refusal here is no failure of the sign-in.
   */
  private async askForLogs(
    scopes: string[],
    account: AuthenticationSessionAccountInformation | undefined,
  ): Promise<void> {
    const { id } = this.provider();
    const who = account ? { account } : {};
    try {
      if (!(await this.api.getSession(id, scopes, { silent: true, ...who })))
        await this.api.getSession(id, scopes, { createIfNone: true, ...who });
    } catch {
      // Refused, or given up by the person: Resource Manager's door stays.
    }
  }

  private async fetch(request: TokenRequest): Promise<TokenAnswer> {
    const { id } = this.provider();
    const account = await this.find(request.account);
    const scopes = this.scopes(request.audience, request.tenant);
    const asked = request.claims ? { wwwAuthenticate: toChallenge(request.claims), fallbackScopes: scopes } : scopes;
    let session: AuthenticationSession | undefined;
    try {
      session = await this.api.getSession(id, asked, { silent: true, account });
    } catch (cause) {
      throw new AppError(
        'auth.failed',
        `${account.label} could not sign in to tenant ${request.tenant}. Try the sign-in link of that tenant.`,
        { data: { tenant: request.tenant }, cause },
      );
    }
    // VS Code swallows the reason (MFA, not a guest, no consent): only an interactive sign-in tells.
    if (!session && request.audience === this.provider().logsAudience && (await this.mayEnter(request)))
      throw new AppError(
        'auth.audienceRefused',
        `VS Code has no token for Log Analytics from tenant ${request.tenant}, though it may enter it. Sign in to this tenant once more to allow it; until then it is asked through Resource Manager.`,
        { data: { tenant: request.tenant, account: request.account } },
      );
    if (!session)
      throw new AppError(
        'auth.signInRequired',
        `${account.label} needs to sign in to tenant ${request.tenant} once. Use the sign-in link of that tenant in the Estate view.`,
        { data: { tenant: request.tenant, account: request.account } },
      );
    const facts = readToken(session.accessToken, Date.now());
    if (facts.tenant !== undefined && isGuid(request.tenant) && facts.tenant !== request.tenant) {
      throw new AppError(
        'auth.wrongTenant',
        `The token for tenant ${request.tenant} was issued by another tenant (${facts.tenant}) and was not used. Sign in to that tenant.`,
        { data: { tenant: request.tenant } },
      );
    }
    return { token: session.accessToken, expiresOn: facts.expiresOn };
  }

  /** Whether Resource Manager has a token of this account for this tenant: then only the audience was refused. */
  private async mayEnter({ account, tenant }: TokenRequest): Promise<boolean> {
    try {
      await this.token({ account, tenant, audience: this.provider().audience });
      return true;
    } catch {
      return false;
    }
  }

  private scopes(audience: string, tenant: TenantId | undefined): string[] {
    const { clientId } = this.provider();
    return [
      `${audience}/.default`,
      ...(tenant ? [`VSCODE_TENANT:${tenant}`] : []),
      ...(clientId ? [`VSCODE_CLIENT_ID:${clientId}`] : []),
    ];
  }

  private async find(id: AccountId): Promise<AuthenticationSessionAccountInformation> {
    const account = (await this.list()).find((one) => toId(one) === id);
    if (!account)
      throw new AppError('auth.signedOut', 'This account is no longer signed in to VS Code. Sign in again.');
    return account;
  }

  private async list(): Promise<readonly AuthenticationSessionAccountInformation[]> {
    try {
      return await this.api.getAccounts(this.provider().id);
    } catch {
      // No such provider in this VS Code: nobody is signed in.
      return [];
    }
  }
}

/** The directory of personal accounts is nobody's home: it lists nothing and cannot be entered. */
function homeOf(tenant: TenantId): Pick<Account, 'homeTenant' | 'personal'> {
  return tenant === PERSONAL_ACCOUNTS ? { personal: true } : { homeTenant: tenant };
}

function idsOf(accounts: readonly AuthenticationSessionAccountInformation[]): string {
  return JSON.stringify(accounts.map(({ id }) => id).sort());
}

function toId(account: AuthenticationSessionAccountInformation): AccountId {
  return toAccountId(`vscode:${account.id}`);
}

/** The challenge as a service would send it; the provider reads the claims from it and skips its cache. */
function toChallenge(claims: string): string {
  const encoded = claims.trimStart().startsWith('{') ? Buffer.from(claims, 'utf8').toString('base64') : claims;
  return `Bearer error="insufficient_claims", claims="${encoded}"`;
}

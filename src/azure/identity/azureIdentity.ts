import { AzureCliCredential, ClientSecretCredential } from '@azure/identity';
import type { TokenCredential } from '@azure/identity';
import type { CancelSignal } from '../../base/cancel.ts';
import { READ_DEADLINE_MS, callAzure } from '../calls.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Account } from '../../model/estate.ts';
import { DIRECT } from '../../model/network.ts';
import type { NetworkSettings } from '../../model/network.ts';
import { isGuid, toAccountId, toTenantId } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import { subjectOfTenant } from '../errors/subject.ts';
import { NodeHttpClient } from '../http/nodeHttpClient.ts';
import { ownOriginPolicy } from '../http/ownOrigin.ts';
import { accountOfCliToken } from './cliAccount.ts';
import type { TokenRequest, AccessToken, TokenSource } from '../../ports/accounts.ts';

/** Processes of the Azure CLI that run side by side: each takes a second of a core and some 100 MB. */
const PROCESSES_AT_ONCE = 4;

/**
 * One credential of @azure/identity per tenant: a credential that has signed in once answers for its first tenant ever
 * after (measured for device code), so none is ever asked for a second one.
 */
abstract class CredentialPerTenant implements TokenSource {
  private readonly credentials = new Map<TenantId, TokenCredential>();
  /** True where the account is an application, which cannot take a further sign-in step. */
  protected readonly application: boolean = false;

  abstract accounts(signal?: CancelSignal): Promise<readonly Account[]>;
  protected abstract create(tenant: TenantId): TokenCredential;

  async getToken(request: TokenRequest): Promise<AccessToken> {
    // What a credential keeps in memory goes with it.
    if (request.fresh) this.credentials.delete(request.tenant);
    let credential = this.credentials.get(request.tenant);
    if (!credential) this.credentials.set(request.tenant, (credential = this.create(request.tenant)));
    const asked = credential,
      claims = request.claims === undefined ? {} : { claims: request.claims };
    const token = await callAzure(
      {
        subject: subjectOfTenant(request.tenant, this.application),
        signal: request.signal,
        deadlineMs: READ_DEADLINE_MS,
      },
      (options) =>
        asked.getToken(`${request.audience.replace(/\/$/, '')}/.default`, { enableCae: true, ...claims, ...options }),
    );
    if (!token) throw new AppError('auth.signInRequired', `No token for tenant ${request.tenant}. Sign in again.`);
    return { token: token.token, expiresOn: token.expiresOnTimestamp };
  }
}

/**
 * The options that point @azure/identity at a cloud. A custom one is not known to Microsoft's instance discovery, which
 * would ask the public cloud about it; and the addresses that it says it has (token_endpoint) are heard only where they
 * are its own: a secret is posted there. Our own transport, because theirs waits for ever where an answer is cut off.
 */
function authorityOptions(cloud: Cloud, httpClient: NodeHttpClient) {
  const { authority: authorityHost, ca } = cloud;
  return {
    authorityHost,
    httpClient,
    ...(ca === undefined
      ? {}
      : {
          disableInstanceDiscovery: true,
          additionalPolicies: [{ policy: ownOriginPolicy(authorityHost), position: 'perCall' as const }],
        }),
  };
}

/**
 * An application's secret, with its home tenant and the others it is said to be installed in; `label` is what people
 * see it called.
 */
export interface ClientSecret {
  readonly tenantId: string;
  readonly installedIn?: readonly string[];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly label?: string;
}

/** A service principal with a secret: schedules and pipelines. It may be installed in many tenants. */
export class ClientSecretTokens extends CredentialPerTenant {
  private readonly cloud: Cloud;
  private readonly secret: ClientSecret;
  /** One transport for the credentials of all tenants: the token service is one host. */
  private readonly http: NodeHttpClient;
  protected override readonly application = true;

  constructor(cloud: Cloud, secret: ClientSecret, network: NetworkSettings = DIRECT) {
    super();
    this.http = new NodeHttpClient({ network, ...(cloud.ca === undefined ? {} : { ca: cloud.ca }) });
    this.cloud = cloud;
    this.secret = secret;
  }

  accounts(): Promise<readonly Account[]> {
    const { clientId, tenantId, installedIn = [], label } = this.secret;
    return Promise.resolve([
      {
        id: toAccountId(`sp:${clientId.toLowerCase()}`),
        label: label ?? `Application ${clientId}`,
        homeTenant: toTenantId(tenantId),
        servicePrincipal: true,
        ...(installedIn.length > 0 ? { installedIn: installedIn.map(toTenantId) } : {}),
      },
    ]);
  }

  protected create(tenant: TenantId): TokenCredential {
    const home = isGuid(tenant) ? tenant : this.secret.tenantId;
    return new ClientSecretCredential(
      home,
      this.secret.clientId,
      this.secret.clientSecret,
      authorityOptions(this.cloud, this.http),
    );
  }
}

/** What a person types to mend a refusal of the Azure CLI's sign-in: nothing here can do it for them. */
function namingTheCommand(error: AppError, { tenant, audience }: TokenRequest): AppError {
  if (error.code !== 'auth.signInRequired' && error.code !== 'auth.interactionRequired') return error;
  const where = isGuid(tenant) ? ` --tenant ${tenant}` : '';
  const scope = error.code === 'auth.interactionRequired' ? ` --scope ${audience.replace(/\/$/, '')}/.default` : '';
  const what = isGuid(tenant) ? `for tenant ${tenant}` : 'yet';
  return new AppError(
    error.code,
    `The Azure CLI is not signed in ${what}${scope === '' ? '' : ' as that tenant asks'}. Run "az login${where}${scope}", then refresh.`,
    { data: { ...error.data, tenant }, cause: error },
  );
}

/** Whoever `az login` signed in. */
export class AzureCliTokens extends CredentialPerTenant {
  private readonly audience: string;
  private readonly limiter = new Limiter(PROCESSES_AT_ONCE);

  /** `cloud` only names the audience to learn the account's name from; the CLI has its own idea of endpoints. */
  constructor(cloud: Cloud) {
    super();
    this.audience = cloud.resourceManagerAudience;
  }

  /** Each token is a process of its own, and a Python one: only so many at once. */
  override getToken(request: TokenRequest): Promise<AccessToken> {
    return this.limiter
      .run(() => super.getToken(request), request.signal)
      .catch((thrown: unknown) => {
        throw namingTheCommand(toAppError(thrown), request);
      });
  }

  async accounts(signal?: CancelSignal): Promise<readonly Account[]> {
    const { token } = await this.getToken({
      account: toAccountId('cli'),
      tenant: toTenantId('organizations'),
      audience: this.audience,
      ...(signal ? { signal } : {}),
    });
    return [accountOfCliToken(token)];
  }

  protected create(tenant: TenantId): TokenCredential {
    return new AzureCliCredential(isGuid(tenant) ? { tenantId: tenant } : {});
  }
}

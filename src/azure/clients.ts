import type { CancelSignal } from '../base/cancel.ts';
import type { Cloud } from '../model/cloud.ts';
import type { NetworkSettings, Route } from '../model/network.ts';
import { readClaims } from '../model/tokenClaims.ts';
import type { TenantId } from '../model/ids.ts';
import { callAzure } from './calls.ts';
import type { ArmReads } from './arm/assess/armReads.ts';
import type { BlobDoor } from './blobs/blobDoor.ts';
import type { KustoDoor } from './kusto/kustoDoor.ts';
import type { ResourceGraphDoor } from './arm/resourceGraph.ts';
import type { ResourcesDoor } from './arm/resources.ts';
import type { SavedQueriesDoor } from './arm/savedQueriesDoor.ts';
import type { SubscriptionsDoor } from './arm/subscriptions.ts';
import type { SummaryRulesDoor } from './arm/summaryRulesDoor.ts';
import type { WorkspacesDoor } from './arm/workspaces.ts';
import type { ClientSettings, RetryPolicy } from './clientOptions.ts';
import type { ErrorSubject } from './errors/subject.ts';
import type { MicrosoftGraphDoor } from './graphApi/microsoftGraphDoor.ts';
import type { IngestionDoor } from './ingestion/ingestionDoor.ts';
import type { ResourceDoor } from './arm/resourceDoor.ts';
import { NodeHttpClient } from './http/nodeHttpClient.ts';
import { SessionCredential } from './identity/sessionCredential.ts';
import type { QueryDoor } from './logs/queryDoor.ts';
import type { TokenSource } from '../ports/accounts.ts';
import { issuerKey } from '../ports/issuer.ts';
import type { Issuer } from '../ports/issuer.ts';

/** Which cloud is spoken to, through which network, and how patiently. */
export interface AzureClientsOptions {
  readonly cloud: Cloud;
  /** The product's version, for the user agent. */
  readonly version: string;
  /** Proxy and certificates; no proxy unless given. */
  readonly network?: NetworkSettings;
  /** Repeats of Resource Manager calls; twice unless given. */
  readonly retry?: RetryPolicy;
  /** Pause between two looks at a long-running operation, where the service does not say; 2 s unless given. */
  readonly pollMs?: number;
  readonly freeMemory?: () => void;
}

/**
 * One client per issuer (and subscription, where the SDK wants one), made on first use: the SDKs load only then. Every
 * adapter takes its clients here, so that one token and one pool of connections serve them all.
 */
export class AzureClients {
  readonly cloud: Cloud;
  readonly settings: ClientSettings & { readonly pollMs?: number };
  private readonly tokens: TokenSource;
  private readonly http: NodeHttpClient;
  private readonly httpOptions: ConstructorParameters<typeof NodeHttpClient>[0];
  private readonly further: NodeHttpClient[] = [];
  private readonly made = new Map<string, Promise<unknown>>();
  /** Where data collection rules of this cloud take rows, as far as one was asked for. */
  private readonly ingestionOrigins = new Set<string>();
  private readonly owners = new Map<string, Promise<TenantId>>();

  constructor(tokens: TokenSource, options: AzureClientsOptions) {
    this.tokens = tokens;
    this.cloud = options.cloud;
    this.httpOptions = {
      ...(options.cloud.ca === undefined ? {} : { ca: options.cloud.ca }),
      ...(options.network ? { network: options.network } : {}),
      onUnauthorized: (token: string) => {
        tokens.reject?.(token);
      },
    };
    this.http = new NodeHttpClient({
      ...this.httpOptions,
      tokenOrigins: [options.cloud.resourceManager, options.cloud.logAnalytics],
      mayHear: (url) => URL.canParse(url) && this.ingestionOrigins.has(new URL(url).origin),
    });
    this.settings = {
      cloud: options.cloud,
      version: options.version,
      httpClient: this.http,
      retry: options.retry ?? { maxRetries: 2, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 },
      ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
      ...(options.freeMemory ? { freeMemory: options.freeMemory } : {}),
    };
  }

  /** Loads the SDKs that a discovery and a query need, before somebody waits for them. Nobody is asked anything. */
  async load(): Promise<void> {
    await Promise.all([
      import('./arm/subscriptions.ts'),
      import('./arm/resourceGraph.ts'),
      import('./logs/queryDoor.ts'),
    ]);
  }

  subscriptions(issuer: Issuer): Promise<SubscriptionsDoor> {
    return this.once(
      `subscriptions\n${issuerKey(issuer)}`,
      async () =>
        new (await import('./arm/subscriptions.ts')).SubscriptionsDoor(this.credential(issuer), this.settings, issuer),
    );
  }

  graph(issuer: Issuer): Promise<ResourceGraphDoor> {
    return this.once(
      `graph\n${issuerKey(issuer)}`,
      async () =>
        new (await import('./arm/resourceGraph.ts')).ResourceGraphDoor(
          this.credential(issuer),
          this.settings,
          issuer,
          sleep,
        ),
    );
  }

  resources(issuer: Issuer, subscription: string): Promise<ResourcesDoor> {
    return this.once(
      `resources\n${issuerKey(issuer)}\n${subscription}`,
      async () =>
        new (await import('./arm/resources.ts')).ResourcesDoor(
          this.credential(issuer),
          subscription,
          this.settings,
          issuer,
        ),
    );
  }

  /** `owner`: the tenant of the subscription, where the caller knows it; the issuer's is taken otherwise. */
  workspaces(issuer: Issuer, subscription: string, owner: TenantId = issuer.tenant): Promise<WorkspacesDoor> {
    return this.once(
      `workspaces\n${issuerKey(issuer)}\n${subscription}\n${owner}`,
      async () =>
        new (await import('./arm/workspaces.ts')).WorkspacesDoor(
          this.credential(issuer),
          subscription,
          owner,
          this.settings,
          issuer,
        ),
    );
  }

  savedQueries(issuer: Issuer, subscription: string): Promise<SavedQueriesDoor> {
    return this.once(
      `savedQueries\n${issuerKey(issuer)}\n${subscription}`,
      async () =>
        new (await import('./arm/savedQueriesDoor.ts')).SavedQueriesDoor(
          this.credential(issuer),
          subscription,
          this.settings,
          issuer,
        ),
    );
  }

  summaryRules(issuer: Issuer, subscription: string): Promise<SummaryRulesDoor> {
    return this.once(
      `summaryRules\n${issuerKey(issuer)}\n${subscription}`,
      async () =>
        new (await import('./arm/summaryRulesDoor.ts')).SummaryRulesDoor(
          this.credential(issuer),
          subscription,
          this.settings,
          issuer,
        ),
    );
  }

  armReads(issuer: Issuer): Promise<ArmReads> {
    return this.once(
      `armReads\n${issuerKey(issuer)}`,
      async () => new (await import('./arm/assess/armReads.ts')).ArmReads(this.credential(issuer), this.settings),
    );
  }

  logs(issuer: Issuer): Promise<QueryDoor> {
    return this.once(
      `logs\n${issuerKey(issuer)}`,
      async () => new (await import('./logs/queryDoor.ts')).QueryDoor(this.credential(issuer), this.settings),
    );
  }

  /** `endpoint` as Resource Manager tells it of a data collection rule. Rejects with `network.foreignOrigin`. */
  ingestion(issuer: Issuer, endpoint: string): Promise<IngestionDoor> {
    return this.once(`ingestion\n${issuerKey(issuer)}\n${endpoint}`, async () => {
      const { IngestionDoor: Door } = await import('./ingestion/ingestionDoor.ts');
      const door = new Door(this.credential(issuer), endpoint, this.settings, issuer);
      this.ingestionOrigins.add(new URL(endpoint).origin);
      return door;
    });
  }

  anyResource(issuer: Issuer): Promise<ResourceDoor> {
    return this.once(
      `anyResource\n${issuerKey(issuer)}`,
      async () => new (await import('./arm/resourceDoor.ts')).ResourceDoor(this.credential(issuer), this.settings),
    );
  }

  /** Rejects with `input.microsoftGraph` where the cloud has none. */
  microsoftGraph(issuer: Issuer): Promise<MicrosoftGraphDoor> {
    return this.once(`microsoftGraph\n${issuerKey(issuer)}`, async () => {
      const { graphService, MicrosoftGraphDoor: Door } = await import('./graphApi/microsoftGraphDoor.ts');
      const service = graphService(this.cloud);
      const settings = { ...this.settings, httpClient: this.transport([service.origin]) };
      return new Door(this.credential(issuer), service, settings);
    });
  }

  /** A cluster by its address (https origin). Rejects with `input.centreAddress` for one that is not of this cloud. */
  dataExplorer(issuer: Issuer, cluster: string): Promise<KustoDoor> {
    return this.once(`dataExplorer\n${issuerKey(issuer)}\n${cluster}`, async () => {
      const { kustoService } = await import('./kusto/kustoService.ts');
      const service = kustoService(this.cloud, cluster);
      const settings = { ...this.settings, httpClient: this.transport([service.cluster, service.ingest]) };
      const { KustoDoor: Door } = await import('./kusto/kustoDoor.ts');
      return new Door(this.credential(issuer), service, settings, issuer.tenant);
    });
  }

  /** A container by its address. Rejects with `input.centreAddress` for one that is not of this cloud. */
  blobs(issuer: Issuer, container: string): Promise<BlobDoor> {
    return this.once(`blobs\n${issuerKey(issuer)}\n${container}`, async () => {
      const { containerAddress } = await import('./blobs/blobState.ts');
      const address = containerAddress(this.cloud, container);
      const settings = { ...this.settings, httpClient: this.transport([new URL(address).origin]) };
      const { BlobDoor: Door } = await import('./blobs/blobDoor.ts');
      return new Door(this.credential(issuer), address, settings);
    });
  }

  /** The tenant a subscription belongs to, asked for once. */
  ownerOf(
    issuer: Issuer,
    subscription: string,
    signal: CancelSignal | undefined,
    subject: ErrorSubject,
  ): Promise<TenantId> {
    const key = `${issuerKey(issuer)}\n${subscription.toLowerCase()}`;
    let owner = this.owners.get(key);
    if (!owner) {
      owner = this.subscriptions(issuer)
        .then((door) => callAzure({ subject, signal, deadlineMs: 30_000 }, (abort) => door.owner(subscription, abort)))
        .then((tenant) => tenant ?? issuer.tenant);
      this.owners.set(key, owner);
      owner.catch(() => {
        this.owners.delete(key);
      });
    }
    return owner;
  }

  /** How an address is reached. Rejects with `network.proxyScript`. */
  route(url: string): Promise<Route> {
    return this.http.route(url);
  }

  /** Closes the kept connections. */
  dispose(): void {
    this.http.dispose();
    for (const http of this.further) http.dispose();
  }

  /** A transport that sends tokens to these origins alone, for services whose addresses a person chooses. */
  private transport(tokenOrigins: readonly string[]): NodeHttpClient {
    const http = new NodeHttpClient({ ...this.httpOptions, tokenOrigins });
    this.further.push(http);
    return http;
  }

  /** The object ID (lower case) of an issuer's account in the issuer's tenant, as its token says it. */
  async objectIdOf({ account, tenant }: Issuer): Promise<string | undefined> {
    const audience = this.cloud.resourceManagerAudience;
    const { token } = await this.tokens.getToken({ account, tenant, audience });
    return readClaims(token)?.oid?.toLowerCase();
  }

  private credential(issuer: Issuer): SessionCredential {
    return new SessionCredential(this.tokens, issuer);
  }

  private once<T>(key: string, make: () => Promise<T>): Promise<T> {
    let made = this.made.get(key) as Promise<T> | undefined;
    if (!made) this.made.set(key, (made = make()));
    return made;
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' }));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

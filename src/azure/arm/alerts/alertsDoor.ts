import type { TokenCredential } from '@azure/core-auth';
import type { ClientSettings } from '../../clientOptions.ts';
import { RestClient } from '../../http/restClient.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** Azure Monitor's alerts with one token, for which no SDK of ours has a client: bodies of Resource Manager by id. */
export class AlertsDoor {
  private readonly client: RestClient;
  private readonly endpoint: string;

  constructor(credential: TokenCredential, settings: ClientSettings) {
    const { resourceManager, resourceManagerAudience } = settings.cloud;
    this.client = new RestClient(credential, resourceManager, resourceManagerAudience, settings);
    this.endpoint = resourceManager;
  }

  /** The resource at an ARM id, or at what follows it. Rejects with a SyntaxError where the answer is no JSON. */
  async get(path: string, apiVersion: string, abort: Abort): Promise<unknown> {
    return JSON.parse(await this.client.send({ method: 'GET', url: this.url(path, apiVersion), ...abort })) as unknown;
  }

  async put(path: string, apiVersion: string, body: object, abort: Abort): Promise<void> {
    await this.client.send({ method: 'PUT', url: this.url(path, apiVersion), body: JSON.stringify(body), ...abort });
  }

  /** The answer's `Location`, as a path of Resource Manager; undefined where it has none, or leads elsewhere. */
  async post(path: string, apiVersion: string, body: object, abort: Abort): Promise<string | undefined> {
    const location = await this.client.sendForLocation({
      method: 'POST',
      url: this.url(path, apiVersion),
      body: JSON.stringify(body),
      ...abort,
    });
    if (location === undefined || !URL.canParse(location)) return undefined;
    const url = new URL(location);
    return url.origin === new URL(this.endpoint).origin ? url.pathname : undefined;
  }

  private url(path: string, apiVersion: string): string {
    return `${this.endpoint}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
  }
}

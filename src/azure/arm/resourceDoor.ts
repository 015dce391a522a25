import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenCredential } from '@azure/core-auth';
import { AppError } from '../../base/errors.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { RestClient } from '../http/restClient.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** Steps that an address is rid of on its way, also written out: the resource would be another than was said. */
const STEPS = /(?:^|[\\/])(?:\.|%2e){1,2}(?:[\\/]|$)/i;

/**
 * Any resource of Resource Manager as JSON, for those that no SDK of ours has or that one has without what we need. One
 * attempt; a write that goes on is not followed: what is there is seen by the next read.
 */
export class ResourceDoor {
  private readonly client: RestClient;
  private readonly endpoint: string;

  constructor(credential: TokenCredential, settings: ClientSettings) {
    const { resourceManager, resourceManagerAudience } = settings.cloud;
    this.client = new RestClient(credential, resourceManager, resourceManagerAudience, settings);
    this.endpoint = resourceManager;
  }

  /** Rejects with 404 where there is none, and with a SyntaxError for what is no JSON. */
  async get(path: string, apiVersion: string, abort: Abort, query = ''): Promise<unknown> {
    const url = `${this.url(path, apiVersion)}${query}`;
    return JSON.parse(await this.client.send({ method: 'GET', url, ...abort })) as unknown;
  }

  /**
   * A question that is a POST. One that the service answers later (202 with a location) is waited for, `pollMs` between
   * two looks. Rejects with a SyntaxError for what is no JSON.
   */
  async ask(path: string, apiVersion: string, body: object, abort: Abort, pollMs = 2000): Promise<unknown> {
    const url = this.url(path, apiVersion);
    let answer = await this.client.sendForAnswer({ method: 'POST', url, body: JSON.stringify(body), ...abort });
    while (answer.status === 202 && answer.location !== undefined) {
      await sleep(pollMs, undefined, { signal: abort.abortSignal });
      answer = await this.client.sendForAnswer({ method: 'GET', url: answer.location, ...abort });
    }
    return JSON.parse(answer.text) as unknown;
  }

  /**
   * Begins what the service finishes later: the answer's `Location` as a path of Resource Manager, undefined where it
   * has none, or leads elsewhere.
   */
  async start(path: string, apiVersion: string, body: object, abort: Abort): Promise<string | undefined> {
    const sent = { method: 'POST', url: this.url(path, apiVersion), body: JSON.stringify(body) } as const;
    const { location } = await this.client.sendForAnswer({ ...sent, ...abort });
    if (location === undefined || !URL.canParse(location)) return undefined;
    const url = new URL(location);
    return url.origin === new URL(this.endpoint).origin ? url.pathname : undefined;
  }

  /** One that is gone is no failure. */
  async remove(path: string, apiVersion: string, abort: Abort): Promise<void> {
    const url = this.url(path, apiVersion);
    await this.client.send({ method: 'DELETE', url, ...abort });
  }

  async send(
    method: 'PUT' | 'PATCH' | 'POST',
    path: string,
    apiVersion: string,
    body: object,
    abort: Abort,
  ): Promise<void> {
    const url = this.url(path, apiVersion);
    await this.client.send({ method, url, body: JSON.stringify(body), ...abort });
  }

  private url(path: string, apiVersion: string): string {
    const [place = ''] = path.split('?');
    if (STEPS.test(place))
      throw new AppError('input.armId', `The resource ID ${place.slice(0, 200)} leads elsewhere. Nothing was sent.`);
    return `${this.endpoint}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
  }
}

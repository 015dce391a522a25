import type { TokenCredential } from '@azure/core-auth';
import type { ClientSettings } from '../../clientOptions.ts';
import { RestClient } from '../../http/restClient.ts';
import { endless, MOST_PAGES } from '../listing.ts';

/** A list of Resource Manager with one token, for what no SDK of ours has. */
export class ArmReads {
  private readonly client: RestClient;
  private readonly endpoint: string;

  constructor(credential: TokenCredential, settings: ClientSettings) {
    const { resourceManager, resourceManagerAudience } = settings.cloud;
    this.client = new RestClient(credential, resourceManager, resourceManagerAudience, settings);
    this.endpoint = settings.cloud.resourceManager;
  }

  /**
   * Every item of the list at `path` (an ARM id and what follows it), and how many pages they took. Rejects with a
   * SyntaxError where an answer is no list or goes in a circle, with `network.foreignOrigin` where it goes on at an
   * address that is not Resource Manager's: the token is for it alone.
   */
  async list(
    path: string,
    apiVersion: string,
    abort: { readonly abortSignal: AbortSignal },
  ): Promise<{ readonly items: readonly unknown[]; readonly pages: number }> {
    const items: unknown[] = [];
    const asked = new Set<string>();
    let url = `${this.endpoint}${path}?api-version=${apiVersion}`;
    for (;;) {
      asked.add(url);
      const answer = JSON.parse(await this.client.send({ method: 'GET', url, ...abort })) as Answer | null;
      if (!Array.isArray(answer?.value)) throw new SyntaxError('A list without its items.');
      for (const item of answer.value as readonly unknown[]) items.push(item);
      const { nextLink } = answer;
      if (nextLink === undefined || nextLink === null || nextLink === '') return { items, pages: asked.size };
      if (typeof nextLink === 'string' && (asked.has(nextLink) || asked.size >= MOST_PAGES)) throw endless(asked.size);
      if (typeof nextLink !== 'string') throw new SyntaxError('A list that goes on nowhere.');
      url = nextLink;
    }
  }
}

interface Answer {
  readonly value?: unknown;
  readonly nextLink?: unknown;
}

import type { TokenCredential } from '@azure/core-auth';
import { AppError } from '../../base/errors.ts';
import type { Cloud, MicrosoftGraphService } from '../../model/cloud.ts';
import { endless, MOST_PAGES } from '../arm/listing.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { RestClient } from '../http/restClient.ts';

type Abort = { readonly abortSignal: AbortSignal };

/** Where a cloud has Microsoft Graph. Throws `input.microsoftGraph` where it has none. */
export function graphService({ name, microsoftGraph }: Cloud): MicrosoftGraphService {
  if (microsoftGraph) return microsoftGraph;
  throw new AppError('input.microsoftGraph', `Cloud ${name} has no Microsoft Graph: its file names none.`);
}

/** Microsoft Graph v1.0 with one token: lists that go on at `@odata.nextLink`, and actions. One attempt each. */
export class MicrosoftGraphDoor {
  private readonly client: RestClient;
  private readonly root: string;

  constructor(credential: TokenCredential, service: MicrosoftGraphService, settings: ClientSettings) {
    this.client = new RestClient(credential, service.origin, service.audience, settings);
    this.root = `${service.origin}/v1.0`;
  }

  /**
   * Every item of a list. Rejects with a SyntaxError where an answer is no list, with `service.endlessList` for one
   * that goes in a circle, and with `network.foreignOrigin` where it goes on at somebody else's address.
   */
  async list(path: string, abort: Abort): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    const asked = new Set<string>();
    let url = `${this.root}${path}`;
    for (;;) {
      asked.add(url);
      const answer = JSON.parse(await this.client.send({ method: 'GET', url, ...abort })) as Answer | null;
      for (const item of itemsOf(answer)) items.push(item);
      const next = answer?.['@odata.nextLink'];
      if (next === undefined || next === null || next === '') return items;
      if (typeof next !== 'string') throw new SyntaxError('A list that goes on nowhere.');
      if (asked.has(next) || asked.size >= MOST_PAGES) throw endless(asked.size);
      url = next;
    }
  }

  /** The items of an action's answer. */
  async act(path: string, body: object, abort: Abort): Promise<readonly unknown[]> {
    const request = { method: 'POST', url: `${this.root}${path}`, body: JSON.stringify(body), ...abort } as const;
    return itemsOf(JSON.parse(await this.client.send(request)) as Answer | null);
  }
}

interface Answer {
  readonly value?: unknown;
  readonly '@odata.nextLink'?: unknown;
}

function itemsOf(answer: Answer | null): readonly unknown[] {
  if (!Array.isArray(answer?.value)) throw new SyntaxError('A list without its items.');
  return answer.value as readonly unknown[];
}

import { freshGuid } from '../ids.ts';
import type { Answer, RequestContext } from '../router.ts';
import type { World } from '../state.ts';
import { isLent } from './sharedKey.ts';
import { storageError, toXml } from './storageError.ts';

interface Message {
  readonly id: string;
  readonly text: string;
}

/** Queues and the status table that an ingestion service lends out: messages in, and out again once each. */
export class Queues {
  private readonly world: World;
  private readonly queues = new Map<string, Message[]>();
  private readonly entities = new Set<string>();
  /** Hears the text of every message of a queue that has one. */
  private readonly listeners = new Map<string, (text: string) => void>();

  constructor(world: World) {
    this.world = world;
  }

  /** Makes a queue; what `listener` hears is not kept. */
  lend(name: string, listener?: (text: string) => void): void {
    this.queues.set(name, []);
    if (listener) this.listeners.set(name, listener);
  }

  /** Puts a message into a queue of the service's own. */
  put(name: string, text: string): void {
    this.queues.get(name)?.push({ id: freshGuid(), text });
  }

  /** `POST` puts a message in, `GET` takes some out, or looks at them. */
  answer(ctx: RequestContext, name: string): Answer {
    const queue = this.queues.get(name);
    this.check(ctx);
    if (!queue) throw storageError(404, 'QueueNotFound', 'The specified queue does not exist.');
    if (ctx.method === 'POST') {
      const text = /<MessageText>([^<]*)<\/MessageText>/.exec(ctx.body.toString())?.[1];
      if (text === undefined)
        throw storageError(400, 'InvalidXmlDocument', 'XML specified is not syntactically valid.');
      const listener = this.listeners.get(name);
      const times = ctx.faults.some(({ kind }) => kind === 'deliverTwice') ? 2 : 1;
      for (let i = 0; i < times; i++)
        if (listener) listener(text);
        else queue.push({ id: freshGuid(), text });
      return this.list(201, [{ id: freshGuid(), text: '' }]);
    }
    const many = Number(ctx.query('numofmessages') ?? 1);
    return this.list(200, ctx.query('peekonly') === 'true' ? queue.slice(0, many) : queue.splice(0, many));
  }

  /** A message that was taken out is gone already. */
  remove(ctx: RequestContext): Answer {
    this.check(ctx);
    return { status: 204 };
  }

  /** Inserts into the status table; what is there already is not inserted again. */
  insert(ctx: RequestContext): Answer {
    this.check(ctx);
    const { PartitionKey, RowKey } = ctx.json<{ PartitionKey?: string; RowKey?: string }>() ?? {};
    const entity = `${PartitionKey}\n${RowKey}`;
    if (!this.entities.has(entity)) {
      this.entities.add(entity);
      return { status: 204 };
    }
    const message = { lang: 'en-US', value: 'The specified entity already exists.' };
    return { status: 409, body: { 'odata.error': { code: 'EntityAlreadyExists', message } } };
  }

  private check(ctx: RequestContext): void {
    if (!isLent(this.world, ctx.queries))
      throw storageError(403, 'AuthenticationFailed', 'Server failed to authenticate the request.');
  }

  private list(status: number, messages: readonly Message[]): Answer {
    const now = new Date(this.world.clock.now()).toUTCString();
    const items = messages.map(
      ({ id, text }) =>
        `<QueueMessage><MessageId>${id}</MessageId><InsertionTime>${now}</InsertionTime><ExpirationTime>${now}</ExpirationTime><PopReceipt>${id}</PopReceipt><TimeNextVisible>${now}</TimeNextVisible><DequeueCount>1</DequeueCount><MessageText>${toXml(text)}</MessageText></QueueMessage>`,
    );
    return {
      status,
      headers: { 'x-ms-version': '2025-01-05' },
      contentType: 'application/xml',
      body: `<?xml version="1.0" encoding="utf-8"?><QueueMessagesList>${items.join('')}</QueueMessagesList>`,
    };
  }
}

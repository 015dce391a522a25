import type { CancelSignal } from '../../../base/cancel.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError, toAppError } from '../../../base/errors.ts';
import type { AlertDefinition } from '../../../model/alert.ts';
import type { AlertFilesPort, WebhookPort } from '../../../ports/alertDelivery.ts';
import type { BoundDelivery } from '../deliveries.ts';
import { hears, hostOf } from '../deliveries.ts';
import { KEPT_RECEIPTS } from './alertState.ts';
import type { AlertEvent, AlertState, OutboxEntry, Receipt } from './alertState.ts';
import type { AlertStore } from './alertStore.ts';
import { fieldsOf, lineOf, webhookBody } from './payload.ts';
import { fillTicket } from './ticket.ts';

/** How long a runner that is not heard of any more keeps others from an entry. */
const CLAIM_MS = 2 * 60_000;
/** An event is told within so long, or given up. */
const GIVE_UP_MS = 24 * 60 * 60_000;
/** Attempts of one run, and the pause before the second, which doubles. */
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** What deliveries are made with. */
export interface OutboxWorld {
  readonly store: AlertStore;
  readonly webhooks: WebhookPort;
  readonly files: AlertFilesPort;
  readonly clock: Clock;
  /** Tells this runner from others. */
  readonly owner: string;
  readonly digest: (text: string) => string;
}

/** What became of what was to be told. */
export interface Delivered {
  readonly sent: number;
  /** Still to be told, and why not yet. */
  readonly waiting: readonly { readonly to: string; readonly reason: string }[];
  /** Hosts of addresses that nobody has approved. */
  readonly unapproved: readonly string[];
}

/** A delivery as entries name it: whatever it says about where and whose makes it another one. */
export function deliveryId({ delivery, customer }: BoundDelivery, digest: (text: string) => string): string {
  return digest(JSON.stringify([delivery, customer ?? null])).slice(0, 16);
}

/** The entries of events: each for every delivery that hears of it, under an id that is always the same. */
export function entriesOf(
  events: readonly AlertEvent[],
  deliveries: readonly BoundDelivery[],
  now: number,
  digest: (text: string) => string,
): readonly OutboxEntry[] {
  return events.flatMap((event) =>
    deliveries
      .filter((bound) => hears(bound, event.customer))
      .map((bound): OutboxEntry => {
        const delivery = deliveryId(bound, digest);
        const key = [event.alertId, event.customer ?? null, event.from, event.to, event.condition, delivery];
        return { id: digest(JSON.stringify(key)).slice(0, 32), delivery, event, queuedAt: now, attempts: 0 };
      }),
  );
}

/** A state with entries to be told; one that is there, or has been told, is not told again. */
export function withEntries(state: AlertState, entries: readonly OutboxEntry[]): AlertState {
  const known = new Set([...state.outbox, ...state.receipts].map(({ id }) => id));
  const added = entries.filter(({ id }) => !known.has(id));
  return added.length === 0 ? state : { ...state, outbox: [...state.outbox, ...added] };
}

/**
 * Tells what waits, each entry to its delivery: claimed by compare-and-set, sent, and taken out with its receipt. A
 * runner that dies in between leaves the entry to the next one, which sends it under the same id: that is at least
 * once, and a receiver that knows ids has it once. Files have it once by themselves. Never rejects for a delivery.
 */
export async function deliver(
  definition: AlertDefinition,
  deliveries: readonly BoundDelivery[],
  world: OutboxWorld,
  signal: CancelSignal,
): Promise<Delivered> {
  const { store, clock, digest } = world;
  const approved = new Set((await store.approvals()).approved.map(({ delivery }) => delivery));
  const known = new Map(deliveries.map((bound) => [deliveryId(bound, digest), bound]));
  const unapproved = new Set<string>();
  let sent = 0;
  const done = new Set<string>();
  // One that fails has its turn again with the next run: else a receiver that hangs keeps all others waiting.
  const down = new Set<string>();
  while (!signal.aborted) {
    const entry = await claim(definition.name, world, done, (one) => {
      if (down.has(one.delivery)) return false;
      const bound = known.get(one.delivery);
      if (bound?.delivery.kind !== 'webhook' || approved.has(one.delivery)) return true;
      unapproved.add(hostOf(bound.delivery.url));
      return false;
    });
    if (!entry) break;
    done.add(entry.id);
    const bound = known.get(entry.delivery);
    // The definition does not say so any more, or the customer is another's by now.
    if (!bound || !hears(bound, entry.event.customer)) {
      await settle(definition.name, world, entry, 'withdrawn');
      continue;
    }
    const failure = await send(entry, bound, definition, world, signal);
    if (failure === undefined) {
      sent++;
      await settle(definition.name, world, entry, 'delivered');
    } else if (clock.now() - entry.queuedAt > GIVE_UP_MS) await settle(definition.name, world, entry, 'gaveUp');
    else {
      if (known.get(entry.delivery)?.delivery.kind === 'webhook') down.add(entry.delivery);
      await putBack(definition.name, world, entry, failure);
    }
  }
  const { outbox } = await store.load(definition.name);
  return {
    sent,
    unapproved: [...unapproved],
    waiting: outbox.map(({ delivery, failure }) => {
      const of = known.get(delivery)?.delivery;
      const to = of === undefined ? 'a delivery that is no more' : of.kind === 'webhook' ? hostOf(of.url) : of.kind;
      return { to, reason: failure ?? 'It has not been approved, or another runner is at it.' };
    }),
  };
}

/** The oldest entry that may be sent now, claimed. Of one alert and delivery, what came before goes before. */
function claim(
  name: string,
  { store, clock, owner }: OutboxWorld,
  done: ReadonlySet<string>,
  isReady: (entry: OutboxEntry) => boolean,
): Promise<OutboxEntry | undefined> {
  return store.change(name, (state) => {
    const now = clock.now();
    const before = new Set<string>();
    const found = state.outbox.find((entry) => {
      const line = `${entry.delivery} ${entry.event.alertId}`;
      const free = !entry.claim || entry.claim.owner === owner || !isHeld(entry.claim.until, now);
      const fits = free && !before.has(line) && !done.has(entry.id) && isReady(entry);
      before.add(line);
      return fits;
    });
    if (!found) return { state, found };
    const claimed = { ...found, claim: { owner, until: now + CLAIM_MS } };
    return { state: { ...state, outbox: replaced(state, claimed) }, found: claimed };
  });
}

/** A claim that reaches further than anybody gives them is of a clock that was ahead. */
function isHeld(until: number, now: number): boolean {
  return until > now && until - now <= CLAIM_MS;
}

function replaced({ outbox }: AlertState, entry: OutboxEntry): readonly OutboxEntry[] {
  return outbox.map((one) => (one.id === entry.id ? entry : one));
}

function settle(
  name: string,
  { store, clock }: OutboxWorld,
  entry: OutboxEntry,
  outcome: Receipt['outcome'],
): Promise<void> {
  return store.change(name, (state) => {
    const receipt: Receipt = { id: entry.id, at: clock.now(), outcome, attempts: entry.attempts + 1 };
    const outbox = state.outbox.filter(({ id }) => id !== entry.id);
    return {
      state: { ...state, outbox, receipts: [...state.receipts, receipt].slice(-KEPT_RECEIPTS) },
      found: undefined,
    };
  });
}

function putBack(name: string, { store }: OutboxWorld, entry: OutboxEntry, failure: string): Promise<void> {
  return store.change(name, (state) => {
    const { claim: _over, ...rest } = entry;
    const back = { ...rest, attempts: entry.attempts + 1, failure };
    return { state: { ...state, outbox: replaced(state, back) }, found: undefined };
  });
}

/** Sends one; why it could not be, where it could not. */
export async function send(
  { id, event }: Pick<OutboxEntry, 'id' | 'event'>,
  { delivery }: BoundDelivery,
  definition: AlertDefinition,
  { webhooks, files, clock }: Pick<OutboxWorld, 'webhooks' | 'files' | 'clock'>,
  signal: CancelSignal,
): Promise<string | undefined> {
  try {
    switch (delivery.kind) {
      case 'webhook':
        return await post(
          delivery.url,
          JSON.stringify(webhookBody(event, definition, id)),
          id,
          { webhooks, clock },
          signal,
        );
      case 'jsonLines':
        await files.appendLine(delivery.file, id, lineOf(event, id));
        return undefined;
      case 'ticket': {
        const form = delivery.template.toLowerCase().endsWith('.json') ? 'json' : 'md';
        const text = fillTicket(await files.template(delivery.template), form, fieldsOf(event));
        await files.writeTicket(`${event.alert}-${id}.${form}`, text);
        return undefined;
      }
    }
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}

async function post(
  url: string,
  body: string,
  id: string,
  { webhooks, clock }: Pick<OutboxWorld, 'webhooks' | 'clock'>,
  signal: CancelSignal,
): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': id };
  let pause = FIRST_PAUSE_MS;
  for (let attempt = 1; ; attempt++) {
    let failure: string;
    let wait = pause;
    try {
      const { status, retryAfterMs } = await webhooks.post(url, body, headers, signal);
      if (status >= 200 && status < 300) return undefined;
      failure = `${hostOf(url)} answered with HTTP ${status}.`;
      if (status !== 408 && status !== 429 && status < 500) return failure;
      wait = Math.min(LONGEST_PAUSE_MS, Math.max(wait, retryAfterMs ?? 0));
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family !== 'network' && error.family !== 'service') throw error;
      failure = error.message;
    }
    if (attempt === ATTEMPTS || signal.aborted) return failure;
    await clock.sleep(wait, signal).catch(() => undefined);
    pause *= 2;
  }
}

/** What is said where an address was never approved. */
export function notApproved(hosts: readonly string[]): AppError {
  return new AppError(
    'input.notConfirmed',
    `${hosts.join(', ')} was not approved: addresses are said by a file, and alerts tell of customers. Look at them, and approve them once with --approve HOST.`,
  );
}

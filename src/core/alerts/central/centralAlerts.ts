import { cancelled, AppError, toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import { conditionText } from '../../../model/alert.ts';
import type { AlertDefinition } from '../../../model/alert.ts';
import type { Estate } from '../../../model/estate.ts';
import { boundDeliveries, deliveryText, hostOf } from '../deliveries.ts';
import type { BoundDelivery } from '../deliveries.ts';
import { foreignNames } from '../../runs/foreignNames.ts';
import { advance, guidOf } from './advance.ts';
import type { AlertEvent } from './alertState.ts';
import { NOT_LOOKED, together } from './alertReport.ts';
import type { AlertReport, Looked } from './alertReport.ts';
import { askAlert } from './askAlert.ts';
import type { AskWorld } from './askAlert.ts';
import { evaluateRows } from './evaluateRows.ts';
import { deliver, deliveryId, entriesOf, notApproved, send, withEntries } from './outbox.ts';
import type { Delivered, OutboxWorld } from './outbox.ts';
import { dueWindows, missedBetween, newestEnd } from './windows.ts';

/** What central evaluation stands on. */
export interface CentralAlertsWorld extends OutboxWorld {
  readonly estate: (signal: CancelSignal) => Promise<Estate>;
  readonly ask: AskWorld;
}

/** How an alert is evaluated. */
export interface EvaluateOptions {
  /** Only where a window is over that was not looked at. */
  readonly onlyDue?: boolean;
  readonly signal: CancelSignal;
}

/** Clocks of two machines differ by so much. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** What is wrong with the rows of one window, and may be right with those of the next. */
const OF_ITS_ROWS: ReadonlySet<string> = new Set(['input.alert', 'query.limit', 'query.overflow']);

const NOTHING: Delivered = { sent: 0, waiting: [], unapproved: [] };

/** What a test at a delivery came to. */
export interface DeliveryTest {
  readonly delivery: string;
  readonly customer?: string;
  /** Why it failed. */
  readonly failure?: string;
}

/** Alerts that are evaluated here, over all customers, and told once each. */
export class CentralAlerts {
  private readonly world: CentralAlertsWorld;

  constructor(world: CentralAlertsWorld) {
    this.world = world;
  }

  /**
   * Evaluates every window that is over and was not looked at (`dueWindows`), in order, and tells what came of them;
   * without one the newest again, unless `onlyDue`. Never rejects but when cancelled: the report says.
   */
  async evaluate(definition: AlertDefinition, { onlyDue = false, signal }: EvaluateOptions): Promise<AlertReport> {
    const { store, clock } = this.world;
    try {
      const estate = await this.world.estate(signal);
      const deliveries = boundDeliveries(definition, estate);
      const { evaluatedTo } = await store.load(definition.name);
      const { ends, missed } = dueWindows(definition, evaluatedTo, clock.now());
      const again = ends.length === 0 && !onlyDue ? [newestEnd(definition, clock.now())] : ends;
      let looked: Looked = { ...NOT_LOOKED, complete: missed.length === 0, missed };
      let error: AppErrorData | undefined;
      let sent = 0;
      for (const to of again) {
        try {
          const one = await this.look(definition, deliveries, estate, to, signal);
          looked = together(looked, one);
          // What fired is not kept waiting by the windows behind it; those of the last are told below.
          if (to !== again.at(-1) && one.fired.length + one.resolved.length > 0)
            sent += (await deliver(definition, deliveries, this.world, signal)).sent;
        } catch (thrown) {
          const failure = toAppError(thrown);
          if (to < newestEnd(definition, clock.now()) && OF_ITS_ROWS.has(failure.code)) {
            looked = together(looked, await this.passOver(definition, to, failure.message));
            continue;
          }
          // What fired before is told all the same: it does not wait for a question that fails.
          error = failure.toData();
          looked = { ...looked, complete: false };
          break;
        }
      }
      const told = await deliver(definition, deliveries, this.world, signal);
      const delivered = { ...told, sent: sent + told.sent };
      if (signal.aborted) throw cancelled();
      if (evaluatedTo !== undefined && evaluatedTo > clock.now() + CLOCKS_DIFFER_MS)
        looked = {
          ...looked,
          complete: false,
          notes: [
            ...looked.notes,
            `It was looked at until ${new Date(evaluatedTo).toISOString()}, and by this clock that is still to come: nothing fires or is resolved before. Set the clocks right.`,
          ],
        };
      return {
        alert: definition.name,
        ...looked,
        open: Object.keys((await store.load(definition.name)).open).length,
        delivered,
        ...(error ? { error } : {}),
      };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (signal.aborted) throw cancelled();
      const nothing = { ...NOT_LOOKED, complete: false, open: 0, delivered: NOTHING };
      return { alert: definition.name, ...nothing, error: error.toData() };
    }
  }

  /**
   * Approves the webhooks of definitions at a host, as they are now: another address there, or for another customer,
   * has to be approved anew. The addresses. Rejects with `input.alert` where there is none.
   */
  async approve(
    definitions: readonly AlertDefinition[],
    host: string,
    signal: CancelSignal,
  ): Promise<readonly string[]> {
    const { store, clock, digest } = this.world;
    const estate = await this.world.estate(signal);
    const wanted = host.toLowerCase();
    const found = definitions
      .flatMap((definition) => boundDeliveries(definition, estate))
      .flatMap((bound) =>
        bound.delivery.kind === 'webhook' && hostOf(bound.delivery.url) === wanted
          ? [{ bound, url: bound.delivery.url }]
          : [],
      );
    if (found.length === 0)
      throw new AppError('input.alert', `No webhook of these alerts is at "${host.slice(0, 200)}".`);
    await store.approve(
      found.map(({ bound }) => ({ delivery: deliveryId(bound, digest), host: wanted, at: clock.now() })),
    );
    return found.map(({ bound, url }) => `${url}${bound.customer === undefined ? '' : ` for ${bound.customer}`}`);
  }

  /** Sends a made-up alert to each delivery, marked as one. Rejects with `input.notConfirmed` for unapproved ones. */
  async test(definition: AlertDefinition, signal: CancelSignal): Promise<readonly DeliveryTest[]> {
    const { store, clock, digest } = this.world;
    const estate = await this.world.estate(signal);
    const deliveries = boundDeliveries(definition, estate);
    const approved = new Set((await store.approvals()).approved.map(({ delivery }) => delivery));
    const unapproved = deliveries.flatMap((bound) =>
      bound.delivery.kind === 'webhook' && !approved.has(deliveryId(bound, digest)) ? [hostOf(bound.delivery.url)] : [],
    );
    if (unapproved.length > 0) throw notApproved([...new Set(unapproved)]);
    const now = clock.now();
    const tests: DeliveryTest[] = [];
    for (const bound of deliveries) {
      const name = estate.customers.find(({ key }) => key === bound.customer)?.name;
      const event = fitFor(testEvent(definition, bound, name, now, digest), estate);
      const id = digest(JSON.stringify(['test', event.alertId])).slice(0, 32);
      const failure = await send({ id, event }, bound, definition, this.world, signal);
      tests.push({
        delivery: deliveryText(bound.delivery),
        ...(name === undefined ? {} : { customer: name }),
        ...(failure === undefined ? {} : { failure }),
      });
    }
    return tests;
  }

  /** Leaves a window out for good, so that one that nobody can evaluate does not keep all behind it. */
  private async passOver({ name, everyMinutes }: AlertDefinition, to: number, why: string): Promise<Looked> {
    await this.world.store.change(name, (state) => ({
      state: { ...state, evaluatedTo: Math.max(to, state.evaluatedTo ?? to) },
      found: undefined,
    }));
    const missed = missedBetween(to, to, everyMinutes * 60_000, { why, later: false });
    return { ...NOT_LOOKED, complete: false, missed };
  }

  private async look(
    definition: AlertDefinition,
    deliveries: readonly BoundDelivery[],
    estate: Estate,
    to: number,
    signal: CancelSignal,
  ): Promise<Looked> {
    const { store, clock, digest, ask } = this.world;
    const from = to - definition.windowMinutes * definition.condition.periods * 60_000;
    const { answer, complete, sentence, targetsOf } = await askAlert(definition, { from, to }, ask, signal);
    const values = evaluateRows(definition, answer, to);
    const notes: string[] = [];
    if (!answer.customersOwn && deliveries.some(({ customer }) => customer !== undefined))
      notes.push(
        'Its rows may hold values of several customers, so only the provider is told of it. Group by _Customer, and name it in what is joined.',
      );
    const { events, unknown } = await store.change(definition.name, (state) => {
      const advanced = advance(state, { definition, from, to, values, targetsOf, digest });
      const told = advanced.events.map((event) => fitFor(event, estate));
      const entries = entriesOf(told, deliveries, clock.now(), digest);
      return { state: withEntries(advanced.state, entries), found: advanced };
    });
    const isFired = ({ condition }: AlertEvent): boolean => condition === 'Fired';
    return {
      evaluatedTo: new Date(to).toISOString(),
      windows: 1,
      missed: [],
      completeness: sentence,
      complete,
      fired: events.filter(isFired).map(labelOf),
      resolved: events.filter((event) => !isFired(event)).map(labelOf),
      unknown: unknown.map(labelOf),
      notes,
    };
  }
}

/** An event of a customer as that customer may read it: what would tell of somebody else is left out. */
function fitFor(event: AlertEvent, estate: Estate): AlertEvent {
  if (event.customer === undefined) return event;
  const tells = foreignNames(estate, new Set([event.customer]));
  const { query, ...rest } = event;
  return {
    ...rest,
    alert: tells(event.alert) ? 'Alert' : event.alert,
    description: tells(event.description) ? '' : event.description,
    ...(query === undefined || tells(query) ? {} : { query }),
  };
}

function labelOf({ customerName, dimensions }: Pick<AlertEvent, 'customerName' | 'dimensions'>): string {
  const values = dimensions.map(({ name, value }) => `${name}=${value}`).join(', ');
  return [customerName ?? 'all customers', ...(values === '' ? [] : [values])].join(': ');
}

function testEvent(
  { name, severity, description = '', condition }: AlertDefinition,
  { customer, delivery }: BoundDelivery,
  customerName: string | undefined,
  now: number,
  digest: (text: string) => string,
): AlertEvent {
  return {
    alertId: guidOf(digest(JSON.stringify(['test', name, delivery, now]))),
    alert: name,
    condition: 'Fired',
    severity,
    description,
    conditionText: conditionText(condition),
    ...(customer === undefined ? {} : { customer }),
    ...(customerName === undefined ? {} : { customerName }),
    dimensions: [],
    value: condition.threshold,
    threshold: condition.threshold,
    targets: [],
    from: now,
    to: now,
    firedAt: now,
    test: true,
  };
}

import { conditionText } from '../../../model/alert.ts';
import type { AlertDefinition } from '../../../model/alert.ts';
import type { CustomerKey } from '../../../model/ids.ts';
import type { AlertEvent, AlertState, OpenAlert } from './alertState.ts';
import { instanceKey } from './evaluateRows.ts';
import type { AlertValue, AlertValues } from './evaluateRows.ts';

/** An evaluation: of which definition, over which time (milliseconds), and what it knows besides its numbers. */
export interface Evaluation {
  readonly definition: AlertDefinition;
  readonly from: number;
  readonly to: number;
  readonly values: AlertValues;
  /** ARM ids of the workspaces that were asked: of a customer, or of everybody. */
  targetsOf(customer: CustomerKey | undefined): readonly string[];
  /** Makes a hash in hexadecimal digits. */
  digest(text: string): string;
}

/** What an evaluation changes, and what is to be told of it. */
export interface Advanced {
  readonly state: AlertState;
  readonly events: readonly AlertEvent[];
  /** Open alerts that nobody can tell anything about: rows of theirs are missing. */
  readonly unknown: readonly OpenAlert[];
}

/**
 * The state after an evaluation. What is met and not open fires; what is open and not met any more is resolved, but
 * never where rows are missing that could say otherwise. Pure: the same twice is the same, and the second time tells
 * nothing new. Events are told to nobody here.
 */
export function advance(state: AlertState, evaluation: Evaluation): Advanced {
  const { definition, to, values } = evaluation;
  // An older window than the newest that was looked at says nothing about now.
  if (state.evaluatedTo !== undefined && to < state.evaluatedTo) return { state, events: [], unknown: [] };
  const again = state.evaluatedTo === to;
  const open = new Map(Object.entries(state.open));
  const events: AlertEvent[] = [];
  const unknown: OpenAlert[] = [];
  const seen = new Map<string, AlertValue>();
  for (const value of values.values) {
    const key = instanceKey(value.customer, value.dimensions);
    seen.set(key, value);
    if (value.result !== 'met' || open.has(key)) continue;
    // Without a memory of what is open, an evaluation of the same window would fire again.
    if (!definition.autoResolve && again) continue;
    const alertId = guidOf(evaluation.digest(JSON.stringify([definition.name, key, to])));
    const whose = pick(value);
    if (definition.autoResolve) open.set(key, { alertId, ...whose, firedAt: to });
    events.push(toEvent(evaluation, { alertId, ...whose, firedAt: to }, value.value));
  }
  for (const [key, alert] of open) {
    const value = seen.get(key);
    if (value?.result === 'met') continue;
    if (value?.result === 'unknown' || (!value && values.lacks(alert.customer))) {
      unknown.push(alert);
      continue;
    }
    open.delete(key);
    events.push({ ...toEvent(evaluation, alert, value?.value ?? 0), condition: 'Resolved', resolvedAt: to });
  }
  return { state: { ...state, evaluatedTo: to, open: Object.fromEntries(open) }, events, unknown };
}

type Whose = Pick<OpenAlert, 'customer' | 'customerName' | 'dimensions'>;

function pick({ customer, customerName, dimensions }: Whose): Whose {
  return {
    ...(customer === undefined ? {} : { customer }),
    ...(customerName === undefined ? {} : { customerName }),
    dimensions,
  };
}

function toEvent({ definition, from, to, targetsOf }: Evaluation, alert: OpenAlert, value: number): AlertEvent {
  const { name, severity, description = '', condition, query } = definition;
  return {
    alertId: alert.alertId,
    alert: name,
    condition: 'Fired',
    severity,
    description,
    conditionText: conditionText(condition),
    query: query.trim(),
    ...pick(alert),
    value,
    threshold: condition.threshold,
    targets: targetsOf(alert.customer),
    from,
    to,
    firedAt: alert.firedAt,
  };
}

/** The first digits of a hash as a GUID. */
export function guidOf(digest: string): string {
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

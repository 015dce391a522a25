import { AppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Estate } from '../../model/estate.ts';
import { ALERT_USER_STATES } from '../../model/firedAlert.ts';
import type { AlertUserState, FiredAlertView, FiredAlerts } from '../../model/firedAlert.ts';
import { toSubscriptionId } from '../../model/ids.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { Scope } from '../../model/scope.ts';
import type { AlertsPort } from '../../ports/alerts.ts';
import type { GraphPort } from '../../ports/graph.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { askGraph } from './askGraph.ts';
import type { GraphRow } from './askGraph.ts';

/** What fired alerts are asked of. */
export interface FiredAlertsWorld {
  readonly graph: GraphPort;
  readonly port: Pick<AlertsPort, 'changeState'>;
  readonly estate: (signal: CancelSignal) => Promise<Estate>;
}

/** Resource Graph keeps an alert for thirty days; it pages by the order of ids. */
const QUERY = `alertsmanagementresources
| where type =~ 'microsoft.alertsmanagement/alerts'
| extend it = properties.essentials
| project id, name, description = tostring(it.description), severity = tostring(it.severity), state = tostring(it.alertState),
  condition = tostring(it.monitorCondition), service = tostring(it.monitorService), rule = tostring(it.alertRule),
  target = tostring(it.targetResource), fired = tostring(it.startDateTime), changed = tostring(it.lastModifiedDateTime),
  query = tostring(properties.context.context.condition.allOf[0].searchQuery)
| order by id asc`;

/** Fired alerts of all customers in one list, and what a person says of them. */
export class FiredAlertsService {
  private readonly world: FiredAlertsWorld;

  constructor(world: FiredAlertsWorld) {
    this.world = world;
  }

  /** The alerts of a scope, newest first. Rejects with `input.scope`; whoever fails is among the missing. */
  async list(scope: Scope, signal: CancelSignal): Promise<FiredAlerts> {
    const { rows, missing } = await this.ask(scope, signal);
    return { missing, alerts: rows.map(({ alert }) => alert).sort(newestFirst) };
  }

  /**
   * Says that an alert was seen (`Acknowledged`), is done with (`Closed`), or is neither (`New`), by its GUID or ARM
   * id. It is looked up first: a token goes to the customer whose alert it is, whatever an id says. Rejects with
   * `input.alert` where nobody has it.
   */
  async change(
    id: string,
    state: AlertUserState,
    comment: string | undefined,
    signal: CancelSignal,
  ): Promise<FiredAlertView> {
    const wanted = id.trim().toLowerCase();
    const { rows, missing } = await this.ask(EVERYTHING, signal);
    const found = rows.filter(({ alert }) => alert.guid === wanted || alert.id.toLowerCase() === wanted);
    const [one, other] = found;
    if (!one)
      throw new AppError(
        'input.alert',
        `Nobody in your estate has an alert "${id.slice(0, 200)}" of the last 30 days.${missing.length > 0 ? ` ${missing.length} could not be asked.` : ''}`,
      );
    if (other)
      throw new AppError('input.alert', `Several alerts are called "${id.slice(0, 80)}". Give the resource id.`);
    await this.world.port.changeState(one.issuer, one.alert.id, state, comment, signal);
    return { ...one.alert, state };
  }

  private async ask(
    scope: Scope,
    signal: CancelSignal,
  ): Promise<{
    readonly rows: readonly { readonly alert: FiredAlertView; readonly issuer: Issuer }[];
    readonly missing: FiredAlerts['missing'];
  }> {
    const estate = await this.world.estate(signal);
    const { rows, missing } = await askGraph(QUERY, scope, { estate, graph: this.world.graph, signal });
    return {
      missing,
      rows: rows.flatMap((row) => {
        const alert = toAlert(row);
        return alert ? [{ alert, issuer: row.issuer }] : [];
      }),
    };
  }
}

function toAlert(row: GraphRow): FiredAlertView | undefined {
  const id = row.text('id');
  const [, subscription] = /^\/subscriptions\/([0-9a-f-]{36})\//i.exec(id) ?? [];
  const guid = /\/alerts\/([0-9a-f-]{36})$/i.exec(id)?.[1]?.toLowerCase();
  if (subscription === undefined || guid === undefined) return undefined;
  const query = row.text('query');
  return {
    id,
    guid,
    name: row.text('name'),
    description: row.text('description'),
    customer: row.customer,
    customerName: row.customerName,
    tenant: row.tenant,
    subscription: toSubscriptionId(subscription),
    severity: Number(/^Sev([0-4])$/i.exec(row.text('severity'))?.[1] ?? 4),
    state: ALERT_USER_STATES.find((one) => one === row.text('state')) ?? 'New',
    condition: row.text('condition') === 'Resolved' ? 'Resolved' : 'Fired',
    service: row.text('service'),
    rule: row.text('rule'),
    target: row.text('target'),
    ...(query === '' ? {} : { query }),
    firedAt: row.text('fired'),
    changedAt: row.text('changed'),
  };
}

function newestFirst(a: FiredAlertView, b: FiredAlertView): number {
  return b.firedAt.localeCompare(a.firedAt) || a.id.localeCompare(b.id);
}

import { mayDo } from '../../access.ts';
import type { FiredAlert } from '../../alerting.ts';
import { isWithin, key } from '../../armId.ts';
import { armError } from '../../router.ts';
import type { World } from '../../state.ts';
import type { ArmCall, ArmGate } from '../gate.ts';
import { alertBody, firedAlerts } from './bodies.ts';
import { page } from '../subscriptions.ts';

const TYPE = 'Microsoft.AlertsManagement/alerts';
const RANGES: Readonly<Record<string, number>> = { '1h': 1 / 24, '1d': 1, '7d': 7, '30d': 30 };
const DAY = 86_400_000;
const STATES = ['New', 'Acknowledged', 'Closed'] as const;

/**
 * Fired alerts, as in azure-rest-api-specs, alertsmanagement 2025-05-25-preview (Alerts_List.json, Alerts_GetById.json,
 * Alerts_ChangeState.json): of a subscription, or of anything in it.
 */
export function registerAlertInstances(gate: ArmGate): void {
  const { world } = gate;
  const read = { type: TYPE, action: `${TYPE}/read` };
  for (const scope of ['/subscriptions/{subscriptionId}', '/subscriptions/{subscriptionId}/{*rest}']) {
    const list = `${scope}/providers/${TYPE}`;
    gate.add('GET', list, { ...read, list: true }, (call) => page(call, listed(world, call)));
    gate.add('GET', `${list}/{alert}`, read, (call) => ({ status: 200, body: alertBody(alertOf(world, call), true) }));
    gate.add('POST', `${list}/{alert}/changestate`, { type: TYPE, action: `${TYPE}/changestate/action` }, (call) => ({
      status: 200,
      body: alertBody(changeState(world, call), true),
    }));
  }
}

function listed(world: World, call: ArmCall): object[] {
  const { ctx, grants } = call;
  const days = RANGES[ctx.query('timeRange') ?? '1d'];
  if (days === undefined) throw invalid(`The time range '${ctx.query('timeRange')!}' is not one of 1h, 1d, 7d, 30d.`);
  const since = world.clock.now() - days * DAY;
  const scope = ctx.path.replace(/\/providers\/Microsoft\.AlertsManagement\/alerts\/?$/i, '');
  const wanted = (name: string): string | undefined => ctx.query(name)?.toLowerCase();
  return firedAlerts(world)
    .filter(({ id, essentials }) => {
      const { monitorCondition, alertState, severity, startDateTime } = essentials;
      const asked = [
        [wanted('monitorCondition'), monitorCondition],
        [wanted('alertState'), alertState],
        [wanted('severity'), severity],
      ] as const;
      return (
        isWithin(id, scope) &&
        Date.parse(startDateTime) >= since &&
        asked.every(([text, value]) => text === undefined || text === value.toLowerCase()) &&
        mayDo(grants, `${TYPE}/read`, id)
      );
    })
    .map((alert) => alertBody(alert, wanted('includeContext') === 'true'));
}

function changeState(world: World, call: ArmCall): FiredAlert {
  const { ctx, claims } = call;
  const alert = alertOf(world, call);
  const state = STATES.find((one) => one.toLowerCase() === ctx.query('newState')?.toLowerCase());
  if (!state) throw invalid(`The new state '${ctx.query('newState') ?? ''}' is not one of ${STATES.join(', ')}.`);
  const at = world.clock.iso();
  const by = claims.upn ?? claims.appid;
  const { comment } = ctx.json<{ comment?: string }>() ?? {};
  Object.assign(alert.essentials, { alertState: state, lastModifiedDateTime: at, lastModifiedUserName: by });
  alert.history.push({ event: 'StateChange', at, by, ...(comment === undefined ? {} : { comment }) });
  world.touch();
  return alert;
}

function alertOf(world: World, { ctx }: ArmCall): FiredAlert {
  const guid = key(ctx.params['alert']!);
  const scope = ctx.path.replace(/\/providers\/Microsoft\.AlertsManagement\/alerts\/.*$/i, '');
  const found = firedAlerts(world).find((alert) => alert.guid === guid && isWithin(alert.id, scope));
  if (!found) throw armError(404, 'AlertNotFound', `The alert '${guid}' was not found.`);
  return found;
}

function invalid(message: string): Error {
  return armError(400, 'BadRequest', message);
}

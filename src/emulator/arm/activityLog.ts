import { isWithin, key } from '../armId.ts';
import type { ActivityEvent } from '../activity.ts';
import { armError } from '../router.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { page } from './subscriptions.ts';

const TYPE = 'Microsoft.Insights/eventtypes';
/** The log goes back so far. */
const DAYS = 90;

/**
 * The activity log of a subscription: newest first, filtered as the service wants it (azure-rest-api-specs, monitor
 * 2015-04-01, examples/GetActivityLogsFiltered.json): from when, and perhaps until when and of what.
 */
export function registerActivityLog(gate: ArmGate): void {
  const { world } = gate;
  gate.add(
    'GET',
    `/subscriptions/{subscriptionId}/providers/${TYPE}/management/values`,
    { type: TYPE, action: `${TYPE}/values/read` },
    (call) => {
      const { from, to, resource, group } = readFilter(call, world.clock.now());
      const selected = call.ctx.query('$select')?.split(',');
      const events = world.activityLog
        .filter(
          ({ at, resourceId }) =>
            isWithin(resourceId, `/subscriptions/${call.subscription.subscriptionId}`) &&
            Date.parse(at) >= from &&
            Date.parse(at) <= to &&
            (resource === undefined || key(resourceId) === key(resource)) &&
            (group === undefined || key(groupOf(resourceId)) === key(group)),
        )
        .reverse();
      return page(
        call,
        events.map((event) => select(toBody(event, call.subscription.subscriptionId), selected)),
      );
    },
  );
}

interface Filter {
  readonly from: number;
  readonly to: number;
  readonly resource?: string;
  readonly group?: string;
}

function readFilter({ ctx }: ArmCall, now: number): Filter {
  const filter = ctx.query('$filter') ?? '';
  const value = (name: string): string | undefined =>
    new RegExp(`\\b${name} '((?:[^']|'')*)'`, 'i').exec(filter)?.[1]?.replaceAll("''", "'");
  const from = Date.parse(value('eventTimestamp ge') ?? '');
  const to = value('eventTimestamp le');
  if (Number.isNaN(from) || (to !== undefined && Number.isNaN(Date.parse(to))))
    throw armError(
      400,
      'BadRequest',
      "The $filter has to begin with eventTimestamp ge 'TIME', in a form that is a time.",
    );
  if (now - from > DAYS * 86_400_000)
    throw armError(400, 'BadRequest', `The start time cannot be more than ${DAYS} days in the past.`);
  const [resource, group] = [value('resourceUri eq'), value('resourceGroupName eq')];
  return {
    from,
    to: to === undefined ? now : Date.parse(to),
    ...(resource === undefined ? {} : { resource }),
    ...(group === undefined ? {} : { group }),
  };
}

function groupOf(resourceId: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(resourceId)?.[1] ?? '';
}

function toBody(event: ActivityEvent, subscriptionId: string): Readonly<Record<string, unknown>> {
  const { id, at, resourceId, operation, method, caller, correlationId, status } = event;
  const both = (value: string): object => ({ value, localizedValue: value });
  return {
    authorization: { action: operation, scope: resourceId },
    caller,
    channels: 'Operation',
    correlationId,
    description: '',
    eventDataId: id,
    eventName: { value: 'EndRequest', localizedValue: 'End request' },
    category: both('Administrative'),
    httpRequest: { method },
    id: `${resourceId}/events/${id}/ticks/${Date.parse(at)}0000`,
    level: 'Informational',
    resourceGroupName: groupOf(resourceId),
    resourceProviderName: both(operation.split('/')[0]!),
    resourceId,
    operationName: both(operation),
    properties: { statusCode: String(status) },
    status: both('Succeeded'),
    subStatus: both(String(status)),
    eventTimestamp: at,
    submissionTimestamp: at,
    subscriptionId,
  };
}

function select(body: Readonly<Record<string, unknown>>, names: readonly string[] | undefined): object {
  return names ? Object.fromEntries(names.map((name) => [name.trim(), body[name.trim()]])) : body;
}

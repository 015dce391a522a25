import type { ActionGroup, FiredAlert, ScheduledQueryRule } from '../../alerting.ts';
import type { World } from '../../state.ts';

/** Alerts are kept for so long. */
const KEPT_DAYS = 30;
const DAY = 86_400_000;

/** An action group as Resource Manager writes it. */
export function groupBody({ id, name, tags, properties }: ActionGroup): {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly tags: Record<string, string>;
  readonly properties: object;
} {
  return { id, type: 'Microsoft.Insights/ActionGroups', name, location: 'Global', tags, properties };
}

/** A rule as Resource Manager writes it. */
export function ruleBody({ id, name, location, ruleKind, tags, identity, properties, etag }: ScheduledQueryRule): {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly tags: Record<string, string>;
  readonly properties: object;
} {
  return {
    id,
    name,
    type: 'microsoft.insights/scheduledqueryrules',
    location,
    tags,
    ...(ruleKind === undefined ? {} : { kind: ruleKind }),
    ...(identity ? { identity } : {}),
    etag,
    properties,
  } as ReturnType<typeof ruleBody>;
}

/** An alert as Alerts Management writes it. */
export function alertBody(
  { id, name, essentials, context, customProperties }: FiredAlert,
  withContext: boolean,
): {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly properties: object;
} {
  return {
    id,
    name,
    type: 'Microsoft.AlertsManagement/alerts',
    properties: { essentials, customProperties, egressConfig: {}, ...(withContext ? { context } : {}) },
  };
}

/** The alerts that are still kept. */
export function firedAlerts(world: World): FiredAlert[] {
  const since = world.clock.now() - KEPT_DAYS * DAY;
  return [...world.alerting.values()].flatMap((one) =>
    one.kind === 'alert' && Date.parse(one.essentials.startDateTime) >= since ? [one] : [],
  );
}

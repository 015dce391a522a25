import { SecretText } from '../../../base/secretText.ts';
import type { ActionGroup, AlertRule, RuleCriterion, WebhookReceiver } from '../../../ports/alerts.ts';
import { toList, toNumber, toObject, toRegion, toText } from '../assess/wire.ts';
import type { Wire } from '../assess/wire.ts';

/** What only the service says of a rule; it is not sent back. */
const READ_ONLY = ['isWorkspaceAlertsStorageConfigured', 'isLegacyLogAnalyticsRule', 'createdWithApiVersion'];

/** A rule as it was read; what it lacks is empty, and then differs from what is wanted. */
export function toRule(wire: Wire): AlertRule {
  const properties = toObject(wire['properties']);
  const actions = toObject(properties['actions']);
  const [criterion] = toList(toObject(properties['criteria'])['allOf']);
  const override = toText(properties['overrideQueryTimeRange']);
  return {
    location: toRegion(wire['location']),
    tags: toTexts(wire['tags']),
    identity: !/^(?:none)?$/i.test(toText(toObject(wire['identity'])['type'])),
    properties: {
      displayName: toText(properties['displayName']),
      description: toText(properties['description']),
      severity: toNumber(properties['severity']) ?? -1,
      enabled: properties['enabled'] !== false,
      evaluationFrequency: toText(properties['evaluationFrequency']),
      windowSize: toText(properties['windowSize']),
      ...(override === '' ? {} : { overrideQueryTimeRange: override }),
      scopes: [toText(toList(properties['scopes'])[0])],
      criteria: { allOf: [toCriterion(toObject(criterion))] },
      autoMitigate: properties['autoMitigate'] !== false,
      actions: {
        actionGroups: toList(actions['actionGroups']).map(toText),
        customProperties: toTexts(actions['customProperties']),
      },
    },
  };
}

function toCriterion(wire: Wire): RuleCriterion {
  const periods = toObject(wire['failingPeriods']);
  const column = toText(wire['metricMeasureColumn']);
  return {
    criterionType: 'StaticThresholdCriterion',
    query: toText(wire['query']),
    timeAggregation: toText(wire['timeAggregation']),
    ...(column === '' ? {} : { metricMeasureColumn: column }),
    dimensions: toList(wire['dimensions']).map((one) => {
      const dimension = toObject(one);
      return {
        name: toText(dimension['name']),
        operator: toText(dimension['operator']) === 'Exclude' ? 'Exclude' : 'Include',
        values: toList(dimension['values']).map(toText),
      };
    }),
    operator: toText(wire['operator']),
    threshold: toNumber(wire['threshold']) ?? NaN,
    failingPeriods: {
      numberOfEvaluationPeriods: toNumber(periods['numberOfEvaluationPeriods']) ?? 1,
      minFailingPeriodsToAlert: toNumber(periods['minFailingPeriodsToAlert']) ?? 1,
    },
  };
}

/** The body that makes a rule; of one that is there, everything that we say nothing about goes along. */
export function ruleBody({ location, tags, identity, properties }: AlertRule, now: unknown): object {
  const before = toObject(now);
  const kept = Object.fromEntries(
    Object.entries(toObject(before['properties'])).filter(
      ([name]) => !READ_ONLY.includes(name) && name !== 'overrideQueryTimeRange',
    ),
  );
  const others = toObject(toObject(kept['actions']));
  return {
    location: before['location'] ?? location,
    kind: 'LogAlert',
    tags: { ...toTexts(before['tags']), ...tags },
    // A rule that has an identity of somebody's choice keeps it.
    ...(identity ? { identity: identityOf(before) } : {}),
    properties: { ...kept, ...properties, actions: { ...others, ...properties.actions } },
  };
}

function identityOf(before: Wire): object {
  const now = toObject(before['identity']);
  return toText(now['type']) === 'UserAssigned' ? now : { type: 'SystemAssigned' };
}

/** An action group as it was read. */
export function toActionGroup(wire: Wire): ActionGroup {
  const properties = toObject(wire['properties']);
  return {
    groupShortName: toText(properties['groupShortName']),
    enabled: properties['enabled'] !== false,
    webhookReceivers: toList(properties['webhookReceivers']).map((one) => {
      const receiver = toObject(one);
      return {
        name: toText(receiver['name']),
        serviceUri: new SecretText(toText(receiver['serviceUri']), 'serviceUri'),
      };
    }),
  };
}

/** The body that makes an action group; receivers of other kinds, and tags, stay. */
export function actionGroupBody({ groupShortName, enabled, webhookReceivers }: ActionGroup, now: unknown): object {
  const before = toObject(now);
  return {
    location: 'Global',
    tags: toTexts(before['tags']),
    properties: {
      ...toObject(before['properties']),
      groupShortName,
      enabled,
      webhookReceivers: webhookReceivers.map(receiverBody),
    },
  };
}

/** A webhook as the service is sent it: the one place where its address is in the clear. */
export function receiverBody({ name, serviceUri }: WebhookReceiver): object {
  return { name, serviceUri: serviceUri.reveal(), useCommonAlertSchema: true };
}

function toTexts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(toObject(value)).map(([name, text]) => [name, toText(text)]));
}

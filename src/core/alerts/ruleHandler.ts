import { SEVERITIES } from '../../model/alert.ts';
import type { Difference } from '../../model/plan.ts';
import type { AlertRule, AlertsPort, RuleCriterion, RuleProperties } from '../../ports/alerts.ts';
import type { ChangeHandler, Effect } from '../changes/changeHandler.ts';
import { templateText } from '../changes/export.ts';
import { kqlDifference } from '../queryPacks/savedQueryHandler.ts';
import { fromIso } from './toAlertRule.ts';

/** What is wanted of a rule, and what the person who reads the plan calls its place. */
export interface WantedRule extends AlertRule {
  readonly name: string;
  readonly place: string;
}

/** The resource type of scheduled query rules, and the version they are written in. */
const TYPE = 'Microsoft.Insights/scheduledQueryRules';
const API_VERSION = '2025-01-01-preview';

/** Scheduled query rules, as plans change them. */
export function scheduledQueryRuleHandler(
  port: Pick<AlertsPort, 'rule' | 'putRule'>,
): ChangeHandler<WantedRule, AlertRule> {
  return {
    resource: 'scheduledQueryRule',
    noun: 'alert rule',
    read: ({ target }, { issuer, signal }) => port.rule(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const detail = `In ${wanted.place}: ${criterionText(wanted.properties.criteria.allOf[0])}, ${oftenText(wanted.properties)}`;
      if (!now) return { action: 'create', title: `Create alert rule ${wanted.name}`, detail, differences: [] };
      const differences = differencesOf(now, wanted);
      if (differences.length === 0)
        return { action: 'none', title: `Alert rule ${wanted.name} is there already`, detail, differences };
      return {
        action: 'update',
        title: `Change alert rule ${wanted.name}`,
        detail,
        differences,
        basis: JSON.stringify(now),
        warnings: [`${wanted.name} forgets what has fired: it is another rule once it is changed.`],
      };
    },
    apply: ({ target, wanted }, _action, { issuer, signal }) => port.putRule(issuer, target, wanted, signal),
    verify: ({ wanted }, now) => {
      if (!now) return { state: 'pending', what: `alert rule ${wanted.name} is not shown yet` };
      const [different] = differencesOf(now, wanted);
      return different
        ? {
            state: 'different',
            message: `The service keeps another ${different.name.toLowerCase()} of alert rule ${wanted.name} than was sent.`,
          }
        : { state: 'verified' };
    },
    describe: ({ wanted }, now) => now && `alert rule ${wanted.name}`,
    commands: ({ target, wanted }) => [commandOf(target, wanted)],
    templateResources: ({ wanted }) => [templateOf(wanted)],
  };
}

/** What of a rule that is there is another than wanted, in words. */
export function differencesOf(now: AlertRule, wanted: AlertRule): readonly Difference[] {
  const [before, after] = [now.properties, wanted.properties];
  const [is, shall] = [before.criteria.allOf[0], after.criteria.allOf[0]];
  const settings: readonly (readonly [name: string, before: string, after: string])[] = [
    ['Display name', before.displayName, after.displayName],
    ['Description', before.description, after.description],
    ['Severity', severityText(before.severity), severityText(after.severity)],
    ['Enabled', yes(before.enabled), yes(after.enabled)],
    ['Frequency', minutes(before.evaluationFrequency), minutes(after.evaluationFrequency)],
    ['Window', minutes(before.windowSize), minutes(after.windowSize)],
    ['Look back', minutes(before.overrideQueryTimeRange), minutes(after.overrideQueryTimeRange)],
    ['Workspace', lower(before.scopes), lower(after.scopes)],
    ['Condition', criterionText(is), criterionText(shall)],
    ['Dimensions', dimensionsText(is), dimensionsText(shall)],
    ['Resolves by itself', yes(before.autoMitigate), yes(after.autoMitigate)],
    ['Action groups', lower(before.actions.actionGroups), lower(after.actions.actionGroups)],
    ['Custom properties', texts(before.actions.customProperties), texts(after.actions.customProperties)],
    ['Tags', texts(ours(now.tags, wanted.tags)), texts(wanted.tags)],
    ['Identity', yes(now.identity), yes(wanted.identity || now.identity)],
  ];
  const query = kqlDifference(is.query, shall.query);
  return [
    ...(query ? [query] : []),
    ...settings
      .filter(([, old, made]) => old !== made)
      .map(([name, old, made]): Difference => ({ name, before: old || 'none', after: made || 'none' })),
  ];
}

function severityText(severity: number): string {
  return `${severity} (${SEVERITIES[severity] ?? 'unknown'})`;
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** `PT60M` and `PT1H` are the same: the service writes as it likes. */
function minutes(text: string | undefined): string {
  const read = fromIso(text);
  return read === undefined ? (text ?? '') : `${read} minutes`;
}

function lower(ids: readonly string[]): string {
  return ids
    .map((id) => id.toLowerCase())
    .sort()
    .join(', ');
}

function texts(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([name, text]) => `${name}=${text}`)
    .sort()
    .join(', ');
}

/** Tags of others are theirs. */
function ours(
  tags: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => name in wanted));
}

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThan: '>',
  GreaterThanOrEqual: '>=',
  LessThan: '<',
  LessThanOrEqual: '<=',
  Equals: '=',
};

function criterionText(criterion: RuleCriterion): string {
  const { timeAggregation, metricMeasureColumn, operator, threshold, failingPeriods } = criterion;
  const measure = timeAggregation.toLowerCase();
  const number = metricMeasureColumn === undefined ? measure : `${measure}(${metricMeasureColumn})`;
  const { numberOfEvaluationPeriods: of, minFailingPeriodsToAlert: failing } = failingPeriods;
  return `${number} ${SIGNS[operator] ?? operator} ${threshold}${of > 1 ? ` in ${failing} of ${of} windows` : ''}`;
}

function dimensionsText({ dimensions }: RuleCriterion): string {
  return dimensions
    .map(({ name, operator, values }) =>
      values.includes('*') ? name : `${name} ${operator === 'Exclude' ? '!=' : '='} ${values.join(', ')}`,
    )
    .join('; ');
}

function oftenText({ evaluationFrequency, windowSize }: RuleProperties): string {
  return `every ${minutes(evaluationFrequency)} over ${minutes(windowSize)}`;
}

/** No command of `az monitor scheduled-query` sets a display name, so the whole is sent. */
function commandOf(target: string, { location, tags, identity, properties }: WantedRule): readonly string[] {
  const body = { location, kind: 'LogAlert', tags, ...(identity ? IDENTITY : {}), properties };
  return ['rest', '--method', 'put', '--url', `${target}?api-version=${API_VERSION}`, '--body', JSON.stringify(body)];
}

const IDENTITY = { identity: { type: 'SystemAssigned' } };

function templateOf({ name, location, tags, identity, properties }: WantedRule): object {
  const [criterion] = properties.criteria.allOf;
  return {
    type: TYPE,
    apiVersion: API_VERSION,
    name,
    location,
    kind: 'LogAlert',
    tags,
    ...(identity ? IDENTITY : {}),
    properties: {
      ...properties,
      displayName: templateText(properties.displayName),
      description: templateText(properties.description),
      criteria: {
        allOf: [
          {
            ...criterion,
            query: templateText(criterion.query),
            dimensions: criterion.dimensions.map((one) => ({ ...one, values: one.values.map(templateText) })),
          },
        ],
      },
      actions: {
        ...properties.actions,
        customProperties: Object.fromEntries(
          Object.entries(properties.actions.customProperties).map(([key, text]) => [key, templateText(text)]),
        ),
      },
    },
  };
}

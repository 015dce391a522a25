import { AppError } from '../../base/errors.ts';
import type { AlertDefinition, Comparison, Measure } from '../../model/alert.ts';
import type { Workspace } from '../../model/estate.ts';
import { parseTimeRange } from '../../model/timeRangeText.ts';
import type { AlertRule } from '../../ports/alerts.ts';

/** The tag that says which alert a rule was made of: how it is found again. */
export const ALERT_TAG = 'tenantscope-alert';
/** `properties` of a rule, as JSON (learn.microsoft.com, Azure Monitor service limits). */
const MOST_BYTES = 65_536;

const AGGREGATIONS: Readonly<Record<Measure, string>> = {
  count: 'Count',
  average: 'Average',
  minimum: 'Minimum',
  maximum: 'Maximum',
  total: 'Total',
};
/** Comparisons by how the service calls them. */
export const OPERATORS: Readonly<Record<Comparison, string>> = {
  '>': 'GreaterThan',
  '>=': 'GreaterThanOrEqual',
  '<': 'LessThan',
  '<=': 'LessThanOrEqual',
  '==': 'Equals',
};

/**
 * What a definition is as a rule of one workspace. Throws `input.alert` for what the service would refuse of it as a
 * whole: its size, and a name it takes no identity with.
 */
export function toAlertRule(
  definition: AlertDefinition,
  workspace: Workspace,
  { actionGroups, customerName }: { readonly actionGroups: readonly string[]; readonly customerName: string },
): AlertRule {
  const { condition, dimensions, lookBackMinutes, identity, name } = definition;
  const rule: AlertRule = {
    location: workspace.region,
    tags: { [ALERT_TAG]: name },
    identity,
    properties: {
      displayName: name,
      description: definition.description ?? '',
      severity: definition.severity,
      enabled: true,
      evaluationFrequency: toIso(definition.everyMinutes),
      windowSize: toIso(definition.windowMinutes),
      ...(lookBackMinutes === undefined ? {} : { overrideQueryTimeRange: toIso(lookBackMinutes) }),
      scopes: [workspace.armId],
      criteria: {
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion',
            query: definition.query.trim(),
            timeAggregation: AGGREGATIONS[condition.measure],
            ...(condition.column === undefined ? {} : { metricMeasureColumn: condition.column }),
            dimensions: dimensions.map(({ column, values, exclude }) => ({
              name: column,
              operator: exclude ? 'Exclude' : 'Include',
              values: values.length > 0 ? values : ['*'],
            })),
            operator: OPERATORS[condition.comparison],
            threshold: condition.threshold,
            failingPeriods: {
              numberOfEvaluationPeriods: condition.periods,
              minFailingPeriodsToAlert: condition.failing,
            },
          },
        ],
      },
      autoMitigate: definition.autoResolve,
      actions: { actionGroups, customProperties: { alert: name, customer: customerName } },
    },
  };
  const bytes = utf8Bytes(JSON.stringify(rule.properties));
  if (bytes > MOST_BYTES)
    throw new AppError(
      'input.alert',
      `The rule of ${name} would be ${bytes.toLocaleString('en-US')} bytes, and the service takes 64 KB. Shorten the query, or keep a part of it as a function.`,
    );
  if (identity && ruleName(definition, workspace).includes(';'))
    throw new AppError('input.alert', `A rule with an identity has no ";" in its name: ${name}.`);
  return rule;
}

/** Bytes of a text in UTF-8, or a few more. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes += unit < 0x80 ? 1 : unit < 0x8_00 ? 2 : 3;
  }
  return bytes;
}

/** What the rule of a workspace is called; of two workspaces in a resource group each has its own. */
export function ruleName({ name }: Pick<AlertDefinition, 'name'>, workspace: Pick<Workspace, 'name'>): string {
  return `${name}-${workspace.name}`;
}

/** Minutes as the service writes durations: `PT5M`, `PT2H`, `P1D`. */
export function toIso(minutes: number): string {
  if (minutes % 1440 === 0) return `P${minutes / 1440}D`;
  return minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}

/** The minutes of an ISO 8601 duration; undefined for anything else. */
export function fromIso(text: string | undefined): number | undefined {
  const range = text === undefined ? text : parseTimeRange(text);
  return typeof range === 'object' && range.kind === 'last' ? range.minutes : undefined;
}

import type { FiredAlert, RuleCondition, ScheduledQueryRule } from '../../alerting.ts';
import type { World } from '../../state.ts';

/** One evaluation of a rule for one combination of dimensions. */
export interface Evaluated {
  readonly value: number;
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  readonly from: number;
  readonly to: number;
}

const OPERATORS: Readonly<Record<string, string>> = {
  GreaterThan: 'GreaterThan',
  GreaterThanOrEqual: 'GreaterThanOrEqual',
  LessThan: 'LowerThan',
  LessThanOrEqual: 'LowerThanOrEqual',
  Equals: 'Equal',
};

/**
 * The common alert schema of a log search alert (azure-monitor-docs, alerts-payload-samples.md, "Log Alerts V2"):
 * thresholds are texts, resource types a text that looks like a list, and no rows are inside.
 */
export function commonPayload(
  world: World,
  rule: ScheduledQueryRule,
  alert: FiredAlert,
  condition: RuleCondition,
  { value, dimensions, from, to }: Evaluated,
): object {
  const { severity, monitorCondition, startDateTime, monitorConditionResolvedDateTime } = alert.essentials;
  const scope = rule.properties.scopes?.[0] ?? '';
  const { description = '', windowSize = '', actions, displayName } = rule.properties;
  const properties = actions?.customProperties ?? {};
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: alert.id,
        alertRule: displayName ?? rule.name,
        alertRuleID: rule.id,
        severity,
        signalType: 'Log',
        monitorCondition,
        monitoringService: 'Log Alerts V2',
        alertTargetIDs: [scope.toLowerCase()],
        configurationItems: dimensions
          .filter(({ name }) => /^(?:_ResourceId|ResourceId|Resource|Computer)$/.test(name))
          .map((one) => one.value),
        originAlertId: world.guid('origin', alert.guid),
        firedDateTime: startDateTime,
        ...(monitorCondition === 'Resolved' ? { resolvedDateTime: monitorConditionResolvedDateTime } : {}),
        description,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        properties,
        conditionType: 'LogQueryCriteria',
        condition: {
          windowSize,
          allOf: [
            {
              searchQuery: condition.query ?? '',
              metricMeasureColumn: condition.metricMeasureColumn ?? null,
              targetResourceTypes: "['Microsoft.OperationalInsights/workspaces']",
              operator: OPERATORS[condition.operator ?? ''] ?? condition.operator,
              threshold: String(condition.threshold ?? 0),
              timeAggregation: condition.timeAggregation,
              dimensions,
              metricValue: value,
              failingPeriods: condition.failingPeriods ?? { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
            },
          ],
          windowStartTime: new Date(from).toISOString(),
          windowEndTime: new Date(to).toISOString(),
        },
      },
      customProperties: properties,
    },
  };
}

/** What a test of an action group sends: made-up values, said to be so. */
export function testPayload(world: World, group: string): object {
  const now = new Date(world.clock.now()).toISOString();
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: `/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.AlertsManagement/alerts/${world.guid('test', group, now)}`,
        alertRule: 'test-logAlertRule-V2',
        severity: 'Sev3',
        signalType: 'Log',
        monitorCondition: 'Fired',
        monitoringService: 'Log Alerts V2',
        alertTargetIDs: [
          '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/test-rg/providers/microsoft.operationalinsights/workspaces/test-logAnalyticsWorkspace',
        ],
        originAlertId: world.guid('test origin', group, now),
        firedDateTime: now,
        description: 'Alert rule description',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        properties: null,
        conditionType: 'LogQueryCriteria',
        condition: { windowSize: 'PT1H', allOf: [] },
      },
      customProperties: null,
    },
  };
}

import { SEVERITIES } from '../../../model/alert.ts';
import type { AlertCondition, AlertDefinition } from '../../../model/alert.ts';
import { toIso } from '../toAlertRule.ts';
import type { AlertEvent } from './alertState.ts';

/** How the common alert schema calls comparisons; it is not how rules do. */
const OPERATORS: Readonly<Record<AlertCondition['comparison'], string>> = {
  '>': 'GreaterThan',
  '>=': 'GreaterThanOrEqual',
  '<': 'LowerThan',
  '<=': 'LowerThanOrEqual',
  '==': 'Equal',
};
const AGGREGATIONS: Readonly<Record<AlertCondition['measure'], string>> = {
  count: 'Count',
  average: 'Average',
  minimum: 'Minimum',
  maximum: 'Maximum',
  total: 'Total',
};

/** What an event needs of the definition it came of. */
type Shape = Pick<AlertDefinition, 'condition' | 'windowMinutes'>;

/**
 * An event in the common alert schema, as a log search alert of Azure Monitor tells it (learn.microsoft.com, Common
 * alert schema): who takes those takes ours. `id` is the same however often it is sent. No rows are inside.
 */
export function webhookBody(event: AlertEvent, { condition, windowMinutes }: Shape, id: string): object {
  const customProperties = {
    ...(event.customerName === undefined ? {} : { customer: event.customerName }),
    deliveryId: id,
    ...(event.test ? { test: 'true' } : {}),
  };
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: event.alertId,
        alertRule: titleOf(event),
        severity: `Sev${event.severity}`,
        signalType: 'Log',
        monitorCondition: event.condition,
        monitoringService: 'Log Alerts V2',
        alertTargetIDs: event.targets,
        configurationItems: event.dimensions
          .filter(({ name }) => /^(?:_ResourceId|ResourceId|Resource|Computer)$/.test(name))
          .map(({ value }) => value),
        originAlertId: event.alertId,
        firedDateTime: iso(event.firedAt),
        ...(event.resolvedAt === undefined ? {} : { resolvedDateTime: iso(event.resolvedAt) }),
        description: event.description,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        properties: customProperties,
        conditionType: 'LogQueryCriteria',
        condition: {
          windowSize: toIso(windowMinutes),
          allOf: [
            {
              searchQuery: event.query ?? '',
              metricMeasureColumn: condition.column ?? null,
              targetResourceTypes: "['Microsoft.OperationalInsights/workspaces']",
              operator: OPERATORS[condition.comparison],
              threshold: String(event.threshold),
              timeAggregation: AGGREGATIONS[condition.measure],
              dimensions: event.dimensions,
              metricValue: event.value,
              failingPeriods: {
                numberOfEvaluationPeriods: condition.periods,
                minFailingPeriodsToAlert: condition.failing,
              },
            },
          ],
          windowStartTime: iso(event.from),
          windowEndTime: iso(event.to),
        },
      },
      customProperties,
    },
  };
}

/** An event as one flat object, for JSON lines. */
export function lineOf(event: AlertEvent, id: string): string {
  return JSON.stringify({ id, ...fieldsOf(event) });
}

/** What templates may name, each a text. */
export function fieldsOf(event: AlertEvent): Readonly<Record<string, string>> {
  return {
    alertId: event.alertId,
    alert: titleOf(event),
    condition: event.condition,
    severity: String(event.severity),
    severityName: SEVERITIES[event.severity] ?? '',
    customer: event.customerName ?? '',
    description: event.description,
    dimensions: event.dimensions.map(({ name, value }) => `${name}=${value}`).join(', '),
    value: String(event.value),
    threshold: String(event.threshold),
    rule: event.conditionText,
    query: event.query ?? '',
    from: iso(event.from),
    to: iso(event.to),
    firedAt: iso(event.firedAt),
    resolvedAt: event.resolvedAt === undefined ? '' : iso(event.resolvedAt),
  };
}

function titleOf({ alert, test }: AlertEvent): string {
  return test ? `[TEST] ${alert}` : alert;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

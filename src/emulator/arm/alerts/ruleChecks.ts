import type { RuleCondition, RuleProperties } from '../../alerting.ts';
import { codeOf } from '../../../kql/codeOf.ts';
import { parseDuration } from '../../logs/timespan.ts';
import { armError } from '../../router.ts';

const MINUTE = 60_000;
const FREQUENCIES = [1, 5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 720, 1440];
const WINDOWS = [...FREQUENCIES, 2880];
const AGGREGATIONS = ['Count', 'Average', 'Minimum', 'Maximum', 'Total'];
const OPERATORS = ['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual', 'GreaterOrLessThan'];
const LARGEST = 65_536;

/** The input of a rule, as far as its checks look at it. */
export interface RuleInput {
  readonly location?: string;
  readonly kind?: string;
  readonly tags?: Record<string, string>;
  readonly identity?: { readonly type: string };
  readonly properties?: RuleProperties;
}

/**
 * What the service refuses of a scheduled query rule of kind LogAlert (azure-rest-api-specs, monitor
 * 2025-01-01-preview, scheduledQueryRule_API.json; azure-monitor-docs, alerts-create-log-alert-rule.md).
 */
export function checkRule(name: string, { location, kind, identity, properties = {} }: RuleInput): void {
  if (!location) throw armError(400, 'LocationRequired', 'The location property is required for this definition.');
  if (kind !== undefined && kind !== 'LogAlert')
    throw armError(501, 'NotEmulated', `The emulator has no rules of kind '${kind}'.`);
  if (identity && identity.type !== 'None' && name.includes(';'))
    throw refuse('The name of a rule with an identity cannot contain the character ";".');
  if (JSON.stringify(properties).length > LARGEST) throw refuse('The properties of the alert rule exceed 64 KB.');
  if (properties.scopes?.length !== 1) throw refuse('Scopes must hold exactly one resource id.');
  if (![0, 1, 2, 3, 4].includes(properties.severity ?? -1)) throw refuse('The severity must be between 0 and 4.');
  const frequency = minutes(properties.evaluationFrequency, 'evaluationFrequency', FREQUENCIES);
  const window = minutes(properties.windowSize, 'windowSize', WINDOWS);
  if (window < frequency) throw refuse('The window size must be equal to or larger than the evaluation frequency.');
  if (properties.autoMitigate !== false && frequency > 720)
    throw refuse('The frequency of a stateful alert rule must not be above 12 hours.');
  const all = properties.criteria?.allOf ?? [];
  if (all.length !== 1) throw refuse('The criteria of an alert rule must hold exactly one condition.');
  checkCondition(all[0]!, frequency, window, properties.overrideQueryTimeRange);
}

function checkCondition(
  condition: RuleCondition,
  frequency: number,
  window: number,
  override: string | undefined,
): void {
  const {
    query = '',
    timeAggregation = '',
    metricMeasureColumn,
    operator = '',
    threshold,
    dimensions = [],
  } = condition;
  if (condition.criterionType !== undefined && condition.criterionType !== 'StaticThresholdCriterion')
    throw armError(501, 'NotEmulated', 'The emulator has static thresholds only.');
  if (query.trim() === '') throw refuse('The query of the condition is missing.');
  if (!AGGREGATIONS.includes(timeAggregation)) throw refuse(`The time aggregation '${timeAggregation}' is not valid.`);
  if (timeAggregation !== 'Count' && !metricMeasureColumn)
    throw refuse(`The time aggregation '${timeAggregation}' needs a metric measure column.`);
  if (!OPERATORS.includes(operator) || operator === 'GreaterOrLessThan')
    throw refuse(`The operator '${operator}' is not valid for a static threshold.`);
  if (typeof threshold !== 'number') throw refuse('The threshold of the condition is missing.');
  if (dimensions.length > 6) throw refuse('At most 6 dimensions are supported.');
  const { numberOfEvaluationPeriods = 1, minFailingPeriodsToAlert = 1 } = condition.failingPeriods ?? {};
  if (minFailingPeriodsToAlert > numberOfEvaluationPeriods || numberOfEvaluationPeriods > 6)
    throw refuse('The minimal number of failing periods must not exceed the number of evaluation periods, at most 6.');
  const range = override === undefined ? window * numberOfEvaluationPeriods : (parseDuration(override) ?? 0) / MINUTE;
  if (range > 2880) throw refuse('The query time range of an alert rule must not exceed two days.');
  checkQuery(codeOf(query), frequency);
}

function checkQuery(code: string, frequency: number): void {
  const word = /\b(bag_unpack|pivot|narrow)\s*\(/.exec(code)?.[1];
  if (word !== undefined) throw refuse(`The query uses '${word}', which is not supported in alert rules.`);
  if (/(?:^|[|;(]\s*)search\b/.test(code.trim())) throw refuse("The query uses 'search', which is not supported.");
  if (/(?:^|[|;(]\s*)union\b/.test(code.trim()) && !/\b(?:workspace|app|resource)\s*\(/.test(code))
    throw refuse("The query uses 'union', which is not supported in alert rules.");
  if (/\bago\s*\(\s*(?!-?[\d.]+\s*[a-z]+\s*\))/.test(code))
    throw refuse("The query uses 'ago' of what is not a literal, which is not supported in alert rules.");
  if (/\bAggregatedValue\b/.test(code)) throw refuse("'AggregatedValue' is a reserved word.");
  if (frequency === 1 && /\|\s*(?:take|limit)\b|\bingestion_time\s*\(|\badx\s*\(/.test(code))
    throw refuse('The query is not supported in rules with a frequency of one minute.');
}

function minutes(text: string | undefined, name: string, known: readonly number[]): number {
  const value = text === undefined ? undefined : (parseDuration(text) ?? 0) / MINUTE;
  if (value !== undefined && known.includes(value)) return value;
  throw refuse(`The ${name} '${text ?? ''}' is not one of the supported values.`);
}

function refuse(message: string): Error {
  return armError(400, 'BadRequest', message);
}

import type { RuleCondition } from '../../alerting.ts';

/** An answer of the query API: cells as JSON writes them. */
export interface RuleRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The last windows of a rule: the end of the newest, their width in ms, and how many. */
interface Windows {
  readonly to: number;
  readonly window: number;
  readonly periods: number;
}

/** One combination of dimensions: the number of its newest window, and whether enough windows fail. */
interface Series {
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  readonly value: number;
  readonly isMet: boolean;
}

/** Cuts rows into windows and combinations of dimensions, and compares each. */
export function seriesOf({ columns, rows }: RuleRows, condition: RuleCondition, windows: Windows): readonly Series[] {
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const measure = condition.metricMeasureColumn === undefined ? -1 : at(condition.metricMeasureColumn);
  const time = at('TimeGenerated');
  const split = condition.dimensions ?? [];
  const groups = new Map<string, { dimensions: Series['dimensions']; values: number[][] }>();
  const groupOf = (values: readonly string[]): { values: number[][] } => {
    const name = JSON.stringify(values);
    let group = groups.get(name);
    if (!group) {
      const dimensions = split.map((one, i) => ({ name: one.name, value: values[i]! }));
      groups.set(name, (group = { dimensions, values: Array.from({ length: windows.periods }, () => []) }));
    }
    return group;
  };
  // Without dimensions there is a number also where there is no row: a count of none.
  if (split.length === 0) groupOf([]);
  for (const row of rows) {
    const values = split.map(({ name }) => String(row[at(name)] ?? ''));
    if (!split.every(({ operator, values: named }, i) => passes(operator, named, values[i]!))) continue;
    const ago = time < 0 ? 0 : windows.to - Date.parse(String(row[time]));
    const period = windows.periods === 1 ? 0 : Math.floor(Math.max(0, ago - 1) / windows.window);
    groupOf(values).values[period]?.push(measure < 0 ? 1 : Number(row[measure]));
  }
  const needed = condition.failingPeriods?.minFailingPeriodsToAlert ?? 1;
  return [...groups.values()].map(({ dimensions, values }) => {
    const numbers = values.map((list) => aggregate(condition.timeAggregation ?? 'Count', list));
    const failing = numbers.filter((number) => number !== undefined && compare(condition, number)).length;
    return { dimensions, value: numbers[0] ?? 0, isMet: failing >= needed };
  });
}

function passes(operator: string, named: readonly string[], value: string): boolean {
  const isNamed = named.includes('*') || named.includes(value);
  return operator === 'Exclude' ? !isNamed : isNamed;
}

function aggregate(how: string, values: readonly number[]): number | undefined {
  if (how === 'Count') return values.length;
  if (values.length === 0) return undefined;
  const total = values.reduce((sum, value) => sum + value, 0);
  switch (how) {
    case 'Average':
      return total / values.length;
    case 'Minimum':
      return values.reduce((least, value) => Math.min(least, value));
    case 'Maximum':
      return values.reduce((most, value) => Math.max(most, value));
    default:
      return total;
  }
}

function compare({ operator, threshold = 0 }: RuleCondition, value: number): boolean {
  switch (operator) {
    case 'GreaterThan':
      return value > threshold;
    case 'GreaterThanOrEqual':
      return value >= threshold;
    case 'LessThan':
      return value < threshold;
    case 'LessThanOrEqual':
      return value <= threshold;
    default:
      return value === threshold;
  }
}

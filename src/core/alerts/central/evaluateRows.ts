import type { AlertCondition, AlertDefinition } from '../../../model/alert.ts';
import type { CustomerKey } from '../../../model/ids.ts';
import type { RowCell } from '../../../model/rows.ts';
import type { DimensionValue } from './alertState.ts';

/** Somebody who was asked, and whether all of theirs is in the answer. */
export interface AskedCustomer {
  readonly key: CustomerKey;
  readonly name: string;
  readonly complete: boolean;
}

/** An answer to evaluate. */
export interface AlertAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly RowCell[])[];
  readonly customers: readonly AskedCustomer[];
  /** Each row with a `_Customer` holds values of that customer alone. */
  readonly customersOwn: boolean;
}

/** One number that was compared: of a customer, or of all together, with its values of the dimensions. */
export interface AlertValue {
  readonly customer?: CustomerKey;
  readonly customerName?: string;
  readonly dimensions: readonly DimensionValue[];
  readonly value: number;
  /** `unknown`: rows are missing that could make it otherwise. */
  readonly result: 'met' | 'notMet' | 'unknown';
}

/** What an evaluation looked at: its numbers, and what nobody can tell of those that are not among them. */
export interface AlertValues {
  readonly values: readonly AlertValue[];
  /** Whether rows of this customer (all of them, where undefined) are missing: nothing of theirs is resolved then. */
  lacks(customer: CustomerKey | undefined): boolean;
}

interface Group {
  readonly customer?: AskedCustomer;
  readonly dimensions: readonly DimensionValue[];
  readonly periods: number[][];
}

const CUSTOMER = '_Customer';

/**
 * Cuts the rows of an answer into customers, dimensions and windows and compares each, as a rule does in a workspace.
 * Rows that may hold values of several customers are everybody's together. `to`: the end of the newest window, in
 * milliseconds. Throws nothing: what the columns must be is checked before.
 */
export function evaluateRows(definition: AlertDefinition, answer: AlertAnswer, to: number): AlertValues {
  const { condition, dimensions, windowMinutes } = definition;
  const at = (name: string): number => answer.columns.indexOf(name);
  const perCustomer = answer.customersOwn && at(CUSTOMER) >= 0;
  const byName = new Map<string, AskedCustomer | undefined>();
  // Two customers of one name are told apart by nobody: what is of either is told to the provider alone.
  for (const one of answer.customers) byName.set(one.name, byName.has(one.name) ? undefined : one);
  const groups = new Map<string, Group>();
  const groupOf = (customer: AskedCustomer | undefined, values: readonly DimensionValue[]): Group => {
    const key = instanceKey(customer?.key, values);
    let group = groups.get(key);
    if (!group) {
      const periods = Array.from({ length: condition.periods }, (): number[] => []);
      groups.set(key, (group = { ...(customer ? { customer } : {}), dimensions: values, periods }));
    }
    return group;
  };
  // A count of none is a number, too; of values of dimensions nobody knows which there would be.
  if (dimensions.length === 0 && condition.measure === 'count') {
    if (answer.customersOwn && (perCustomer || answer.rows.length === 0))
      for (const customer of byName.values()) if (customer) groupOf(customer, []);
    if (!answer.customersOwn) groupOf(undefined, []);
  }
  const [time, measured] = [at('TimeGenerated'), condition.column === undefined ? -1 : at(condition.column)];
  for (const row of answer.rows) {
    const values = dimensions.map(({ column }) => ({ name: column, value: cellText(row[at(column)] ?? null) }));
    if (!dimensions.every(({ values: named, exclude }, i) => passes(named, exclude, values[i]!.value))) continue;
    const customer = perCustomer ? byName.get(cellText(row[at(CUSTOMER)] ?? null)) : undefined;
    const period = condition.periods === 1 ? 0 : periodOf(row[time] ?? null, to, windowMinutes);
    const number = measured < 0 ? 1 : Number(row[measured] ?? NaN);
    if (!Number.isNaN(number)) groupOf(customer, values).periods[period]?.push(number);
  }
  const anyMissing = answer.customers.some(({ complete }) => !complete);
  const lacking = new Set(answer.customers.filter(({ complete }) => !complete).map(({ key }) => key));
  // Who was not asked is no better known: a delegation that ended leaves nobody to ask.
  const asked = new Set(answer.customers.map(({ key }) => key));
  const lacks = (customer: CustomerKey | undefined): boolean =>
    customer === undefined ? anyMissing : lacking.has(customer) || !asked.has(customer);
  return {
    lacks,
    values: [...groups.values()].map((group) => valueOf(group, condition, lacks(group.customer?.key))),
  };
}

function valueOf({ customer, dimensions, periods }: Group, condition: AlertCondition, lacks: boolean): AlertValue {
  const numbers = periods.map((values) => measure(condition, values));
  const failing = numbers.filter((number) => number !== undefined && compare(condition, number)).length;
  const met = failing >= condition.failing;
  const result = !lacks || (met && staysMet(condition)) ? (met ? 'met' : 'notMet') : 'unknown';
  return {
    ...(customer ? { customer: customer.key, customerName: customer.name } : {}),
    dimensions,
    value: numbers[0] ?? 0,
    result,
  };
}

/** What an open alert is known by from one evaluation to the next. */
export function instanceKey(customer: CustomerKey | undefined, dimensions: readonly DimensionValue[]): string {
  return JSON.stringify([customer ?? null, ...dimensions.map(({ value }) => value)]);
}

function periodOf(cell: RowCell, to: number, windowMinutes: number): number {
  const ago = to - Date.parse(String(cell));
  return Math.floor(Math.max(0, ago - 1) / (windowMinutes * 60_000));
}

function passes(named: readonly string[], exclude: boolean, value: string): boolean {
  return named.length === 0 || named.includes(value) !== exclude;
}

function cellText(cell: RowCell): string {
  return cell === null ? '' : String(cell);
}

function measure({ measure: how }: AlertCondition, values: readonly number[]): number | undefined {
  if (how === 'count') return values.length;
  if (values.length === 0) return undefined;
  const total = (): number => values.reduce((sum, value) => sum + value, 0);
  switch (how) {
    case 'average':
      return total() / values.length;
    case 'minimum':
      return values.reduce((least, value) => Math.min(least, value));
    case 'maximum':
      return values.reduce((most, value) => Math.max(most, value));
    case 'total':
      return total();
  }
}

function compare({ comparison, threshold }: AlertCondition, value: number): boolean {
  switch (comparison) {
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
    case '==':
      return value === threshold;
  }
}

/** Whether more rows could only ever keep the condition met. */
function staysMet({ measure: how, comparison }: AlertCondition): boolean {
  if (comparison === '>' || comparison === '>=') return how === 'count' || how === 'maximum';
  return how === 'minimum' && comparison !== '==';
}

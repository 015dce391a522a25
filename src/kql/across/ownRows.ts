import { kqlName } from '../../model/kqlNames.ts';
import type { Column } from '../../model/kqlType.ts';
import { NOT_ATTRIBUTED, RULE_KINDS } from '../../model/sharedWorkspace.ts';
import type { AttributionRule, RowsOf } from '../../model/sharedWorkspace.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { stringText } from '../print/literals.ts';

/** The column of a table that a kind of rule looks at; of a subscription there are two. */
export const COLUMNS = { resource: '_ResourceId', tenant: 'AADTenantId', computer: 'Computer' } as const;
const SUBSCRIPTION = '_SubscriptionId';

/** Whose a row of a table is, as KQL over its columns: what goes before, and one expression on one row. */
export interface OwnerText {
  /** Operators that make what `owner` looks at, and the column they add. */
  readonly before: readonly string[];
  readonly added: readonly string[];
  /** The number of its customer in `ownersOf` the rules, from 1; 0 where no rule of the table's columns fits. */
  readonly owner: string;
  /** What it is made of: the first condition that fits decides. */
  readonly steps: readonly { readonly condition: string; readonly number: number }[];
}

/** `kinds`: only rules of these. */
export function ownerText(
  rules: readonly AttributionRule[],
  columns: readonly Column[],
  kinds: readonly AttributionRule['by'][] = RULE_KINDS,
): OwnerText {
  const has = new Map(columns.map(({ name, type }) => [name, type]));
  const numbers = new Map(ownersOf(rules).map((customer, at) => [customer, at + 1]));
  const subscription = subscriptionText(has);
  const name = freeName(has);
  const steps = grouped(rules.filter(({ by }) => kinds.includes(by))).flatMap(({ customer, rules: same }) => {
    const condition = conditionOf(same, has, subscription && name);
    return condition === undefined ? [] : [{ condition, number: numbers.get(customer) ?? 0 }];
  });
  const owner =
    steps.length === 0 ? '0' : `case(${steps.map(({ condition, number }) => `${condition}, ${number}, `).join('')}0)`;
  const needed = subscription !== undefined && rules.some(({ by }) => by === 'subscription' && kinds.includes(by));
  return {
    before: needed ? [`extend ${name} = ${subscription}`] : [],
    added: needed ? [name] : [],
    owner,
    steps,
  };
}

/** The customers that rules name, in an order that rules of the same customers share. */
export function ownersOf(rules: readonly AttributionRule[]): readonly CustomerKey[] {
  return [...new Set(rules.map(({ customer }) => customer))].filter((key) => key !== NOT_ATTRIBUTED).sort();
}

/**
 * The operators behind a table that leave this customer's rows: none where all of them are. Every row is left by those
 * of exactly one customer, or of nobody (`NOT_ATTRIBUTED`). Of others the text says only what goes before the
 * customer's own rules.
 */
export function ownRowsText({ rules, customer }: RowsOf, columns: readonly Column[]): readonly string[] {
  const { before, added, owner, steps } = ownerText(toOne(rules.filter(inTable(columns)), customer), columns);
  const number = customer === NOT_ATTRIBUTED ? 0 : 1;
  if (owner === '0') return number === 0 ? [] : ['where false'];
  const [step, ...more] = steps;
  // Where one condition is all there is, it stands for itself.
  const alone = number === 1 && step?.number === 1 && more.length === 0;
  return [
    ...before,
    `where ${alone ? step.condition : `${owner} == ${number}`}`,
    ...(added.length > 0 ? [`project-away ${added.join(', ')}`] : []),
  ];
}

/** The column that which subscription a row names is put into: none of the table. */
export function freeName(has: ReadonlyMap<string, string>): string {
  let name = '_OwnSubscription';
  while (has.has(name)) name += '_';
  return name;
}

/** Whether a table has what a rule looks at. */
export function inTable(columns: readonly Column[]): (rule: AttributionRule) => boolean {
  const has = new Set(columns.map(({ name }) => name));
  return (rule) =>
    rule.by === 'subscription'
      ? has.has(SUBSCRIPTION) || has.has(COLUMNS.resource)
      : has.has(rule.by === 'column' ? rule.column : COLUMNS[rule.by]);
}

/** Rules that tell a customer's rows from all others: these are one, whoever they are. */
function toOne(rules: readonly AttributionRule[], customer: CustomerKey): readonly AttributionRule[] {
  if (customer === NOT_ATTRIBUTED)
    return rules.map((rule) => (rule.customer === NOT_ATTRIBUTED ? rule : { ...rule, customer: SOMEBODY }));
  const own = rules.filter((rule) => rule.customer === customer);
  const last = Math.max(-1, ...own.map(({ by }) => RULE_KINDS.indexOf(by)));
  const matters = ({ by, value }: AttributionRule): boolean => {
    const place = RULE_KINDS.indexOf(by);
    if (by === 'computer') return own.some((one) => one.by === by && value.endsWith(`.${one.value}`));
    // A row has one subscription, and one tenant.
    return place < last || (place === last && by !== 'subscription' && by !== 'tenant');
  };
  return rules.flatMap((rule) =>
    rule.customer === customer ? [rule] : matters(rule) ? [{ ...rule, customer: NOT_ATTRIBUTED }] : [],
  );
}
const SOMEBODY = 'somebody' as CustomerKey;

/** Rules that stand one behind the other, of one kind and column and one customer: they are one condition. */
function grouped(
  rules: readonly AttributionRule[],
): readonly { readonly customer: CustomerKey; readonly rules: readonly AttributionRule[] }[] {
  const groups: { customer: CustomerKey; rules: AttributionRule[] }[] = [];
  for (const rule of exactTogether(rules)) {
    const last = groups.at(-1);
    const [first] = last?.rules ?? [];
    if (last && first && last.customer === rule.customer && placeOf(first) === placeOf(rule)) last.rules.push(rule);
    else groups.push({ customer: rule.customer, rules: [rule] });
  }
  return groups;
}

/** A row has one subscription and tenant: those of a customer may stand together. Of names the order counts. */
function exactTogether(rules: readonly AttributionRule[]): readonly AttributionRule[] {
  const rank = (rule: AttributionRule): string =>
    rule.by === 'subscription' || rule.by === 'tenant' ? rule.customer : '';
  return RULE_KINDS.flatMap((kind) =>
    rules.filter(({ by }) => by === kind).toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0)),
  );
}

function placeOf(rule: AttributionRule): string {
  return rule.by === 'column' ? `column ${rule.column}` : rule.by;
}

/**
 * Whether one of these rules, which are of one kind and column, fits a row. Undefined where the table has not the
 * column. `subscription`: the column that says which one a row names.
 */
export function conditionOf(
  rules: readonly AttributionRule[],
  has: ReadonlyMap<string, string>,
  subscription: string | undefined,
): string | undefined {
  const [first] = rules as readonly [AttributionRule];
  const values = rules.map(({ value }) => stringText(value));
  const among = (text: string): string =>
    values.length === 1 ? `${text} =~ ${values[0]!}` : `${text} in~ (${values.join(', ')})`;
  const text = (name: string): string | undefined => textOf(name, has);
  switch (first.by) {
    case 'column': {
      const column = text(first.column);
      return column && among(column);
    }
    case 'tenant': {
      const column = text(COLUMNS.tenant);
      return column && among(column);
    }
    case 'subscription':
      return subscription && among(subscription);
    case 'resource': {
      const id = text(COLUMNS.resource);
      return (
        id &&
        anyOf(
          rules.flatMap(({ value }) => [
            `${id} =~ ${stringText(value)}`,
            `${id} startswith ${stringText(`${value}/`)}`,
          ]),
        )
      );
    }
    case 'computer': {
      const name = text(COLUMNS.computer);
      return name && anyOf(rules.map(({ value }) => `${name} endswith ${stringText(`.${value}`)}`));
    }
  }
}

/** So many conditions stand one behind the other: each is a step deeper for a parser, and their depth is limited. */
const MOST_IN_A_ROW = 32;

/** One of these holds: as one condition it stands in brackets. */
export function anyOf(conditions: readonly string[]): string {
  if (conditions.length <= MOST_IN_A_ROW) return conditions.join(' or ');
  const middle = conditions.length >> 1;
  return [conditions.slice(0, middle), conditions.slice(middle)].map((half) => `(${anyOf(half)})`).join(' or ');
}

/** A resource id names the subscription where `_SubscriptionId` does not. Undefined for a table with neither. */
export function subscriptionText(has: ReadonlyMap<string, string>): string | undefined {
  const [own, resource] = [textOf(SUBSCRIPTION, has), textOf(COLUMNS.resource, has)];
  if (resource === undefined) return own;
  const named = `extract("^/subscriptions/([^/]+)", 1, tolower(${resource}))`;
  return own === undefined ? named : `iff(isempty(${own}), ${named}, ${own})`;
}

/** A column as text. Undefined where the table has it not. */
export function textOf(name: string, has: ReadonlyMap<string, string>): string | undefined {
  const type = has.get(name);
  return type === undefined ? undefined : type === 'string' ? kqlName(name) : `tostring(${kqlName(name)})`;
}

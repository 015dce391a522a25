import { kqlName } from '../../model/kqlNames.ts';
import type { Column } from '../../model/kqlType.ts';
import { NOT_ATTRIBUTED, RULE_KINDS } from '../../model/sharedWorkspace.ts';
import type { AttributionRule, RowsOf } from '../../model/sharedWorkspace.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { stringText } from '../print/literals.ts';

/** The column of a table that a kind of rule looks at; of a subscription there are two. */
const COLUMNS = { resource: '_ResourceId', tenant: 'AADTenantId', computer: 'Computer' } as const;
const SUBSCRIPTION = '_SubscriptionId';

/**
 * Whose a row of a table is, as KQL: the number of its customer in `owners`, from 1, and 0 where no rule of the table's
 * columns fits. One expression on one row, so every row is of exactly one owner. `kinds`: only rules of these.
 */
export function ownerText(
  rules: readonly AttributionRule[],
  owners: readonly CustomerKey[],
  columns: readonly Column[],
  kinds: readonly AttributionRule['by'][] = RULE_KINDS,
): string {
  const has = new Map(columns.map(({ name, type }) => [name, type]));
  const numbers = new Map(owners.map((customer, at) => [customer, customer === NOT_ATTRIBUTED ? 0 : at + 1]));
  const steps = grouped(rules.filter(({ by }) => kinds.includes(by))).flatMap(({ customer, rules: same }) => {
    const condition = conditionOf(same, has);
    return condition === undefined ? [] : [`${condition}, ${numbers.get(customer) ?? 0}`];
  });
  return steps.length === 0 ? '0' : `case(${[...steps, '0'].join(', ')})`;
}

/** The customers that rules name, in an order that rules of the same customers share. */
export function ownersOf(rules: readonly AttributionRule[]): readonly CustomerKey[] {
  return [...new Set(rules.map(({ customer }) => customer))].filter((key) => key !== NOT_ATTRIBUTED).sort();
}

/**
 * The condition on a table's own rows that they are this customer's; undefined where it is true of all. Every row fits
 * the condition of exactly one customer, or of nobody (`NOT_ATTRIBUTED`).
 */
export function ownRowsCondition({ rules, customer }: RowsOf, columns: readonly Column[]): string | undefined {
  const owners = ownersOf(rules);
  const owner = ownerText(rules, owners, columns);
  const number = owners.indexOf(customer) + 1;
  if (customer !== NOT_ATTRIBUTED && number === 0) return 'false';
  if (owner === '0') return number === 0 ? undefined : 'false';
  return `${owner} == ${number}`;
}

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

/** Of one subscription or tenant at most is a row: those of a customer may stand together. Of names the order counts. */
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

/** Undefined where the table has not the column. */
function conditionOf(rules: readonly AttributionRule[], has: ReadonlyMap<string, string>): string | undefined {
  const [first] = rules as readonly [AttributionRule];
  const values = rules.map(({ value }) => stringText(value));
  const among = (text: string): string =>
    values.length === 1 ? `${text} =~ ${values[0]!}` : `${text} in~ (${values.join(', ')})`;
  const text = (name: string): string | undefined => {
    const type = has.get(name);
    return type === undefined ? undefined : type === 'string' ? kqlName(name) : `tostring(${kqlName(name)})`;
  };
  switch (first.by) {
    case 'column': {
      const column = text(first.column);
      return column && among(column);
    }
    case 'tenant': {
      const column = text(COLUMNS.tenant);
      return column && among(column);
    }
    case 'subscription': {
      const subscription = subscriptionText(text(SUBSCRIPTION), text(COLUMNS.resource));
      return subscription && among(subscription);
    }
    case 'resource': {
      const id = text(COLUMNS.resource);
      return (
        id &&
        rules
          .map(({ value }) => `${id} =~ ${stringText(value)} or ${id} startswith ${stringText(`${value}/`)}`)
          .join(' or ')
      );
    }
    case 'computer': {
      const name = text(COLUMNS.computer);
      return name && rules.map(({ value }) => `${name} endswith ${stringText(`.${value}`)}`).join(' or ');
    }
  }
}

/** A resource id names the subscription where `_SubscriptionId` does not. */
function subscriptionText(own: string | undefined, resource: string | undefined): string | undefined {
  if (resource === undefined) return own;
  const named = `extract("^/subscriptions/([^/]+)", 1, tolower(${resource}))`;
  return own === undefined ? named : `iff(isempty(${own}), ${named}, ${own})`;
}

import type { Column } from '../../model/kqlType.ts';
import type { AttributionRule, RowsOf } from '../../model/sharedWorkspace.ts';
import { stringText } from '../print/literals.ts';
import { COLUMNS, anyOf, conditionOf, freeName, inTable, subscriptionText, textOf } from './ownRows.ts';

/** Rows of one customer as a text that the customer may read. */
export interface OwnAlone {
  /** What stands behind the table's name. */
  readonly operators: readonly string[];
  /** Which rows are not given although a rule says that they are the customer's, as nouns. */
  readonly leftOut: readonly string[];
}

/** What a condition is written with: the rules of a table parted, and its columns. */
interface Side {
  readonly own: readonly AttributionRule[];
  readonly has: ReadonlyMap<string, string>;
  readonly subscription: string;
  readonly leftOut: Set<string>;
}

/**
 * The operators behind a table that leave rows of this customer, and never one of another, in a text that names nothing
 * of others: where a rule of another goes before, not its value is excluded but every value that is none of the
 * customer's. That leaves out some rows of its own. Undefined where no column of the table tells its rows.
 */
export function ownAlone({ rules, customer }: RowsOf, columns: readonly Column[]): OwnAlone | undefined {
  const has = new Map(columns.map(({ name, type }) => [name, type]));
  const seen = rules.filter(inTable(columns));
  const own = seen.filter((rule) => rule.customer === customer);
  if (own.length === 0) return undefined;
  const side: Side = { own, has, subscription: freeName(has), leftOut: new Set() };
  const terms = termsOf(own).map((term) => {
    const last = seen.indexOf(term.at(-1)!);
    const before = seen.slice(0, last).filter((rule) => rule.customer !== customer);
    return [fits(term, before, side), ...apart(term, before, side)].join(' and ');
  });
  const named = subscriptionText(has);
  const added = named !== undefined && terms.some((text) => text.includes(side.subscription));
  return {
    operators: [
      ...(added ? [`extend ${side.subscription} = ${named}`] : []),
      `where ${terms.length === 1 ? terms[0] : anyOf(terms.map((text) => `(${text})`))}`,
      ...(added ? [`project-away ${side.subscription}`] : []),
    ],
    leftOut: [...side.leftOut],
  };
}

/** Rules that are one condition: whole values of one column. Of names each stands alone: the longer goes first. */
function termsOf(own: readonly AttributionRule[]): readonly (readonly AttributionRule[])[] {
  const terms = new Map<string, AttributionRule[]>();
  for (const rule of own) {
    const whole = rule.by !== 'resource' && rule.by !== 'computer';
    const key = rule.by === 'column' ? `column ${rule.column}` : whole ? rule.by : `${rule.by} ${rule.value}`;
    terms.set(key, [...(terms.get(key) ?? []), rule]);
  }
  return [...terms.values()];
}

/** That a row is what the rules say; where rules of others lie within it, that it is directly there. */
function fits(term: readonly AttributionRule[], before: readonly AttributionRule[], side: Side): string {
  const { has, subscription, leftOut } = side;
  const [first] = term as readonly [AttributionRule];
  const condition = conditionOf(term, has, subscription)!;
  const within = before.some((rule) => rule.by === first.by && isWithin(rule, first));
  if (within && first.by === 'resource') {
    leftOut.add(`rows of resources below ${first.value}`);
    return `${textOf(COLUMNS.resource, has)} =~ ${stringText(first.value)}`;
  }
  if (within && first.by === 'computer') {
    leftOut.add(`rows of computers in domains below ${first.value}`);
    const dots = first.value.split('.').length;
    return `${condition} and countof(${textOf(COLUMNS.computer, has)}, ".") == ${dots}`;
  }
  return condition.includes(' or ') ? `(${condition})` : condition;
}

/** Whether what one rule is about is a part of what the other is about. */
function isWithin(inner: AttributionRule, outer: AttributionRule): boolean {
  const [value, whole] = [inner.value.toLowerCase(), outer.value.toLowerCase()];
  return outer.by === 'computer' ? value.endsWith(`.${whole}`) : value.startsWith(`${whole}/`);
}

/** That nothing which goes before these rules can be another's: each such column is empty, or says what is own. */
function apart(term: readonly AttributionRule[], before: readonly AttributionRule[], side: Side): readonly string[] {
  const { own, has, subscription, leftOut } = side;
  const [first] = term as readonly [AttributionRule];
  const made: string[] = [];
  const add = (text: string, alternatives: readonly (string | undefined)[], what: string): void => {
    made.push(`(${[`isempty(${text})`, ...alternatives.filter((one) => one !== undefined)].join(' or ')})`);
    leftOut.add(what);
  };
  const ofKind = (kind: AttributionRule['by']): readonly AttributionRule[] => own.filter(({ by }) => by === kind);
  const names = before.flatMap((rule) => (rule.by === 'column' ? [rule.column] : []));
  for (const column of new Set(names)) {
    if (first.by === 'column' && first.column === column) continue;
    const theirs = before.filter((rule) => rule.by === 'column' && rule.column === column);
    // In a domain of the customer that has none of these names.
    const domains =
      column === COLUMNS.computer
        ? ofKind('computer').filter((rule) => !theirs.some((other) => isWithin(other, rule)))
        : [];
    if (domains.includes(first)) continue;
    const same = own.filter((rule) => rule.by === 'column' && rule.column === column);
    add(
      textOf(column, has)!,
      [same, domains].map((rules) => alternative(rules, side)),
      `rows with a value of ${column} that is not known as theirs`,
    );
  }
  const others = (kind: AttributionRule['by']): boolean => kind !== first.by && before.some(({ by }) => by === kind);
  if (others('resource'))
    add(
      textOf(COLUMNS.resource, has)!,
      [alternative(ownPlaces(own, before), side)],
      'rows of a resource that is not known as theirs',
    );
  if (others('subscription'))
    add(
      subscription,
      [alternative(ofKind('subscription'), side)],
      'rows of a subscription that is not known as theirs',
    );
  if (others('tenant'))
    add(
      textOf(COLUMNS.tenant, has)!,
      [alternative(ofKind('tenant'), side)],
      'rows that name a tenant which is not known as theirs',
    );
  return made;
}

function alternative(rules: readonly AttributionRule[], { has, subscription }: Side): string | undefined {
  return rules.length === 0 ? undefined : conditionOf(rules, has, subscription);
}

/** The customer's resources and subscriptions, as far as nothing in them is another's. */
function ownPlaces(own: readonly AttributionRule[], before: readonly AttributionRule[]): readonly AttributionRule[] {
  const others = before.filter(({ by }) => by === 'resource');
  return own.flatMap((rule) => {
    if (rule.by !== 'resource' && rule.by !== 'subscription') return [];
    const value = rule.by === 'resource' ? rule.value : `/subscriptions/${rule.value}`;
    const place: AttributionRule = { by: 'resource', value, customer: rule.customer, origin: rule.origin };
    const parted = others.some((other) => isWithin(other, place) || other.value.toLowerCase() === value.toLowerCase());
    return parted ? [] : [place];
  });
}

import { AppError } from '../../base/errors.ts';
import type { SourceTable } from '../../kql/scopeSchema.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { AttributionRule } from '../../model/sharedWorkspace.ts';

/** A condition of a role assignment (ABAC 2.0), and which rows of the customer it does not open, in words. */
export interface ReadCondition {
  readonly condition: string;
  readonly closed: readonly string[];
}

/** The data action that conditions are about (azure-monitor-docs, logs/granular-rbac-log-analytics.md). */
const READ_ROWS = 'Microsoft.OperationalInsights/workspaces/tables/data/read';
const TABLE = '@Resource[Microsoft.OperationalInsights/workspaces/tables:name]';
/** What a value of a condition may hold (the same page). */
const VALUE = /^[A-Za-z0-9@.-]+$/;
/** A condition may be 8 KB long (azure-docs, role-based-access-control/conditions-overview.md). */
const MOST = 8192;
const COLUMN = { subscription: '_SubscriptionId', tenant: 'AADTenantId' } as const;

/**
 * The condition under which a role reads the rows of one customer in these tables, and no others. Conditions compare
 * whole values alone: what is told by a resource group or the end of a name stays closed. Throws `input.condition`
 * where nothing is left to be opened, or the text is too long.
 */
export function readCondition(
  rules: readonly AttributionRule[],
  customer: CustomerKey,
  tables: readonly SourceTable[],
): ReadCondition {
  const closed = new Set<string>();
  const byRows = new Map<string, string[]>();
  for (const table of tables) {
    const rows = rowsOfTable(rules, customer, table, closed);
    if (rows === undefined) closed.add(`All of ${table.name}: no column of it says in a whole value whose a row is.`);
    else byRows.set(rows, [...(byRows.get(rows) ?? []), table.name]);
  }
  if (byRows.size === 0)
    throw new AppError(
      'input.condition',
      `No condition can open the rows of this customer: ${[...closed].join(' ')} Have a transformation write whose they are into a column, and a rule on it.`,
    );
  return {
    condition: checked([...byRows].map(([rows, names]) => `(${anyOf(TABLE, names, '')} AND ${rows})`)),
    closed: [...closed],
  };
}

/** The condition under which a role reads whole tables. Throws `input.condition` for a text that is too long. */
export function tableCondition(tables: readonly string[]): string {
  return checked([anyOf(TABLE, tables, '')]);
}

/** Which rows of a table are the customer's; undefined where no whole value says so. */
function rowsOfTable(
  rules: readonly AttributionRule[],
  customer: CustomerKey,
  { columns }: SourceTable,
  closed: Set<string>,
): string | undefined {
  const has = new Map(columns.map(({ name, type }) => [name, type]));
  // Values of one column, of which the same rows of others are taken out.
  const groups = new Map<string, { column: string; values: string[]; except: readonly string[] }>();
  for (const rule of rules.filter((one) => one.customer === customer)) {
    const column = columnOf(rule);
    if (column === undefined) {
      closed.add(`Rows told by the ${rule.by} ${rule.value} alone: conditions have no such comparison.`);
      continue;
    }
    if (has.get(column) !== 'string') continue;
    if (!VALUE.test(rule.value)) {
      closed.add(`Rows told by ${column} ${rule.value}: a condition takes no such value.`);
      continue;
    }
    const before = rules.slice(0, rules.indexOf(rule)).filter((other) => other.customer !== customer);
    if (before.some((other) => columnOf(other) === column && isSame(other, rule))) continue;
    const except = exceptions(
      rule,
      before.filter((other) => columnOf(other) !== column),
      has,
    );
    if (except === undefined) {
      closed.add(`Rows told by ${column}: a rule of another customer goes before, which no condition can say.`);
      continue;
    }
    const key = [rule.by, column, ...except].join('\n');
    const group = groups.get(key) ?? { column, values: [], except };
    group.values.push(rule.value);
    groups.set(key, group);
  }
  const alternatives = [...groups.values()].map(({ column, values, except }) =>
    [anyOf(record(column), values, 'IgnoreCase'), ...except].join(' AND '),
  );
  return alternatives.length === 0 ? undefined : `(${alternatives.map((text) => `(${text})`).join(' OR ')})`;
}

/** What rows of others say whose rules go `before`; undefined where no condition can say it. */
function exceptions(
  own: AttributionRule,
  before: readonly AttributionRule[],
  has: ReadonlyMap<string, string>,
): readonly string[] | undefined {
  const values = new Map<string, string[]>();
  for (const rule of before) {
    const other = columnOf(rule);
    if (other === undefined) {
      const apart =
        !has.has('_ResourceId') ||
        (own.by === 'subscription' && !rule.value.startsWith(`/subscriptions/${own.value.toLowerCase()}`));
      if (!apart) return undefined;
    } else if (has.has(other)) {
      if (has.get(other) !== 'string' || !VALUE.test(rule.value)) return undefined;
      values.set(other, [...(values.get(other) ?? []), rule.value]);
      // Where the table does not name the subscription, the resource does.
    } else if (rule.by === 'subscription' && has.has('_ResourceId')) return undefined;
  }
  return [...values].map(([name, not]) =>
    not.length === 1
      ? `${record(name)} StringNotEqualsIgnoreCase '${not[0]!}'`
      : `${record(name)} ForAllOfAllValues:StringNotEqualsIgnoreCase ${list(not)}`,
  );
}

function isSame(one: AttributionRule, other: AttributionRule): boolean {
  return one.value.toLowerCase() === other.value.toLowerCase();
}

/** The column whose whole value a rule looks at. */
function columnOf(rule: AttributionRule): string | undefined {
  if (rule.by === 'column') return rule.column;
  return rule.by === 'subscription' || rule.by === 'tenant' ? COLUMN[rule.by] : undefined;
}

function anyOf(attribute: string, values: readonly string[], how: '' | 'IgnoreCase'): string {
  return values.length === 1
    ? `${attribute} StringEquals${how} '${values[0]!}'`
    : `${attribute} ForAllOfAnyValues:StringEquals${how} ${list(values)}`;
}

function record(column: string): string {
  return `@Resource[Microsoft.OperationalInsights/workspaces/tables/record:${column}<$key_case_sensitive$>]`;
}

function list(values: readonly string[]): string {
  return `{${values.map((value) => `'${value}'`).join(', ')}}`;
}

function checked(alternatives: readonly string[]): string {
  const condition = `((!(ActionMatches{'${READ_ROWS}'})) OR (${alternatives.join(' OR ')}))`;
  if (condition.length > MOST)
    throw new AppError(
      'input.condition',
      `The condition would have ${condition.length.toLocaleString('en-US')} characters; at most ${MOST.toLocaleString('en-US')} are taken. Name fewer tables.`,
    );
  return condition;
}

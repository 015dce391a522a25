import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCondition, tableCondition } from '../../../src/core/central/readCondition.ts';
import { inOrder } from '../../../src/core/central/sharedRows.ts';
import { keptTo, readRowCondition } from '../../../src/emulator/logs/rowConditions.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { AttributionRule, RuleOf } from '../../../src/model/sharedWorkspace.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const of = (customer: string, rule: RuleOf): AttributionRule => ({
  ...rule,
  customer: toCustomerKey(customer),
  origin: 'file',
});
const table = (name: string, ...columns: string[]) => ({
  name,
  columns: columns.map((column) => ({ name: column, type: 'string' as const })),
});
const coho = (rules: readonly AttributionRule[], ...tables: ReturnType<typeof table>[]) =>
  readCondition(inOrder(rules), toCustomerKey('coho'), tables);
/** The part of a condition that says which rows. */
const rows = (condition: string): string =>
  condition
    .replace(/^.*\}\)\) OR \(/, '')
    .replaceAll('@Resource[Microsoft.OperationalInsights/workspaces/tables', '')
    .replaceAll('<$key_case_sensitive$>]', '')
    .replace(/\)\)$/, '');

test('whole values open rows, table by table with the columns they have', () => {
  const { condition, closed } = coho(
    [
      of('coho', { by: 'subscription', value: A }),
      of('coho', { by: 'tenant', value: B }),
      of('contoso', { by: 'subscription', value: B }),
    ],
    table('Heartbeat', '_SubscriptionId'),
    table('Perf', '_SubscriptionId'),
    table('SigninLogs', 'AADTenantId'),
  );
  assert.equal(
    condition.slice(0, 90),
    "((!(ActionMatches{'Microsoft.OperationalInsights/workspaces/tables/data/read'})) OR ((@Res",
  );
  assert.equal(
    rows(condition),
    `(:name] ForAllOfAnyValues:StringEquals {'Heartbeat', 'Perf'} AND ((/record:_SubscriptionId StringEqualsIgnoreCase '${A}'))) OR ` +
      `(:name] StringEquals 'SigninLogs' AND ((/record:AADTenantId StringEqualsIgnoreCase '${B}')))`,
  );
  assert.deepEqual(closed, []);
});

test('what goes before by a rule of another customer is taken out', () => {
  const { condition } = coho(
    [
      of('contoso', { by: 'column', column: 'Owner_s', value: 'CON' }),
      of('adatum', { by: 'column', column: 'Owner_s', value: 'ADA' }),
      of('coho', { by: 'subscription', value: A }),
    ],
    table('Heartbeat', '_SubscriptionId', 'Owner_s'),
  );
  assert.match(
    rows(condition),
    /_SubscriptionId StringEqualsIgnoreCase '.+' AND \/record:Owner_s ForAllOfAllValues:StringNotEqualsIgnoreCase \{'ADA', 'CON'\}/,
  );
});

test('a rule of another customer between two of one column goes before the second alone', () => {
  const rule = (customer: string, column: string, value: string) => of(customer, { by: 'column', column, value });
  const { condition } = coho(
    [rule('coho', 'Owner_s', 'longest'), rule('contoso', 'Site_s', 'middle'), rule('coho', 'Owner_s', 'short')],
    table('Heartbeat', 'Owner_s', 'Site_s'),
  );
  assert.equal(
    rows(condition),
    "(:name] StringEquals 'Heartbeat' AND ((/record:Owner_s StringEqualsIgnoreCase 'longest') OR " +
      "(/record:Owner_s StringEqualsIgnoreCase 'short' AND /record:Site_s StringNotEqualsIgnoreCase 'middle')))",
  );
});

test('a value that a rule of another customer took before opens nothing', () => {
  const taken = of('contoso', { by: 'column', column: '_SubscriptionId', value: A.toUpperCase() });
  const own = of('coho', { by: 'subscription', value: A });
  assert.throws(() => coho([taken, own], table('Heartbeat', '_SubscriptionId')), { code: 'input.condition' });
  // A table that names the subscription by the resource alone cannot take out its rows.
  const theirs = of('contoso', { by: 'subscription', value: A });
  const tenant = of('coho', { by: 'tenant', value: B });
  assert.throws(() => coho([theirs, tenant], table('SigninLogs', 'AADTenantId', '_ResourceId')), {
    message: /a rule of another customer goes before, which no condition can say/,
  });
});

test('what no condition can say stays closed, and is named; where nothing is left it is refused', () => {
  const name = of('coho', { by: 'computer', value: 'coho.example' });
  const group = of('contoso', { by: 'resource', value: `/subscriptions/${A}/resourcegroups/rg-contoso` });
  const { closed } = coho(
    [name, of('coho', { by: 'column', column: 'Owner_s', value: 'CO/HO' }), of('coho', { by: 'tenant', value: B })],
    table('SigninLogs', 'AADTenantId', 'Owner_s', 'Computer'),
    table('Syslog', 'Computer'),
  );
  assert.deepEqual(closed, [
    'Rows told by Owner_s CO/HO: a condition takes no such value.',
    'Rows told by the computer coho.example alone: conditions have no such comparison.',
    'All of Syslog: no column of it says in a whole value whose a row is.',
  ]);
  assert.throws(() => coho([name], table('Syslog', 'Computer')), { code: 'input.condition' });
  // A resource group of another customer within the subscription: its rows cannot be taken out.
  const own = of('coho', { by: 'subscription', value: A });
  assert.throws(() => coho([own, group], table('Heartbeat', '_SubscriptionId', '_ResourceId')), {
    message: /a rule of another customer goes before, which no condition can say/,
  });
  assert.throws(() => tableCondition(Array.from({ length: 900 }, (_, at) => `Table${at}`)), {
    code: 'input.condition',
    message: /at most 8,192 are taken/,
  });
});

test('the emulator reads what we write, and closes a table without the column', () => {
  const { condition } = coho([of('coho', { by: 'subscription', value: A })], table('Heartbeat', '_SubscriptionId'));
  const read = readRowCondition(condition);
  const engineTable = (name: string, ...columns: string[]) => ({ ...table(name, ...columns), source: 't' });
  assert.match(keptTo(engineTable('Heartbeat', '_SubscriptionId'), [read]).source, /WHERE .*lower\(.+\) = '/);
  for (const closed of [engineTable('Heartbeat', 'Computer'), engineTable('Perf', '_SubscriptionId')])
    assert.match(keptTo(closed, [read]).source, /WHERE \(?\(?(false|\(false\))/);
});

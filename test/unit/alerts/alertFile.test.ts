import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isCustomersOwn } from '../../../src/kql/alerts/customersOwn.ts';
import { ruleProblems } from '../../../src/kql/alerts/ruleProblems.ts';
import { readAlertFile } from '../../../src/kql/queryFiles/alertFile.ts';
import { ALERT_SETTINGS } from '../../../src/kql/queryFiles/alertSettings.ts';
import { positionOf } from '../../../src/kql/queryFiles/places.ts';
import { conditionText } from '../../../src/model/alert.ts';
import { ROOT } from '../../../scripts/tools.mjs';

const COMMENT = `// @name SlowDisks
// @description Disks that answer late,
// @description of servers.
// @scope group:gold
// @frequency every 5m
// @window 15m
// @lateness 10m
// @severity warning
// @condition avg(CounterValue) >= 90.5 in 2 of 3
// @dimension Computer
// @dimension InstanceName != _Total
// @autoResolve no
// @deliver webhook https://hooks.contoso.example/in?key=1 for customer:contoso
// @deliver jsonLines alerts.jsonl
// @deliver ticket ticket.md for "Fabrikam Ltd"
// @owner soc@example.com
Perf | where CounterName == "% Disk Time"
`;
const YAML = `name: SlowDisks
description: Disks that answer late, of servers.
scope: group:gold
frequency: 5m
window: 15m
lateness: 10m
severity: "2"
condition: average(CounterValue) >= 90.5
failing: 2 of 3
dimensions: [Computer, InstanceName != _Total]
autoResolve: no
deliveries:
  - webhook: https://hooks.contoso.example/in?key=1
    for: contoso
  - jsonLines alerts.jsonl
  - ticket: ticket.md
    for: Fabrikam Ltd
owner: soc@example.com
query: |
  Perf | where CounterName == "% Disk Time"
`;

const placed = (text: string, problems: readonly { message: string; start: number }[]): string[] =>
  problems.map(({ message, start }) => {
    const { line, column } = positionOf(text, start);
    return `${line}:${column} ${message}`;
  });
const saysWhere = async (path: string, text: string): Promise<string[]> =>
  placed(text, (await readAlertFile(path, text)).problems);
const refused = async (text: string, path = 'A.kql'): Promise<string[]> => {
  const file = await readAlertFile(path, text);
  assert.deepEqual(file.problems, []);
  return placed(text, ruleProblems(file));
};

describe('the file of an alert', () => {
  it('says the same in comment lines of KQL and in YAML', async () => {
    const kql = await readAlertFile('x.kql', COMMENT);
    const yaml = await readAlertFile('x.yaml', YAML);
    assert.deepEqual([...kql.problems, ...yaml.problems], []);
    const { query, ...rest } = kql.definition!;
    assert.match(query, /Perf \| where/);
    assert.deepEqual(rest, {
      name: 'SlowDisks',
      description: 'Disks that answer late, of servers.',
      scope: { include: [{ kind: 'group', value: 'gold' }], except: [] },
      everyMinutes: 5,
      windowMinutes: 15,
      latenessMinutes: 10,
      severity: 2,
      condition: {
        measure: 'average',
        column: 'CounterValue',
        comparison: '>=',
        threshold: 90.5,
        periods: 3,
        failing: 2,
      },
      dimensions: [
        { column: 'Computer', values: [], exclude: false },
        { column: 'InstanceName', values: ['_Total'], exclude: true },
      ],
      autoResolve: false,
      identity: false,
      actionGroups: [],
      deliveries: [
        { kind: 'webhook', url: 'https://hooks.contoso.example/in?key=1', customer: 'contoso' },
        { kind: 'jsonLines', file: 'alerts.jsonl' },
        { kind: 'ticket', template: 'ticket.md', customer: 'Fabrikam Ltd' },
      ],
      owner: 'soc@example.com',
    });
    const { query: _text, ...same } = yaml.definition!;
    assert.deepEqual(same, rest);
    assert.equal(conditionText(rest.condition), 'average(CounterValue) >= 90.5 in 2 of 3 windows');
  });

  it('is short where everything is usual', async () => {
    const { definition } = await readAlertFile('.tenantscope/alerts/Silent.kql', 'Heartbeat');
    const { name, everyMinutes, windowMinutes, latenessMinutes, severity, condition } = definition!;
    assert.deepEqual(
      { name, everyMinutes, windowMinutes, latenessMinutes, severity, condition: conditionText(condition) },
      { name: 'Silent', everyMinutes: 5, windowMinutes: 5, latenessMinutes: 5, severity: 3, condition: 'count > 0' },
    );
  });

  it('tells what cannot be read at its place', async () => {
    assert.deepEqual(
      await saysWhere(
        'A.kql',
        `// @frequency 7m\n// @condition average > 3\n// @failing 3 of 2\n// @severty 2\n// @deliver webhook http://x.example\n// @deliver jsonLines ../../secrets\nT`,
      ),
      [
        '4:5 An alert has no setting "severty"; there are name, description, scope, frequency, window, lateness, lookback, severity, condition, failing, dimension, autoResolve, identity, actionGroup, deliver, owner.',
        '1:15 This is one of 1m, 5m, 10m, 15m, 30m, 45m, 1h, 2h, 3h, 4h, 5h, 6h, 12h, 1d.',
        '2:15 average needs its column: average(Percent).',
        '3:13 Failing windows are "2 of 3": in how many of how many, of six at most.',
        '5:13 A webhook is an https address: alerts tell of customers, and nobody else may read them.',
        '6:13 JSON lines go to a file of the folder for answers: its name alone, or "-" for standard output.',
      ],
    );
    assert.deepEqual(await saysWhere('A.yaml', 'query: T\nwindow: 5m\nfrequency: 1h\n'), [
      '2:9 The window is shorter than the frequency: what comes in between is never looked at.',
    ]);
    for (const wrong of ['2d', '-5m', 'soon', '3 apples'])
      assert.deepEqual(await saysWhere('A.kql', `// @lateness ${wrong}\nT`), [
        '1:14 Lateness is how long after its end a window is looked at, 0m to 1d: 5m.',
      ]);
    assert.deepEqual(await saysWhere('A.kql', '// @severity 2\n'), ['1:1 There is no query.']);
  });

  it('a webhook has no name and password in it, and a name cannot lead anywhere', async () => {
    for (const address of ['https://a:b@x.example/', 'https://x.example/#a', 'nonsense', 'file:///etc/passwd'])
      assert.equal((await saysWhere('A.kql', `// @deliver webhook ${address}\nT`)).length, 1, address);
    for (const name of ['a;b', '1a', 'a/b'])
      assert.match((await saysWhere('A.kql', `// @name ${name}\nT`))[0]!, /is no name of an alert/);
  });

  it('has a schema that knows every setting', () => {
    const { properties } = JSON.parse(readFileSync(join(ROOT, 'media/alert.schema.json'), 'utf8')) as {
      properties: object;
    };
    for (const name of ALERT_SETTINGS) assert.ok(name in properties, name);
  });
});

describe('what the service refuses of a rule', () => {
  it('is refused before, by name, at its place', async () => {
    assert.deepEqual(await refused('// @severity 1\nT | evaluate bag_unpack(d)'), [
      '2:14 A rule takes no "bag_unpack": its columns depend on the data.',
    ]);
    assert.deepEqual(await refused('T | evaluate pivot(a) | evaluate narrow()'), [
      '1:14 A rule takes no "pivot": its columns depend on the data.',
      '1:34 A rule takes no "narrow": its columns depend on the data.',
    ]);
    assert.deepEqual(await refused('search "x"'), ['1:1 A rule takes no "search". Name the tables.']);
    assert.deepEqual(await refused('union T, U'), [
      '1:1 A rule takes no "union", but of other workspaces. Make a rule for each table.',
    ]);
    assert.deepEqual(await refused('union T, workspace("other").T'), []);
    assert.deepEqual(await refused('let d = 1h; T | where t > ago(d)'), [
      '1:27 A rule takes "ago" of a literal alone: ago(1h).',
    ]);
    assert.deepEqual(await refused('T | where t > ago(7d)'), [
      '1:15 A rule looks back two days at most: what ago(7d) asks beyond that is never there.',
    ]);
    assert.deepEqual(await refused('T | where t > ago(2d)'), []);
    assert.deepEqual(await refused('T | summarize AggregatedValue = count()'), [
      '1:15 AggregatedValue is a word of the service, and no column of a rule may be called so.',
    ]);
    assert.deepEqual(await refused('T | summarize count() by _Customer'), [
      '1:26 _Customer is no column of a workspace. "tenantscope alert evaluate" knows it.',
    ]);
  });

  it('so are its limits', async () => {
    assert.deepEqual(await refused('// @window 1d\n// @failing 1 of 3\nT'), [
      '1:12 A rule looks back two days at most; 3 windows of 1440 minutes are more.',
    ]);
    assert.deepEqual(await refused('// @window 1d\n// @failing 1 of 3\n// @lookback 2d\nT'), []);
    const seven = [...'abcdefg'].map((name) => `// @dimension ${name}`).join('\n');
    assert.deepEqual(await refused(`${seven}\nT`), ['1:15 A rule has 6 dimensions at most; these are 7.']);
    assert.deepEqual(await refused('// @frequency 1m\nT | take 5 | where ingestion_time() > ago(1m)'), [
      '2:5 A rule that is evaluated every minute takes no "take".',
      '2:20 A rule that is evaluated every minute takes no "ingestion_time".',
    ]);
    assert.deepEqual(await refused('// @frequency 1d\nT'), [
      '1:15 A rule that resolves by itself is evaluated every 12 hours at least. Say "autoResolve no".',
    ]);
    assert.deepEqual(await refused('// @frequency 1d\n// @autoResolve no\nT'), []);
  });

  it('stands at its place in YAML too', async () => {
    assert.deepEqual(await refused('severity: 1\nquery: |\n  T\n  | evaluate pivot(a)\n', 'A.yaml'), [
      '4:14 A rule takes no "pivot": its columns depend on the data.',
    ]);
  });
});

describe("rows that are a customer's own", () => {
  const own = [
    'T | where a > 1 | extend b = a + 1 | project _Customer, b | top 5 by b',
    'T | summarize count() by _Customer, Computer',
    'T | summarize n = count() by bin(TimeGenerated, 1h), _Customer | where n > 3',
    'T | join kind=inner (U) on _Customer, Computer',
    'union T, U | distinct _Customer, Computer',
    'T | make-series count() on TimeGenerated step 1h by _Customer',
  ];
  for (const query of own) it(`are ${query}`, () => assert.equal(isCustomersOwn(query), true));
  const others = [
    'T | extend _Customer = "Contoso"',
    "T | extend ['_Customer'] = 'Contoso'",
    'T | parse Message with "for " _Customer',
    'datatable(_Customer:string)["Contoso"]',
    'T | summarize take_any(_Customer), make_set(User) by Computer',
    'T | join kind=inner (U) on Computer',
    'T | join kind=inner (U) on $left._Customer == $right.Name',
    'let all = toscalar(T | count); T | extend share = 1.0 / all',
    'T | sort by TimeGenerated | extend before = prev(User)',
    'T | evaluate bag_unpack(d, columnsConflict="replace_source")',
    'T | top-nested 3 of _Customer by count()',
    'Stored()',
    'T | where User in ((U | summarize by User))',
  ];
  for (const query of others) it(`are not ${query}`, () => assert.equal(isCustomersOwn(query), false));
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { offsetInFile, offsetInText, positionOf } from '../../../../src/kql/queryFiles/places.ts';
import type { FileQuery } from '../../../../src/kql/queryFiles/queryFile.ts';
import { readNotebookQueries, readQueryFile } from '../../../../src/kql/queryFiles/readQueryFile.ts';

/** Every place of the text leads to the same character of the file, blanks and line ends apart. */
function assertPlaces(file: string, { name, text, segments, place }: FileQuery): void {
  for (let at = 0; at < text.length; at++) {
    if (/\s/.test(text[at]!) || /["\\]/.test(text[at]!)) continue;
    const there = offsetInFile(segments, at);
    assert.equal(file[there], text[at], `${name}: "${text.slice(at, at + 20)}" at ${at}`);
    assert.ok(there >= place.start && there < place.start + place.length, `${name}: ${there} lies in its place`);
    assert.equal(offsetInText(segments, there, text.length), at, `${name}: and back`);
  }
}

/** What this process worked, whoever else is busy on the machine. */
const busyMs = (): number => process.cpuUsage().user / 1_000;

test('a block of Markdown that reads an earlier one by name is refused, but for a notebook', async () => {
  const block = (text: string): string => `\`\`\`kql\n${text}\n\`\`\`\n`;
  const file = [
    '// @name signIns\nSigninLogs | take 5',
    'signIns | count',
    // The name is a column, a word of a text and one of its own.
    'Heartbeat | where signIns == "signIns"',
    'let signIns = Heartbeat; signIns',
    // Later blocks are no tables of earlier ones.
    'later\n| join signIns on Computer',
    '// @name later\nT',
  ]
    .map(block)
    .join('\n');
  const { queries } = await readQueryFile('hunt.md', file);
  assert.deepEqual(
    queries.map(({ readsBlocks }) => readsBlocks),
    [undefined, ['signIns'], undefined, undefined, ['signIns'], undefined],
  );
  assert.equal(
    queries[1]!.refusal,
    'It reads the rows of block "signIns" of this file: open it as a notebook, or use "tenantscope notebook run".',
  );
  assert.deepEqual(
    (await readNotebookQueries(file)).queries.map(({ refusal }) => refusal),
    queries.map(() => undefined),
  );
});

describe('files of KQL', () => {
  test('a front comment says name, description, tags, parameters, scope, time and schedule', async () => {
    const text = `// @name Failed sign-ins
// @description Who failed,
// @description and from where.
// @tags identity, daily
// @param days:int = 7  How far back
// @param user:string
// @scope group:gold except customer:contoso
// @time 14d
// @schedule every morning
SigninLogs
| where TimeGenerated > ago(days * 1d) and UserPrincipalName == user
`;
    const { queries, problems } = await readQueryFile('hunts/sign-ins.kql', text);
    assert.deepEqual(problems, []);
    const [query] = queries;
    assert.ok(query && queries.length === 1);
    assert.equal(query.name, 'Failed sign-ins');
    assert.equal(query.description, 'Who failed, and from where.');
    assert.deepEqual(query.tags, ['identity', 'daily']);
    assert.deepEqual(query.parameters, [
      { name: 'days', type: 'int', fallback: 7n, description: 'How far back' },
      { name: 'user', type: 'string' },
    ]);
    assert.deepEqual(query.scope?.scope?.except, [{ kind: 'customer', value: 'contoso' }]);
    assert.deepEqual(query.time, { kind: 'last', minutes: 14 * 1440 });
    assert.equal(query.schedule, 'every morning');
    assert.equal(query.text, text);
  });

  test('several names are several queries, under the scope line of the file', async () => {
    const text = '// @scope group:gold\n// @name One\nHeartbeat\n\n| take 1\n\n// @name Two\nUsage\n';
    const { queries } = await readQueryFile('two.kql', text);
    assert.deepEqual(
      queries.map(({ name, text: own }) => [name, own]),
      [
        ['One', '// @scope group:gold\n// @name One\nHeartbeat\n\n| take 1\n\n'],
        ['Two', '// @name Two\nUsage\n'],
      ],
    );
    for (const query of queries) {
      assert.deepEqual(query.scope?.scope?.include, [{ kind: 'group', value: 'gold' }], query.name);
      assertPlaces(text, query);
    }
  });

  test('a query follows its own scope line, else the one at the top; none is ever asked of more than it says', async () => {
    const told = async (text: string): Promise<string[]> =>
      (await readQueryFile('x.kql', text)).queries.map(({ scope }) => text.slice(scope?.start, scope?.end));
    const [gold, contoso] = ['// @scope group:gold', '// @scope customer:contoso'];
    assert.deepEqual(await told(`${gold}\nHeartbeat\n\n${contoso}\nUsage\n\nPerf`), [gold, contoso, gold]);
    assert.deepEqual(await told(`// @name A\n${gold}\nT\n\n// @name B\n${contoso}\nU\n`), [gold, contoso]);
    assert.deepEqual(await told(`Heartbeat\n\n${contoso}\n| take 1`), [contoso]);
    const long = `// @name A\n${gold}\nT | where x == "${'x'.repeat(400_000)}"\n// @name B\n${contoso}\nU\n`;
    assert.deepEqual(await told(long), [gold, contoso]);
  });

  test('without names blank lines part queries, and comments go with the query below them', async () => {
    const text = '// Who stopped\r\n\r\nHeartbeat\r\n| take 1\r\n\r\n// What costs\r\n\r\nUsage\r\n| take 2\r\n';
    const { queries } = await readQueryFile('daily.kql', text);
    assert.deepEqual(
      queries.map(({ name, description }) => [name, description]),
      [
        ['daily 1', 'Who stopped'],
        ['daily 2', 'What costs'],
      ],
    );
    assert.equal(queries.map((query) => query.text).join(''), text);
  });

  test('a query with blank lines inside stays one, as it is', async () => {
    for (const text of [
      'Heartbeat\n\n| take 1',
      'Heartbeat\n| project\n\nComputer',
      'Heartbeat\n| summarize count()\n\nby Computer',
      'let a = 1;\n\nHeartbeat\n| take a',
      'union (Heartbeat\n\n| take 1), (Usage\n\n| take 2)',
      'print x = ```a\n\nb```',
      'let f = () {\n\nHeartbeat\n\n};\nf',
      '\uFEFFHeartbeat',
      '// only words',
      '',
    ]) {
      const { queries } = await readQueryFile('one.kql', text);
      assert.deepEqual(
        queries.map((query) => query.text),
        [text],
      );
    }
  });

  test('files that want to be slow are not', async () => {
    for (const [name, text] of [
      ['a.kql', '(\n\n'.repeat(70_000)],
      ['b.kql', '``` a ```\n\n"x"\n\n'.repeat(15_000)],
      ['c.kql', `// @param a:int = int(${' '.repeat(1_000_000)}x`],
      ['d.kql', '// @name x\n'.repeat(50_000)],
      ['e.kql', `declare query_parameters(${'(('.repeat(200_000)}`],
      ['f.md', `# a${' '.repeat(1_000_000)}b\n`.repeat(3)],
      ['g.md', `${' '.repeat(500_000)}\`\`\`kql\nT\n`.repeat(4)],
      ['h.md', '```kql\nT\n```\n'.repeat(100_000)],
      ['i.json', `{"query": "${'\\n'.repeat(1_000_000)}T"}`],
      ['j.json', `[${'{"query": "T"},'.repeat(100_000)}1]`],
    ] as const) {
      const from = busyMs();
      await readQueryFile(name, text);
      assert.ok(busyMs() - from < 4_000, `${name}: ${busyMs() - from} ms`);
    }
  });

  test('the headers of the community collections are read, and from standard input nothing is parted', async () => {
    const text =
      '// Author: A\n// Display name: Errors\n// Description: By hour.\n// Categories: Network, Azure\n\nT\n| take 1\n';
    const [query] = (await readQueryFile('errors.kql', text)).queries;
    assert.deepEqual([query?.name, query?.description, query?.tags], ['Errors', 'By hour.', ['Network', 'Azure']]);
    assert.equal((await readQueryFile('-', 'T\n\nU')).queries.length, 1);
  });

  test('what a front comment gets wrong is said at its line, and refuses the query', async () => {
    const text = 'T\n// @param days:number = 7\n';
    const { queries, problems } = await readQueryFile('wrong.kql', text);
    assert.equal(positionOf(text, problems[0]!.start).line, 2);
    assert.match(queries[0]?.refusal ?? '', /name:type = default/);
  });
});

describe('rules and hunting queries of Microsoft Sentinel', () => {
  const RULE = `id: 00000000-0000-0000-0000-000000000001
name: Sign-ins from somewhere new
description: |
  'A person signs in from where nobody did.'
severity: Low
queryFrequency: 1h
queryPeriod: 14d
tactics:
  - InitialAccess
relevantTechniques:
  - T1078
query: |
  let known = SigninLogs
      | where TimeGenerated < ago(1d)

      | distinct Location;
  SigninLogs
  | where Location !in (known)
version: 1.0.0
`;
  test('name, tactics and time; each line leads back to its line of the file', async () => {
    for (const file of [RULE, RULE.replaceAll('\n', '\r\n'), `\uFEFF${RULE}`]) {
      const { queries, problems } = await readQueryFile('rule.yaml', file);
      assert.deepEqual(problems, []);
      const [query] = queries;
      assert.ok(query && queries.length === 1);
      assert.equal(query.name, 'Sign-ins from somewhere new');
      assert.equal(query.description, 'A person signs in from where nobody did.');
      assert.deepEqual(query.tags, ['InitialAccess', 'T1078']);
      assert.deepEqual(query.time, { kind: 'last', minutes: 14 * 1440 });
      assert.equal(query.schedule, 'every 1h');
      assert.match(query.text, /^let known = SigninLogs\n {4}\| where/);
      assertPlaces(file, query);
      const at = offsetInFile(query.segments, query.text.indexOf('!in'));
      assert.equal(positionOf(file, at).line, RULE.slice(0, RULE.indexOf('!in')).split('\n').length);
    }
  });

  test('folded, quoted and plain texts, and several documents', async () => {
    const file = `name: A
query: >-
  T
  | take 1
---
name: B
query: "T | where a == \\"x\\"\\n| take 2"
---
name: C
query: 'T | where b == ''y'''
---
name: D
query: T
  | take 3
---
name: E
query: |2

     T
  | take 4
`;
    const { queries } = await readQueryFile('five.yml', file);
    assert.deepEqual(
      queries.map(({ name, text, quoted }) => [name, text, quoted]),
      [
        ['A', 'T | take 1', undefined],
        ['B', 'T | where a == "x"\n| take 2', true],
        ['C', "T | where b == 'y'", undefined],
        ['D', 'T | take 3', undefined],
        ['E', '\n   T\n| take 4\n', undefined],
      ],
    );
    for (const query of queries.filter(({ name }) => name !== 'C')) assertPlaces(file, query);
  });

  test('hostile YAML is bounded: aliases, tags, size, nesting, quotes, tabs', async () => {
    const bomb = `a0: &a0 [x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]\n`).join('')}`;
    const hostile: readonly [string, string, RegExp | undefined][] = [
      ['aliases', `${bomb}name: Bomb\nquery: T\n`, undefined],
      ['an alias as a query', 'x: &q T | take 1\nquery: *q\n', undefined],
      ['tags', 'name: !!js/function "x"\nquery: !!binary "VA=="\nother: !<!x> y\n', undefined],
      ['10 MB', `query: |\n${'  T | take 1\n'.repeat(800_000)}`, /at most 4,000,000 are read/],
      ['many words', 'a: b\n'.repeat(100_000), /more YAML in it than is read/],
      ['nesting', '['.repeat(15_000), /cannot be read|nested too deeply/],
      ['marks', '"'.repeat(19_000), /cannot be read/],
      ['anchors', '&a '.repeat(9_000), /cannot be read/],
      ['a tab', 'name: x\nquery: |\n\tT\n', /cannot be read/],
      ['__proto__', '__proto__:\n  query: T\nconstructor: x\n', undefined],
    ];
    const began = busyMs();
    const read = new Map<string, readonly FileQuery[]>();
    for (const [what, file, problem] of hostile) {
      const { queries, problems } = await readQueryFile('x.yaml', file);
      read.set(what, queries);
      if (problem) assert.match(problems[0]?.message ?? '', problem, what);
      else assert.deepEqual(problems, [], what);
    }
    assert.ok(busyMs() - began < 20_000, `${busyMs() - began} ms`);
    assert.deepEqual(
      read.get('aliases')!.map(({ name }) => name),
      ['Bomb'],
    );
    assert.deepEqual(read.get('an alias as a query'), []);
    assert.deepEqual(
      read.get('tags')!.map(({ text }) => text),
      ['VA=='],
    );
    assert.deepEqual(
      read.get('__proto__')!.map(({ text }) => text),
      ['T'],
    );
    assert.equal(({} as Record<string, unknown>)['query'], undefined);
  });
});

describe('Markdown', () => {
  test('fenced KQL, named by the heading above, in lists and after other languages', async () => {
    const file = `# Hunts
\`\`\`powershell
# not a heading
\`\`\`
## Failed **sign-ins** ##
\`\`\`kql
SigninLogs
| take 1
\`\`\`
And more:
~~~~ Kusto
print x = "~~~"
~~~
~~~~
- a list

  \`\`\`{.kusto title="x"}
  Heartbeat
    | take 2
  \`\`\`
\`\`\`kql
\`\`\`
### Last
\`\`\`kql
Usage`;
    for (const text of [file, file.replaceAll('\n', '\r\n')]) {
      const { queries } = await readQueryFile('README.md', text);
      assert.deepEqual(
        queries.map(({ name, text: own }) => [name, own.replaceAll('\r', '')]),
        [
          ['Failed sign-ins', 'SigninLogs\n| take 1\n'],
          ['Failed sign-ins 2', 'print x = "~~~"\n~~~\n'],
          ['Failed sign-ins 3', 'Heartbeat\n  | take 2\n'],
          ['Last', 'Usage'],
        ],
      );
      for (const query of queries) assertPlaces(text, query);
    }
  });
});

describe('JSON', () => {
  test('a workbook: items in groups, what is no log query, what only the workbook fills in', async () => {
    const item = (name: string, more: object): object => ({
      type: 3,
      content: { version: 'KqlItem/1.0', queryType: 0, ...more },
      name,
    });
    const workbook = {
      version: 'Notebook/1.0',
      items: [
        { type: 1, content: { json: '## Words' }, name: 'text' },
        item('q1', { query: 'Heartbeat\r\n| take 1', title: 'Beats', timeContext: { durationMs: 86_400_000 } }),
        {
          type: 12,
          content: { version: 'NotebookGroup/1.0', items: [item('q2', { query: 'Usage | where T > {Time:start}' })] },
        },
        item('q3', { query: 'resources', queryType: 1 }),
      ],
    };
    const file = JSON.stringify(workbook, null, '\t');
    const { queries } = await readQueryFile('board.workbook', file);
    assert.deepEqual(
      queries.map(({ name, time, refusal }) => [name, time, refusal]),
      [
        ['Beats', { kind: 'last', minutes: 1440 }, undefined],
        ['q2', undefined, 'It has parts that only the workbook fills in: {Time:start}.'],
        ['q3', undefined, 'The workbook asks something else with it than logs.'],
      ],
    );
    for (const query of queries) assertPlaces(file, query);
    const template = JSON.stringify({
      resources: [{ type: 'workbooks', properties: { displayName: 'Board', serializedData: file } }],
    });
    const inside = (await readQueryFile('template.json', template)).queries;
    assert.deepEqual(
      inside.map(({ name }) => name),
      ['Beats', 'q2', 'q3'],
    );
    for (const query of inside) assertPlaces(template, query);
  });

  test('saved searches, templates and query packs', async () => {
    const file = `{
  // templates have comments
  "resources": [
    { "type": "savedSearches", "name": "[guid('x')]", "properties": {
      "category": "Hunting", "displayName": "Silent sources", "query": "Heartbeat\\n| where \\u0041 == \\"x\\"",
      "tags": [{ "name": "description", "value": "Who stopped" }, { "name": "tactics", "value": "Impact,Discovery" }] } },
    { "type": "alertRules", "properties": { "displayName": "A rule", "query": "Usage", "queryPeriod": "PT5H" } },
    { "type": "alertRules", "properties": { "displayName": "Late", "query": "[variables('text')]" } },
    { "type": "Microsoft.OperationalInsights/queryPacks/queries",
      "properties": { "displayName": "In a pack", "body": "Perf" } }
  ]
}`;
    const { queries, problems } = await readQueryFile('azuredeploy.json', file);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      queries.map(({ name, text, tags, time, quoted }) => [name, text, tags, time, quoted]),
      [
        ['Silent sources', 'Heartbeat\n| where A == "x"', ['Hunting', 'Impact', 'Discovery'], undefined, true],
        ['A rule', 'Usage', [], { kind: 'last', minutes: 300 }, undefined],
        ['Late', "[variables('text')]", [], undefined, undefined],
        ['In a pack', 'Perf', [], undefined, undefined],
      ],
    );
    assert.match(queries[2]!.refusal ?? '', /formula of the template/);
    const [query] = queries;
    assert.equal(file.slice(offsetInFile(query!.segments, query!.text.indexOf('=='))).slice(0, 2), '==');
  });

  test('what is no JSON, or nested without end, is said', async () => {
    for (const file of ['', '{"query": "T"', '[{"query": "T"}'.repeat(3), '['.repeat(1_000_000)]) {
      const { queries, problems } = await readQueryFile('x.json', file);
      assert.deepEqual(queries, []);
      assert.match(problems[0]?.message ?? '', /^The JSON /);
    }
  });
});

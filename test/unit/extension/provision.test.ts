import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTags, printTags } from '../../../src/core/provision/tagText.ts';
import { fileNameOf, toQueryTree } from '../../../src/extension/queries/queryFiles.ts';
import { explainText } from '../../../src/extension/runs/explainText.ts';
import { toSchemaInput } from '../../../src/extension/editor/toSchemaInput.ts';
import { codeBlock, codeSpan, escapeMarkdown } from '../../../src/base/markdown.ts';
import { resolveScope } from '../../../src/core/estate/scope.ts';
import { parseCloudFile } from '../../../src/model/cloudFile.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { sampleEstate } from './sampleEstate.ts';

test('tags read as they are written', () => {
  const samples: Record<string, string>[] = [
    {},
    { env: 'prod' },
    { env: 'prod', 'cost center': '12' },
    { note: 'a, "b"=c', empty: '' },
    { __proto__x: 'y' },
  ];
  for (const tags of samples) assert.deepEqual(parseTags(printTags(tags)), { ok: true, tags });
  assert.deepEqual(parseTags(' env = prod ,owner'), { ok: true, tags: { env: 'prod', owner: '' } });
});

test('tags that cannot be read say which part', () => {
  assert.match((parseTags('env=prod, =x') as { message: string }).message, /=x/);
  assert.match((parseTags('env=1, ENV=2') as { message: string }).message, /twice/);
  assert.equal(parseTags('note="open').ok, false);
});

test('the explanation lists whom a run asks, how, and who is not covered', () => {
  const estate = sampleEstate();
  const text = explainText(
    {
      query: 'Heartbeat | count',
      scope: EVERYTHING,
      resolved: resolveScope(EVERYTHING, estate),
      timeRange: { kind: 'last', minutes: 60 },
      diagnostics: [],
    },
    estate,
  );
  assert.match(text, /would ask \*\*3 workspaces, 2 customers\*\*/);
  assert.match(text, /Time range sent beside the query: last hour\n/);
  assert.match(text, /\| Fabrikam \| Fabrikam \| law\\-three \| westeurope \| Lighthouse \|/);
  assert.match(text, /## Not covered: 1\n\n- Locked: Locked wants multi\\-factor/);
});

test('a query with an error is explained as one that would not be sent', () => {
  const estate = sampleEstate();
  const diagnostics = [
    { severity: 'error', source: 'Kusto', code: 'KS1', message: 'Expected: )', start: 0, end: 1 },
  ] as const;
  const text = explainText(
    {
      query: 'x',
      scope: EVERYTHING,
      resolved: resolveScope(EVERYTHING, estate),
      timeRange: { kind: 'inQuery' },
      diagnostics,
    },
    estate,
  );
  assert.match(text, /would not be sent/);
  assert.match(text, /## Errors\n\n- Expected\\: \\\)/);
});

test('query files make a tree of folders, each file with an address', () => {
  assert.deepEqual(toQueryTree(['b.kql', 'sub/a #1.kql', 'a.csl'], 'file:///w'), [
    {
      kind: 'folder',
      id: 'file:///w/sub',
      label: 'sub',
      children: [{ kind: 'file', id: 'file:///w/sub/a%20%231.kql', label: 'a #1' }],
    },
    { kind: 'file', id: 'file:///w/a.csl', label: 'a' },
    { kind: 'file', id: 'file:///w/b.kql', label: 'b' },
  ]);
  assert.deepEqual(['Who: stopped?', '../x', ' '].map(fileNameOf), ['Who- stopped-.kql', '-x.kql', 'query.kql']);
});

test('a column typed differently keeps its names in a union and its own, and counts of everybody are left out', () => {
  const input = toSchemaInput(
    's',
    {
      workspaces: 3,
      problems: [],
      functions: [],
      tables: [
        {
          name: 'App_CL',
          have: 2,
          columns: [
            { name: 'Level_long', type: 'long', splitFrom: 'Level', have: 1 },
            { name: 'Level_string', type: 'string', splitFrom: 'Level', have: 1 },
            { name: 'Text', type: 'string', have: 2 },
          ],
        },
      ],
    },
    3,
  );
  assert.deepEqual(input.tables[0], {
    name: 'App_CL',
    have: 2,
    of: 3,
    columns: [
      { name: 'Level_long', type: 'long', splitFrom: 'Level', have: 1 },
      { name: 'Level_string', type: 'string', splitFrom: 'Level', have: 1 },
      { name: 'Text', type: 'string' },
    ],
  });
  assert.equal(input.partial, false);
});

test('a schema of fewer workspaces than asked for is partial', () => {
  assert.equal(toSchemaInput('s', { workspaces: 2, problems: [], functions: [], tables: [] }, 3).partial, true);
});

test('text of others cannot become Markdown', () => {
  assert.equal(escapeMarkdown('[x](command:y)\n# *z* `q` <b>'), '\\[x\\]\\(command\\:y\\) \\# \\*z\\* \\`q\\` \\<b\\>');
  assert.equal(codeSpan('a`b``c'), '```a`b``c```');
  assert.equal(codeBlock('```\nx', 'sh'), '````sh\n```\nx\n````');
});

const CLOUD = {
  authority: 'https://localhost:1/',
  resourceManager: 'https://localhost:1',
  logAnalytics: 'https://localhost:2',
};

test('a cloud file needs its endpoints, over https', () => {
  const { cloud, sampleAccounts } = parseCloudFile(
    JSON.stringify({ ...CLOUD, sampleAccounts: [{ tenantId: 't', clientId: 'c', clientSecret: 's', extra: 1 }] }),
    'f.json',
  );
  assert.deepEqual(
    [cloud.authority, cloud.name, cloud.logAnalyticsAudience],
    ['https://localhost:1', 'custom', 'https://localhost:2'],
  );
  const ingestion = { audience: 'https://monitor.azure.com', hosts: 'https://localhost:3' };
  assert.deepEqual(parseCloudFile(JSON.stringify({ ...CLOUD, ingestion }), 'f.json').cloud.ingestion, ingestion);
  const microsoftGraph = { audience: 'https://graph.microsoft.com', origin: 'https://localhost:3' };
  const graphed = parseCloudFile(JSON.stringify({ ...CLOUD, microsoftGraph }), 'f.json').cloud;
  assert.deepEqual(graphed.microsoftGraph, microsoftGraph);
  assert.deepEqual(sampleAccounts, [{ tenantId: 't', clientId: 'c', clientSecret: 's' }]);
  for (const wrong of [
    '',
    '[]',
    '{}',
    JSON.stringify({ ...CLOUD, authority: 'http://x' }),
    JSON.stringify({ ...CLOUD, ca: 'no' }),
    // Hosts of a custom cloud are one origin: an ending would be anybody's.
    JSON.stringify({ ...CLOUD, ingestion: { audience: 'https://monitor.azure.com', hosts: '.evil.example' } }),
    JSON.stringify({ ...CLOUD, microsoftGraph: { audience: 'https://graph.microsoft.com', origin: 'http://evil' } }),
    JSON.stringify({ ...CLOUD, sampleAccounts: [{ clientSecret: 'hush' }] }),
  ]) {
    assert.throws(
      () => parseCloudFile(wrong, 'f.json'),
      (error: Error) => /f\.json/.test(error.message) && !/hush/.test(error.message),
      wrong,
    );
  }
});

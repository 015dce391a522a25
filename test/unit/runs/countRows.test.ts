import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainMarkdown } from '../../../src/app/explainMarkdown.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { RunRequest } from '../../../src/model/run.ts';
import { acrossWorld, COUNT, partOf, schemaOf } from './acrossWorld.ts';
import { answer, failure } from './world.ts';

const REQUEST: RunRequest = {
  query: 'T | summarize count() by n',
  scope: EVERYTHING,
  timeRange: { kind: 'last', minutes: 60 },
};
const rows = ({ workspaceGuid }: { readonly workspaceGuid: string }) =>
  answer(['Count'], [[Number(workspaceGuid.slice(5)) * 1_000]]);

test('each workspace is asked how many rows of each part it would send, and nothing else', async () => {
  const { service, logs, clock } = acrossWorld(rows, 3);
  assert.deepEqual((await service.explain(REQUEST)).parts[0]!.counted, undefined);
  assert.equal(logs.asked.length, 0, 'only where it is asked for');
  const explained = await clock.run(service.explain(REQUEST, NEVER, true));
  assert.deepEqual(new Set(logs.asked.map(({ query }) => query)), new Set(['T | summarize n = count()\n| count']));
  assert.ok(
    logs.asked.every(({ timespan }) => timespan?.includes('/')),
    'over the time of the run',
  );
  assert.deepEqual(explained.parts[0]!.counted, { rows: 6_000, workspaces: 3 });
  assert.match(explainMarkdown(explained), /\nRows: 6,000 rows, counted just now by 3 workspaces\.\n/);
});

test('workspaces of another text are counted by it, and who cannot count is said', async () => {
  const { service, clock } = acrossWorld(
    (request) => (request.workspaceGuid === 'guid-2' ? failure('access.denied', 'Not you.') : rows(request)),
    3,
    {
      schema: (key) => schemaOf('T', ...(key.endsWith('3') ? ['U'] : [])),
      text: (_, { tables }) => `T of ${tables.length}`,
    },
  );
  const { parts } = await clock.run(service.explain(REQUEST, NEVER, true));
  // A text is written once for all whose tables of the part are the same: these are.
  assert.deepEqual(
    parts.map(({ texts, counted }) => [texts[0]!.text, counted]),
    [['T of 1', { rows: 4_000, workspaces: 2, failed: 1, reason: 'Not you.' }]],
  );
  assert.match(
    explainMarkdown({ answer: 'across', parts, problems: [] }),
    /Rows: 4,000 rows, counted just now by 2 workspaces\. 1 could not count: Not you/,
  );
});

test('nobody is asked where the plan says how many rows come at most', async () => {
  const plan = { ...COUNT, parts: [{ ...partOf('part1', 'T'), most: 10 }] };
  const { service, logs, clock } = acrossWorld(rows, 3, { plan: () => plan });
  const explained = await clock.run(service.explain(REQUEST, NEVER, true));
  assert.equal(logs.asked.length, 0);
  assert.match(explainMarkdown(explained), /\nRows: at most 30 rows, by the query itself\.\n/);
});

test('rows of a query that is sent as it is are counted by its plan; of what workspaces make themselves they are not', async () => {
  const { local: _local, ...whole } = COUNT;
  const { service, logs, clock } = acrossWorld(rows, 2, {
    plan: () => whole,
    text: () => 'T\n| where n > 1',
    schema: (key) => (key.endsWith('2') ? failure('access.denied', 'No tables.') : schemaOf()),
  });
  const concatenated = await clock.run(service.explain({ ...REQUEST, query: 'Heartbeat | where n > 1' }, NEVER, true));
  assert.deepEqual(
    [logs.asked.map(({ query }) => query), concatenated.parts[0]],
    [
      ['T\n| where n > 1\n| count'],
      {
        name: 'query',
        texts: [{ text: 'Heartbeat | where n > 1', targets: ['Customer 1/ws1', 'Customer 2/ws2'] }],
        lacking: [],
        counted: { rows: 1_000, workspaces: 1, failed: 1, reason: 'No tables.' },
      },
    ],
  );
  assert.deepEqual(concatenated.problems, [], 'who tells no tables is asked all the same');
  const each = await service.explain({ ...REQUEST, answer: 'perWorkspace' }, NEVER, true);
  assert.match(explainMarkdown(each), /\nRows are not counted: each workspace makes its own answer of them\.\n/);
  assert.equal(logs.asked.length, 1);
});

test('counting can be cancelled', async () => {
  const { service, clock } = acrossWorld(() => 'hang', 2);
  const signal = new LocalSignal();
  const explaining = service.explain(REQUEST, signal, true);
  const ended = assert.rejects(explaining, { code: 'cancelled.byUser' });
  await clock.run(clock.sleep(100));
  signal.abort();
  await ended;
});

test('a plan for a screen has names as they are, as many as are wanted; a document escapes them', () => {
  const targets = ['Contoso/law-a', 'Contoso/law-b', 'Contoso/law-c'];
  const parts = [{ name: 'part1', texts: [{ text: 'T', targets }], lacking: [] }];
  const told = { answer: 'across', parts, problems: [{ target: 'Fabrikam/law-d', message: 'It is closed.' }] } as const;
  const screen = explainMarkdown(told, { plain: true });
  assert.match(screen, /To 3 workspaces: Contoso\/law-a, Contoso\/law-b, Contoso\/law-c\n/);
  assert.match(screen, /- Fabrikam\/law-d: It is closed\.\n/);
  assert.match(explainMarkdown(told, { named: 1 }), /To 3 workspaces: Contoso\/law\\-a and 2 more\n/);
});

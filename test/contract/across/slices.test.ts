import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import type { LogSource, WorkspaceLogs } from '../../../src/emulator/logs/source.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { Run, RunRequest } from '../../../src/model/run.ts';
import { openRunWorld, refused, targetOf } from '../badInput/runWorld.ts';
import type { RunWorld } from '../badInput/runWorld.ts';

/** Seconds before the emulator's beginning that rows lie at: some alone, many in one moment, none for a long time. */
const AGES = [
  ...Array.from({ length: 60 }, (_, i) => i * 7 + 1),
  ...Array.from({ length: 20 }, () => 500),
  ...Array.from({ length: 40 }, (_, i) => 2_000 + i),
];

/** 120 rows in each workspace, each of a computer of its own: 0 to 119. */
function events(customerIds: readonly string[]): LogSource {
  let began: number | undefined;
  const logs = customerIds.map((customerId): WorkspaceLogs => ({
    customerId,
    resources: [],
    tables: [
      {
        kind: 'made',
        table: 'Heartbeat',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Computer', type: 'string' },
        ],
        constants: {},
        span: 3_500_000,
        *rows(from: number, to: number): Iterable<readonly Cell[]> {
          began ??= to;
          for (const [n, age] of AGES.entries()) {
            const time = began - age * 1000;
            if (time > from && time <= to) yield [new Date(time).toISOString(), String(n)];
          }
        },
      },
    ],
  }));
  return { find: (customerId) => logs.find((entry) => entry.customerId === customerId), all: () => logs };
}

let world: RunWorld;
before(async () => {
  world = await openRunWorld({ across: true, logs: events });
});
afterEach(() => {
  world.emulator.faults.clear();
});
after(() => world.close());

/** The service gives no more than so many rows in one answer. */
function limitTo(rows: number, workspace?: string): void {
  world.emulator.faults.add({ fault: { kind: 'rowLimit', rows }, ...(workspace ? { match: { workspace } } : {}) });
}
async function play(query: string, more: Partial<RunRequest> = {}): Promise<Run> {
  const request = { query, scope: EVERYTHING, timeRange: { kind: 'last', minutes: 120 }, ...more } as const;
  const { id } = await world.runs.start(request);
  return world.runs.ended(id);
}
/** The rows of a run in the order of all their values: what KQL promises of rows that nobody sorted. */
async function rowsOf(run: Run): Promise<string[]> {
  const { rows } = await world.runs.rows(run.id).window({ first: 0, count: 5_000 });
  return rows.map((row) => JSON.stringify(row)).sort();
}
const ROWS = 'Heartbeat | project Time = tostring(TimeGenerated), Computer';

test('an answer that the service cuts comes in slices of time: every row once, and the run is complete', async () => {
  const whole = await play(ROWS);
  assert.equal(whole.rowCount, 360);
  for (const limit of [100, 59, 31]) {
    limitTo(limit);
    const sliced = await play(ROWS);
    assert.deepEqual([sliced.completeness.sentence, sliced.rowCount], ['3 of 3 workspaces answered', 360]);
    assert.deepEqual(await rowsOf(sliced), await rowsOf(whole));
    for (const { state, slices, rows } of sliced.targets) {
      assert.deepEqual([state, rows, slices?.number], ['answered', 120, slices?.count]);
      assert.ok(slices!.count >= 120 / limit, `${slices!.count} slices`);
    }
    world.emulator.faults.clear();
  }
});

test('rows lie at the very ends of slices, and are there once', async () => {
  limitTo(100, 'law-contoso');
  const before = world.sent.length;
  const run = await play(ROWS);
  const ends = world.sent
    .slice(before)
    .flatMap(({ query }) => [...query.matchAll(/datetime\((20[^)]*)\)/g)].map(([, time]) => time!));
  const times = new Set((await rowsOf(run)).map((row) => (JSON.parse(row) as string[])[3]!));
  assert.ok(
    ends.some((end) => times.has(end)),
    `${ends.join(' ')} is the time of a row`,
  );
  assert.equal(new Set(await rowsOf(run)).size, 360);
});

test('a query with a time of its own, over several tables, with values taken apart, is the same in slices', async () => {
  for (const query of [
    'Heartbeat | where TimeGenerated > ago(1h) and toint(Computer) % 2 == 0 | project Computer',
    'union withsource=From (Heartbeat | where toint(Computer) < 70), (Heartbeat | where toint(Computer) > 50) | project From, Computer',
    'Heartbeat | mv-expand Part = pack_array(Computer, "x") to typeof(string) | project Part',
    'Heartbeat | parse Computer with Number:long "1" * | lookup (datatable(Number:long, Word:string)[1, "one"]) on Number | project Computer, Word',
  ]) {
    const whole = await play(query, { timeRange: { kind: 'inQuery' } });
    limitTo(40);
    const sliced = await play(query, { timeRange: { kind: 'inQuery' } });
    world.emulator.faults.clear();
    assert.deepEqual([sliced.completeness.complete, sliced.targets[0]?.state], [true, 'answered'], query);
    assert.deepEqual(await rowsOf(sliced), await rowsOf(whole), query);
    assert.ok((sliced.targets[0]?.slices?.count ?? 0) > 1, query);
  }
});

test('a total over rows that came in slices is the total', async () => {
  const query =
    'Heartbeat | sort by Computer asc, _Workspace asc | extend Before = prev(Computer) | where Before == Computer | summarize Pairs = count()';
  const whole = await play(query);
  limitTo(50);
  const sliced = await play(query);
  assert.deepEqual([sliced.answer, sliced.unfinished, sliced.plan?.parts[0]?.rows], ['across', undefined, 360]);
  assert.deepEqual(await rowsOf(sliced), await rowsOf(whole));
  assert.deepEqual(await rowsOf(sliced), ['[240]']);
});

test('past the limit that the person sets, the newest rows are there, and it is said from when on', async () => {
  limitTo(30);
  const run = await play(ROWS, { maxRows: 70 });
  const { state, rows, error } = targetOf(run, 'law-contoso');
  assert.deepEqual([state, error?.code], ['partial', 'query.truncated']);
  assert.ok(rows >= 70 && rows < 70 + 30, `${rows} rows`);
  assert.match(
    error!.message,
    /^law-contoso has more rows of it than the \d+ that came: slices of time are asked until a workspace gave 70\. Those before (\S+) are missing\. Raise the setting/,
  );
  assert.ok(error!.message.includes(`the ${rows} that came`), 'the number that is shown beside it');
  const since = /Those before (\S+) are/.exec(error!.message)![1]!;
  const all = await rowsOf(run);
  assert.equal(all.length, 3 * rows);
  assert.ok(all.every((row) => Date.parse((JSON.parse(row) as string[])[3]!) >= Date.parse(since)));
});

test('what is more than one answer in one moment, a part of the whole, or not wanted in slices, stays cut', async () => {
  limitTo(15);
  const moment = targetOf(await play('Heartbeat | where toint(Computer) between (60 .. 79)'), 'law-contoso');
  assert.deepEqual([moment.state, moment.rows], ['partial', 15]);
  assert.match(moment.error!.message, /more rows of one moment than the service gives/);
  for (const [query, more] of [
    ['Heartbeat | take 60', { answer: 'perWorkspace' }],
    ['Heartbeat | summarize count() by Computer', { answer: 'perWorkspace' }],
    [ROWS, { maxRows: 0 }],
  ] as const) {
    const before = world.sent.length;
    const target = targetOf(await play(query, more), 'law-contoso');
    assert.deepEqual([target.state, target.rows, target.slices], ['partial', 15, undefined], query);
    assert.match(target.error!.message, /^The service cut the answer/);
    assert.equal(world.sent.length, before + 3, 'nothing more is asked');
  }
});

test('a slice that fails leaves what came, and a retry asks the workspace anew', async () => {
  limitTo(50, 'law-contoso');
  world.emulator.faults.add({
    id: 'broken',
    match: { workspace: 'law-contoso', path: '/query$' },
    after: 3,
    fault: refused(403, 'InsufficientAccessError', 'The provided credentials have insufficient access.'),
  });
  const run = await play(ROWS);
  const failed = targetOf(run, 'law-contoso');
  assert.deepEqual([failed.state, failed.error?.code.split('.')[0]], ['partial', 'access']);
  assert.match(failed.error!.message, /^1 of 3 slices of time came\. /);
  assert.ok(failed.rows > 0 && failed.rows < 120);
  world.emulator.faults.remove('broken');
  world.runs.retry(run.id);
  const again = await world.runs.ended(run.id);
  assert.deepEqual([targetOf(again, 'law-contoso').state, again.rowCount], ['answered', 360]);
});

test('what is counted beforehand is what travels, whether it is cut or not', async () => {
  limitTo(50);
  for (const query of [
    ROWS,
    'Heartbeat | summarize n = count() by Kind = toint(Computer) % 7',
    'Heartbeat | sort by Computer asc | extend Before = prev(Computer) | count',
  ]) {
    const request: RunRequest = { query, scope: EVERYTHING, timeRange: { kind: 'last', minutes: 120 } };
    const explained = await world.runs.explain(request, NEVER, true);
    const counted = explained.parts.map((part) => part.counted?.rows);
    const run = await play(query);
    assert.deepEqual(
      counted,
      run.plan!.parts.map(({ rows }) => rows),
      query,
    );
    assert.ok(counted[0]! >= 21);
  }
});

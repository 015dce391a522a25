/**
 * What earlier versions, later ones and accidents leave in our folders. The files of `test/fixtures/leftBehind` were
 * written by the code of their time: `first` and `second` are the tables of rows before and after targets had places,
 * `v1` the history that knew workspaces only.
 */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { AssessmentFolder } from '../../../src/app/assessmentShelf.ts';
import { openRuns } from '../../../src/app/runs.ts';
import type { OpenedRuns } from '../../../src/app/runs.ts';
import type { Log } from '../../../src/base/log.ts';
import { customersOf } from '../../../src/core/customers/customersTexts.ts';
import { resolveScope } from '../../../src/core/estate/scope.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { loadKeys } from '../../../src/emulator/keyStore.ts';
import { loadSnapshot } from '../../../src/emulator/snapshot.ts';
import { Database } from '../../../src/engine/database/database.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import { isSavedScopes } from '../../../src/extension/session/scopeBook.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { customerHtml, estateHtml } from '../../../src/report/toHtml.ts';
import { sampleEstate } from '../extension/sampleEstate.ts';
import { answer, estateOf } from '../runs/world.ts';

const LEFT = new URL('../../fixtures/leftBehind/', import.meta.url);
const unpacked = async (name: string): Promise<Buffer> => gunzipSync(await readFile(new URL(`${name}.gz`, LEFT)));
const text = (name: string): Promise<string> => readFile(new URL(name, LEFT), 'utf8');
/** A file that was cut, emptied or overwritten. */
const BROKEN = {
  'cut short': (whole: Buffer) => whole.subarray(0, Math.floor(whole.length / 3)),
  'zero bytes': () => Buffer.alloc(0),
  'all zeroes': (whole: Buffer) => Buffer.alloc(whole.length),
  garbage: () => Buffer.from('\u0000not what it was\u00ff'.repeat(500)),
  'damaged inside': (whole: Buffer) => Buffer.concat([whole.subarray(0, 8_000), whole.subarray(8_000).fill(0xa5)]),
} as const;

async function folderOf(context: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'left-behind-'));
  context.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The runs of a folder as the worker opens them, one workspace that answers, and the words that were said. */
async function open(
  context: TestContext,
  directory: string,
): Promise<OpenedRuns & { readonly words: string[]; works(): Promise<void> }> {
  const words: string[] = [];
  const hear: Log['warn'] = (message, fields = {}) => {
    words.push([message, ...Object.values(fields)].join(' '));
  };
  const estate = estateOf(1);
  const opened = openRuns(
    {
      logs: {
        query: async () => answer(['N:long'], [[1], [2]]),
        schema: () => Promise.reject(new Error('not asked')),
      },
      catalog: new TableCatalog({ tables: async () => [] }, SYSTEM_CLOCK),
      estate: { load: async () => estate } as never,
      scheduler: new QuotaScheduler(SYSTEM_CLOCK),
      schemas: {} as never,
      assessment: undefined as never,
    },
    { directory, persist: true, memoryLimitMb: 128, log: { debug: hear, info: hear, warn: hear } },
  );
  context.after(() => opened.close());
  await opened.ready();
  const works = async (): Promise<void> => {
    const { id } = await opened.runs.start({ query: 'T', scope: EVERYTHING, timeRange: { kind: 'inQuery' } });
    assert.equal((await opened.runs.ended(id)).completeness.complete, true);
    assert.equal((await opened.runs.rows(id).window({ first: 0, count: 9 })).total, 2);
  };
  return { ...opened, words, works };
}

/** A folder of runs with these files in it. */
async function runsWith(
  context: TestContext,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<{ readonly directory: string } & Awaited<ReturnType<typeof open>>> {
  const directory = join(await folderOf(context), 'runs');
  await mkdir(directory);
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content as string);
  return { directory, ...(await open(context, directory)) };
}

describe('the runs of an earlier version', () => {
  it('open: who was asked, what became of each, and every row, exact', async (context) => {
    const { runs, words, works } = await runsWith(context, {
      'runs.duckdb': await unpacked('runs-second.duckdb'),
      'history.jsonl': await text('history-v1.jsonl'),
    });
    assert.deepEqual(words, []);
    assert.deepEqual(
      runs
        .list()
        .map(({ id }) => id)
        .sort(),
      ['old-1', 'old-2'],
    );
    const run = runs.list()[1]!;
    assert.deepEqual(
      run.targets.map((target) => [target.kind, target.state, target.rows]),
      [
        ['workspace', 'answered', 2],
        ['workspace', 'failed', 0],
        ['workspace', 'answered', 2],
        ['tenant', 'skipped', 0],
      ],
    );
    assert.match(run.completeness.sentence, /^2 of 3 workspaces answered, 1 no access, 1 tenant not entered/);
    const { rows } = await runs.rows(run.id).window({ first: 0, count: 9 });
    assert.deepEqual(rows[2], [
      ...['Customer 3', 'Tenant 3', 'ws3', '2024-01-01T00:00:00.1234567Z', 'of guid-3', '9007199254740993', '{"a":1}'],
    ]);
    assert.deepEqual(rows[3]!.slice(3), [null, '', null, null]);
    await works();
  });

  it('whose tables had other columns are set aside, with a word, and the next run is kept', async (context) => {
    const { directory, runs, words, works } = await runsWith(context, {
      'runs.duckdb': await unpacked('runs-first.duckdb'),
      'history.jsonl': await text('history-v1.jsonl'),
    });
    assert.deepEqual(runs.list(), []);
    assert.match(words.join(), /could not be read \(damaged, or of a newer version\).*runs-unread\.duckdb/);
    assert.ok((await readdir(directory)).includes('runs-unread.duckdb'));
    await works();
  });
});

describe('runs of a later version, and broken ones', () => {
  for (const [how, breakIt] of Object.entries(BROKEN))
    it(`a file of rows that is ${how}: set aside, and the next run works`, async (context) => {
      const { directory, runs, words, works } = await runsWith(context, {
        'runs.duckdb': breakIt(await unpacked('runs-second.duckdb')),
        'history.jsonl': await text('history-v1.jsonl'),
      });
      assert.deepEqual(runs.list(), []);
      assert.match(words.join(), /could not be read.*runs-unread\.duckdb/);
      assert.ok((await readdir(directory)).includes('runs-unread.duckdb'));
      await works();
    });

  it('a log of rows that cannot be read costs what was in it alone', async (context) => {
    const { runs, works } = await runsWith(context, {
      'runs.duckdb': await unpacked('runs-second.duckdb'),
      'runs.duckdb.wal': BROKEN.garbage(),
      'history.jsonl': await text('history-v1.jsonl'),
    });
    assert.equal(runs.list().length, 2);
    await works();
  });

  it('a file of rows with a further column is set aside whole', async (context) => {
    const directory = join(await folderOf(context), 'runs');
    await mkdir(directory);
    const path = join(directory, 'runs.duckdb');
    await writeFile(path, (await unpacked('runs-second.duckdb')) as unknown as string);
    const later = await Database.open({ path, memoryLimitMb: 128 });
    await later.run('ALTER TABLE targets ADD COLUMN shard INTEGER');
    await later.close();
    const { words, works } = await open(context, directory);
    assert.match(words.join(), /runs-unread\.duckdb/);
    await works();
  });

  it('lines of a history that say nothing to this version are passed over, counted, and cost no other', async (context) => {
    const [first, second] = (await text('history-v1.jsonl')).trim().split('\n') as [string, string];
    const lines = [
      first.replace('"v":1', '"v":3'),
      second.slice(0, 300),
      'null',
      '{"v":2,"run":{"id":"x","targets":[]}}',
      second.replace('"rowCount":4', '"rowCount":"4"'),
      second.replace(/"targets":\[/, '"targets":[null,'),
      second,
    ];
    const { runs, words } = await runsWith(context, {
      'runs.duckdb': await unpacked('runs-second.duckdb'),
      'history.jsonl': lines.join('\n'),
    });
    assert.deepEqual(
      runs.list().map(({ id }) => id),
      ['old-2'],
    );
    assert.match(words.join(), /Some earlier runs could not be read.* 6$/);
  });

  it('a history without its rows shows no run: none may look like an answer of nothing', async (context) => {
    const { directory, runs, works } = await runsWith(context, { 'history.jsonl': await text('history-v1.jsonl') });
    assert.deepEqual(runs.list(), []);
    assert.equal((await readFile(join(directory, 'history.jsonl'), 'utf8')).trim(), '');
    await works();
  });
});

describe('an assessment of an earlier version', () => {
  it('opens, and is drawn', async (context) => {
    const folder = await folderOf(context);
    await writeFile(
      join(folder, 'assessment-20261128T091200000Z-assessment-1.json'),
      (await unpacked('assessment.json')) as unknown as string,
    );
    const shelf = new AssessmentFolder(folder, 'emulator');
    const opened = await shelf.open((await shelf.list())[0]!.id);
    assert.match(estateHtml(opened!), /Fabrikam/);
    for (const customer of opened!.customers) assert.match(customerHtml(opened!, customer), /<h1/);
  });
  for (const [how, breakIt] of Object.entries(BROKEN))
    it(`one that is ${how} is not listed, and costs no other`, async (context) => {
      const folder = await folderOf(context);
      const whole = await unpacked('assessment.json');
      await writeFile(join(folder, 'assessment-20261128T091200000Z-assessment-1.json'), whole as unknown as string);
      await writeFile(
        join(folder, 'assessment-20261128T101200000Z-broken.json'),
        breakIt(Buffer.from(whole)) as unknown as string,
      );
      assert.equal((await new AssessmentFolder(folder, 'emulator').list()).length, 1);
    });
});

describe('the state of an emulator', () => {
  it('of an earlier version opens with everything in it', async (context) => {
    const folder = await folderOf(context);
    await cp(new URL('world.json', LEFT), join(folder, 'world.json'));
    const world = emptyWorld({ seed: 7 });
    assert.equal(await loadSnapshot(world, folder), true);
    const names = [...world.workspaces.values()].map(({ name }) => name).sort();
    assert.deepEqual(names, ['law-contoso', 'law-fabrikam', 'law-kept']);
    assert.equal(world.deletedWorkspaces.size, 1);
  });
  for (const [how, saved, word] of [
    [
      'of a later version',
      '{"version":2,"seed":7,"maps":{},"lists":{}}',
      /is of version 2, this emulator reads version 1/,
    ],
    ['zero bytes', '', /not readable JSON/],
    ['cut short', '{"version":1,"se', /not readable JSON/],
    ['null', 'null', /is none of an emulator/],
    ['a list', '[]', /is none of an emulator/],
    ['of parts that are none', '{"version":1,"seed":7,"maps":{"workspaces":[["x",{}]]}}', /is not whole/],
    ['of entries that are none', '{"version":1,"seed":7,"maps":{"tenants":[null]}}', /is not whole/],
  ] as const)
    it(`that is ${how} is refused with what to do`, async (context) => {
      const folder = await folderOf(context);
      await writeFile(join(folder, 'world.json'), saved);
      await assert.rejects(loadSnapshot(emptyWorld({ seed: 7 }), folder), (error: Error) => {
        assert.match(error.message, word);
        assert.match(error.message, /Move it away/);
        return true;
      });
    });
  it('with keys that cannot be read is refused with what to do', async (context) => {
    const folder = await folderOf(context);
    for (const name of ['ca.pem', 'ca.key', 'token.key']) await writeFile(join(folder, name), 'garbage');
    await assert.rejects(loadKeys([], folder), /keys in .* cannot be read\. Move ca\.pem, ca\.key and token\.key away/);
  });
});

describe('customers and scopes', () => {
  for (const [how, breakIt] of Object.entries(BROKEN))
    it(`a customers file that is ${how} is a problem of that file, and nobody is renamed`, async () => {
      const whole = Buffer.from('{"customers": [{"name": "Contoso", "tenants": ["contoso.example"]}]}');
      const read = await customersOf([
        { label: 'customers.json', text: breakIt(whole).toString('utf8') },
      ] as never).load();
      if (how === 'damaged inside') assert.deepEqual(read.problems, [], 'it is shorter than where the damage begins');
      else assert.deepEqual([read.customers, read.problems.length], [[], 1]);
    });

  it('a kept scope of a later version is refused by name, never widened to everybody', () => {
    const later = { include: [{ kind: 'subscription', value: 'x' }], except: [] } as unknown as Scope;
    assert.ok(isSavedScopes([{ uri: 'a', scope: later }]));
    const { problems, workspaces } = resolveScope(later, sampleEstate());
    assert.deepEqual(workspaces, []);
    assert.match(problems[0]!.message, /This version does not know "subscription"/);
  });

  it('what is no scope and no time range is not taken up', () => {
    for (const wrong of [
      { uri: 'a', scope: { include: [null], except: [] } },
      { uri: 'a', scope: { include: [{ kind: 'customer' }], except: [] } },
      { uri: 'a', scope: { include: 'all', except: ['x'] } },
      { uri: 'a', timeRange: { kind: 'last' } },
      { uri: 'a', timeRange: { kind: 'last', minutes: 'x' } },
      { uri: 'a', timeRange: { kind: 'between', from: 1 } },
    ])
      assert.ok(!isSavedScopes([wrong]), JSON.stringify(wrong));
  });
});

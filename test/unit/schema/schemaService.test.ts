import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { QUERY_LIMITS } from '../../../src/core/fanOut/quotaLimits.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { SchemaService } from '../../../src/core/schema/schemaService.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import type { WorkspaceTable } from '../../../src/model/estate.ts';
import type { WorkspaceSchema } from '../../../src/ports/logs.ts';
import { toSchemaInput } from '../../../src/extension/editor/toSchemaInput.ts';
import { tableSentences } from '../../../src/kql/language/sentences.ts';
import type { ScopeTable } from '../../../src/kql/scopeSchema.ts';
import { toScopeSchema } from '../../../src/worker/scopeSchema.ts';
import { estateOf, failure, listedTable } from '../runs/world.ts';
import { VirtualClock } from '../runs/virtualClock.ts';

const schema = (...columns: string[]): WorkspaceSchema => ({
  tables: [
    {
      name: 'Heartbeat',
      columns: columns.map((spec) => {
        const [name, type] = spec.split(':');
        return { name: name!, type: (type ?? 'string') as 'string' };
      }),
    },
  ],
  functions: [],
});

function world(
  answers: Readonly<Record<string, WorkspaceSchema | Error>>,
  list: (armId: string) => readonly WorkspaceTable[] | Error = () => [],
  kept: ReadonlyMap<string, WorkspaceSchema> = new Map(),
) {
  const shelf = new Map<string, WorkspaceSchema>(kept);
  const clock = new VirtualClock();
  const asked: string[] = [];
  let running = 0,
    most = 0;
  const estate = estateOf(Object.keys(answers).length);
  const service = new SchemaService({
    estate: async () => estate,
    catalog: new TableCatalog(
      {
        tables: async (_issuer, armId) => {
          const told = list(armId);
          if (told instanceof Error) throw told;
          return told;
        },
      },
      clock,
    ),
    quota: new QuotaScheduler(clock, { ...QUERY_LIMITS, background: { atOnce: 2, startsPerWindow: 100 } }),
    shelf: {
      find: async (_issuer, key) => shelf.get(key),
      keep: (_issuer, key, told) => shelf.set(key, told),
    },
    logs: {
      schema: async (_issuer, guid) => {
        asked.push(guid);
        most = Math.max(most, ++running);
        await clock.sleep(10);
        running--;
        const answer = answers[guid]!;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  });
  return { clock, service, asked, shelf, keys: estate.workspaces.map((workspace) => workspace.key), most: () => most };
}

test('the schemas of a scope, merged with counts; who does not tell is named', async () => {
  const { clock, service, keys, most } = world({
    'guid-1': schema('Computer', 'Level:long'),
    'guid-2': schema('Computer', 'Level'),
    'guid-3': failure('access.denied', 'Not for you.'),
    'guid-4': schema('Computer'),
  });
  const answer = toScopeSchema(await clock.run(service.forScope(keys)));
  assert.equal(most(), 2);
  assert.equal(answer.workspaces, 3);
  assert.deepEqual(answer.problems, [
    { workspace: '/ws/3', error: { code: 'access.denied', message: 'Not for you.', retryable: false } },
  ]);
  assert.equal(answer.completeness.sentence, '3 of 4 workspaces answered, 1 no access');
  assert.equal(
    toScopeSchema(await clock.run(service.forScope(keys))).completeness.sentence,
    answer.completeness.sentence,
    'what is kept from before has answered',
  );
  const [table] = answer.tables;
  assert.deepEqual([table!.name, table!.have], ['Heartbeat', 3]);
  assert.deepEqual(
    table!.columns.map(({ name, type, have, splitFrom }) => [name, type, have, splitFrom]),
    [
      ['Computer', 'string', 3, undefined],
      ['Level_long', 'long', 1, 'Level'],
      ['Level_string', 'string', 1, 'Level'],
    ],
  );
});

test('who has a table, on which plan, for how long and what it is: from the workspaces to the editor', async () => {
  const told: WorkspaceSchema = {
    tables: [
      {
        name: 'Event',
        description: 'What happened.',
        columns: [{ name: 'Level', type: 'long', description: 'How bad.' }],
      },
    ],
    functions: [],
  };
  const { clock, service, keys } = world(
    {
      'guid-1': schema('Computer', 'Level:long'),
      'guid-2': schema('Computer', 'Level'),
      'guid-3': { tables: [...told.tables, ...schema('Computer').tables], functions: [] },
    },
    (armId) =>
      armId === '/ws/3' ? [listedTable('Event', { plan: 'Basic' })] : failure('access.insufficient', 'Not for you.'),
  );
  const estate = estateOf(3);
  const { tables, partial } = toSchemaInput('s', toScopeSchema(await clock.run(service.forScope(keys))), 3);
  const [event, heartbeat] = tables;
  assert.equal(partial, false);
  assert.deepEqual(event, {
    name: 'Event',
    have: 1,
    of: 3,
    description: 'What happened.',
    columns: [{ name: 'Level', type: 'long', description: 'How bad.' }],
    who: { they: 'have', names: [estate.workspaces[2]!.name], count: 1 },
    plans: [{ plan: 'Basic', have: 1 }],
    retentionDays: [estate.workspaces[2]!.retentionDays, estate.workspaces[2]!.retentionDays],
  });
  assert.equal(heartbeat!.who, undefined);
  assert.deepEqual(
    heartbeat!.columns.map(({ name, splitFrom, have }) => [name, splitFrom, have]),
    [
      ['Computer', undefined, undefined],
      ['Level_long', 'Level', 1],
      ['Level_string', 'Level', 1],
    ],
  );
});

test('known in many, filled in few: both are said, where every workspace tells', async () => {
  const event = (hasData?: boolean): WorkspaceSchema => ({
    tables: [{ name: 'Event', columns: [], ...(hasData === undefined ? {} : { hasData }) }],
    functions: [],
  });
  const filledOf = async (...answers: WorkspaceSchema[]): Promise<ScopeTable> => {
    const { clock, service, keys } = world(Object.fromEntries(answers.map((answer, i) => [`guid-${i + 1}`, answer])));
    return toSchemaInput('s', toScopeSchema(await clock.run(service.forScope(keys))), answers.length).tables[0]!;
  };
  const some = await filledOf(event(true), event(false), event(false), { tables: [], functions: [] });
  assert.deepEqual([some.have, some.of, some.filled], [3, 4, 1]);
  assert.equal(
    tableSentences(some)[0],
    'Holds rows in 1 of 4 workspaces of the scope. Known in 3 of 4 workspaces of the scope, not in ws4.',
  );
  assert.equal(
    tableSentences(await filledOf(event(true), event(true)))[0],
    'Holds rows in all 2 workspaces of the scope.',
  );
  assert.equal(tableSentences(await filledOf(event(false)))[0], 'In the workspace of the scope. No rows in it.');
  const untold = await filledOf(event(true), event());
  assert.deepEqual([untold.filled, tableSentences(untold)[0]], [undefined, 'In all 2 workspaces of the scope.']);
});

test('each workspace is asked once, again when its answer is old, and after a failure', async () => {
  const { clock, service, keys, asked } = world({
    'guid-1': schema('a'),
    'guid-2': failure('network.reset', 'Gone.', true),
  });
  await clock.run(Promise.all([service.forScope(keys), service.forScope(keys)]));
  await clock.run(service.forScope(keys));
  assert.deepEqual(asked.filter((guid) => guid === 'guid-1').length, 1);
  assert.ok(asked.filter((guid) => guid === 'guid-2').length >= 2);
  await clock.run(clock.sleep(16 * 60_000));
  await clock.run(service.forScope([keys[0]!]));
  assert.deepEqual(asked.filter((guid) => guid === 'guid-1').length, 2);
  service.forget();
  await clock.run(service.forScope([keys[0]!]));
  assert.deepEqual(asked.filter((guid) => guid === 'guid-1').length, 3);
});

test('cancelling stops asking', async () => {
  const { clock, service, keys, asked } = world(
    Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`guid-${i + 1}`, schema('a')])),
  );
  const signal = new LocalSignal();
  const waiting = service.forScope(keys, signal);
  waiting.catch(() => undefined);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  signal.abort();
  await assert.rejects(clock.run(waiting), { code: 'cancelled.byUser' });
  assert.equal(asked.length, 2);
});

test('who may take what was told long ago waits for nobody; it is asked behind, kept, and told where it is not so any more', async () => {
  const [same, before, now] = [schema('Computer'), schema('Computer'), schema('Computer', 'Site')];
  const { clock, service, asked, shelf, keys } = world(
    { 'guid-1': same, 'guid-2': now, 'guid-3': schema('Other') },
    () => [],
    new Map([
      ['/ws/1', structuredClone(same)],
      ['/ws/2', before],
    ]),
  );
  const changed: string[] = [];
  service.onDidChange(({ workspace, schema: { tables } }) => changed.push(`${workspace} ${tables[0]?.columns.length}`));
  const told: string[] = [];
  const answers = await clock.run(
    service.ofWorkspaces(keys, { kept: true, told: (key, _outcome, old) => told.push(`${key} ${old}`) }),
  );
  assert.deepEqual(told, ['/ws/1 true', '/ws/2 true', '/ws/3 false']);
  assert.deepEqual(
    [...answers.values()].map((outcome) => outcome.ok && outcome.value.tables[0]?.columns.length),
    [1, 1, 1],
  );
  await clock.run(clock.sleep(1_000));
  assert.deepEqual([changed, asked.toSorted()], [['/ws/2 2'], ['guid-1', 'guid-2', 'guid-3']]);
  assert.deepEqual(shelf.get('/ws/2')?.tables[0]?.columns.length, 2);
  // By now it is known, and no question is asked twice.
  await clock.run(service.ofWorkspaces(keys, { kept: true, told: (key, _outcome, old) => told.push(`${key} ${old}`) }));
  assert.deepEqual([told.slice(3), asked.length], [['/ws/1 false', '/ws/2 false', '/ws/3 false'], 3]);
});

test('who wants to know asks, whatever was told long ago', async () => {
  const { clock, service, asked, keys } = world(
    { 'guid-1': schema('Computer') },
    () => [],
    new Map([['/ws/1', schema('Gone')]]),
  );
  const answers = await clock.run(service.ofWorkspaces(keys));
  const [first] = answers.values();
  assert.deepEqual([first?.ok && first.value.tables[0]?.columns[0]?.name, asked], ['Computer', ['guid-1']]);
});

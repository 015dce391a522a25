import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { answered, openRunWorld, targetOf } from './runWorld.ts';
import type { RunWorld } from './runWorld.ts';

let world: RunWorld;
before(async () => {
  world = await openRunWorld();
});
afterEach(() => {
  world.emulator.faults.clear();
});
after(() => world.close());

const namesOf = (run: { readonly columns: readonly { readonly name: string }[] }): string[] =>
  run.columns.map((column) => column.name).slice(3);

test('duplicate column names: each keeps its values under a name of its own, in the grid and in both files', async () => {
  world.emulator.faults.add({
    match: { service: 'logs' },
    fault: answered(
      [
        ['x', 'long'],
        ['x', 'string'],
        ['X', 'long'],
        ['x1', 'long'],
        ['_Customer', 'string'],
        ['_Customer', 'string'],
      ],
      [[1, 'two', 3, 4, 'five', 'six']],
    ),
  });
  const run = await world.play('Heartbeat');
  assert.deepEqual(namesOf(run), ['x', 'x2', 'X', 'x1', '_Customer1', '_Customer2']);
  const rows = world.runs.rows(run.id);
  assert.deepEqual((await rows.window({ first: 0, count: 1 })).rows[0]!.slice(3), [1, 'two', 3, 4, 'five', 'six']);
  const [csv, json] = [join(world.directory, 'twice.csv'), join(world.directory, 'twice.json')];
  await rows.export(csv, 'csv');
  await rows.export(json, 'json');
  assert.match(
    await readFile(csv, 'utf8'),
    /^_Customer,_Tenant,_Workspace,x,x2,X,x1,_Customer1,_Customer2\r\n[^\r]*,1,two,3,4,five,six\r\n/,
  );
  const [first] = JSON.parse(await readFile(json, 'utf8')) as Record<string, unknown>[];
  assert.deepEqual(Object.entries(first!).slice(3), [
    ['x', 1],
    ['x2', 'two'],
    ['X', 3],
    ['x1', 4],
    ['_Customer1', 'five'],
    ['_Customer2', 'six'],
  ]);
});

test('column names that mean something to SQL, JavaScript or a spreadsheet are names', async () => {
  const names = [
    '"; DROP TABLE runs; --',
    "it's",
    '__proto__',
    'constructor',
    '=cmd()',
    'a\nb',
    '',
    'seq',
    't',
    'r.seq',
    '日本',
  ];
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-contoso' },
    fault: answered(
      names.map((name) => [name, 'long'] as const),
      [names.map((_, index) => index)],
    ),
  });
  world.emulator.faults.add({ match: { service: 'logs' }, fault: answered([['seq', 'string']], [['mine']]) });
  const run = await world.play('Heartbeat');
  assert.deepEqual(
    run.targets.map((target) => [target.state, target.error?.message]),
    run.targets.map(() => ['answered', undefined]),
  );
  const rows = world.runs.rows(run.id);
  for (const [index, name] of names.entries()) {
    const column = name === 'seq' ? 'seq_long' : name;
    assert.deepEqual(
      (
        await rows.window({
          first: 0,
          count: 9,
          columns: [column],
          filters: [{ column: '_Workspace', op: 'equals', value: 'law-contoso' }],
          sort: [{ column, descending: true }],
        })
      ).rows,
      [[index]],
      name,
    );
    assert.equal((await rows.statistics(column)).max, String(index));
  }
  const csv = join(world.directory, 'names.csv');
  await rows.export(csv, 'csv');
  assert.match((await readFile(csv, 'utf8')).split('\r\n')[0]!, /,'=cmd\(\),/);
});

test('a cell of 64 KB goes through whole: stored, filtered, counted and written', async () => {
  const run = await world.play(
    'print size = 65536, text = strcat(strrep(strrep("x", 1024), 64), "\\u00e9nd"), bag = dynamic({"a": 1})',
  );
  assert.equal(run.completeness.complete, true);
  const rows = world.runs.rows(run.id);
  const window = await rows.window({
    first: 0,
    count: 1,
    columns: ['text'],
    filters: [{ column: 'text', op: 'contains', value: 'xxénd' }],
  });
  assert.deepEqual([window.total, String(window.rows[0]![0]).length], [3, 65_539]);
  assert.equal((await rows.statistics('text')).distinct, 1);
  const csv = join(world.directory, 'large.csv');
  assert.equal((await rows.export(csv, 'csv')).rows, 3);
  assert.ok(
    (await readFile(csv, 'utf8'))
      .split('\r\n')
      .slice(1, 4)
      .every((line) => line.includes(`,65536,${'x'.repeat(65_536)}énd,`)),
  );
});

test('hostile cells are text wherever they go; in CSV nothing is a formula', async () => {
  const cells = [
    '<script>alert(1)</script>',
    '\u001b[2J\u001b]0;mine\u0007',
    '=cmd()',
    '+1+1',
    '-2+3',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '"quoted", and\r\nbroken',
    "'; DROP TABLE rows_1; --",
    '\u202egpj.exe',
    'nul\0inside',
    '\ud800 half',
  ];
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-contoso' },
    fault: answered(
      [
        ['s', 'string'],
        ['d', 'dynamic'],
      ],
      cells.map((cell) => [cell, cell]),
    ),
  });
  const run = await world.play('Heartbeat | take 0');
  assert.equal(targetOf(run, 'law-contoso').rows, cells.length);
  const rows = world.runs.rows(run.id);
  const stored = (await rows.window({ first: 0, count: 50, columns: ['s'] })).rows.map(([cell]) => cell);
  assert.deepEqual(stored.slice(0, -1), cells.slice(0, -1));
  const [csv, json] = [join(world.directory, 'hostile.csv'), join(world.directory, 'hostile.json')];
  await rows.export(csv, 'csv');
  await rows.export(json, 'json');
  assert.deepEqual(
    (JSON.parse(await readFile(json, 'utf8')) as { s: string }[]).map((row) => row.s).slice(0, -1),
    cells.slice(0, -1),
  );
  // Fields as a spreadsheet reads them, line breaks inside quotation marks included.
  const fields = [...(await readFile(csv, 'utf8')).matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  assert.ok(fields.length >= cells.length * 5);
  for (const field of fields) assert.doesNotMatch(field, /^[=+\-@\t\r]/, JSON.stringify(field));
});

test('values that do not fit their column, and rows of the wrong length, cost those values alone', async () => {
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-contoso' },
    fault: answered(
      [
        ['n', 'long'],
        ['t', 'datetime'],
        ['odd', 'nosuchtype'],
      ],
      [['many', 'yesterday', { a: 1 }], [1], [2, null, 'x', 'extra']],
    ),
  });
  const run = await world.play('Heartbeat | take 0');
  assert.equal(targetOf(run, 'law-contoso').state, 'answered', targetOf(run, 'law-contoso').error?.message);
  assert.deepEqual((await world.runs.rows(run.id).window({ first: 0, count: 9, columns: ['n', 't', 'odd'] })).rows, [
    [null, null, '{"a":1}'],
    [1, null, ''],
    [2, null, 'x'],
  ]);
});

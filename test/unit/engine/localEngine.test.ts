import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { runBatch } from '../../../src/engine/batch.ts';
import type { EngineDatabase, EngineTable, LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';

const COLUMNS: readonly Column[] = [
  { name: 'b', type: 'bool' },
  { name: 'i', type: 'int' },
  { name: 'l', type: 'long' },
  { name: 'r', type: 'real' },
  { name: 'c', type: 'decimal' },
  { name: 's', type: 'string' },
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 't', type: 'timespan' },
  { name: 'g', type: 'guid' },
  { name: 'd', type: 'dynamic' },
];
const ROWS: readonly (readonly Cell[])[] = [
  [
    true,
    1,
    9007199254740993n,
    1.5,
    '1.10',
    "it's",
    '0001-01-01T00:00:00.0000001Z',
    '-1.02:03:04.5000000',
    '74be27de-1e4e-49d9-b579-fe0b331d3642',
    '{"a":[1,"x"]}',
  ],
  [
    false,
    -2147483648,
    -5,
    'NaN',
    null,
    'Grüße\u0000 and more than twelve',
    '9999-12-31T23:59:59.9999999Z',
    '00:00:00.0000001',
    null,
    '[1.0,null]',
  ],
  [null, null, null, '-Infinity', null, '', null, null, null, null],
];

describe('the local engine', () => {
  let engine: LocalEngine;
  let table: EngineTable;
  let database: EngineDatabase;
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  before(async () => {
    engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
    table = await engine.createTable('one', 'T', COLUMNS);
    await engine.append(table, ROWS);
    database = { name: 'one', tables: [table] };
  });
  after(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });
  const rowsOf = async (text: string, more: object = {}): Promise<Cell[][]> => {
    const [answer] = (await engine.query(text, { database, ...more })).tables;
    assert.ok(answer);
    try {
      return await answer.rows();
    } finally {
      await answer.dispose();
    }
  };

  it('gives every type back as it was', async () => {
    assert.deepEqual(await rowsOf('T'), ROWS);
  });

  it('makes a null of what does not fit a type', async () => {
    const other = await engine.createTable('one', 'Odd', [
      { name: 'l', type: 'long' },
      { name: 'when', type: 'datetime' },
      { name: 's', type: 'string' },
      { name: 'd', type: 'dynamic' },
    ]);
    await engine.append(other, [['x', 'soon', null, 'not json']]);
    const [answer] = (await engine.query('Odd', { database: { name: 'x', tables: [other] } })).tables;
    assert.deepEqual(await answer?.rows(), [[null, null, '', '"not json"']]);
  });

  it('keeps columns whose names differ in case only', async () => {
    const both = await engine.createTable('one', 'Both', [
      { name: 'x', type: 'long' },
      { name: 'X', type: 'long' },
    ]);
    await engine.append(both, [[1, 2]]);
    const [answer] = (
      await engine.query('Both | project X, sum = x + X * 10', { database: { name: 'x', tables: [both] } })
    ).tables;
    assert.deepEqual(await answer?.rows(), [[2, 21]]);
  });

  it('reads an answer in windows, says when it was cut, and keeps its order', async () => {
    const {
      tables: [answer],
    } = await engine.query('range x from 1 to 100 step 1 | sort by x desc', { database, maxRows: 10 });
    assert.deepEqual([answer?.rowCount, answer?.truncated], [10, true]);
    assert.deepEqual(await answer?.rows(3, 2), [[97], [96]]);
    assert.deepEqual(
      (await engine.sql(`SELECT count(*)::INTEGER AS n, min(__ord)::INTEGER AS least FROM ${answer?.source}`)).rows,
      [[10, 0]],
    );
    await answer?.dispose();
    await answer?.dispose();
  });

  it('applies the implicit time range to tables that have TimeGenerated', async () => {
    assert.deepEqual(
      await rowsOf('T | count', { timespan: { from: '0001-01-01T00:00:00Z', to: '2024-01-01T00:00:00Z' } }),
      [[1]],
    );
  });

  it('looks into other workspaces', async () => {
    const far: EngineDatabase = {
      name: 'two',
      tables: [{ name: 'Far', columns: [{ name: 'l', type: 'long' }], source: '(SELECT 7::BIGINT AS l)' }],
    };
    assert.deepEqual(
      await rowsOf('workspace("w2").Far | union (T | project l) | summarize sum(l)', {
        resolve: (_: string, name: string) => (name === 'w2' ? far : undefined),
      }),
      [[9007199254740995n]],
    );
  });

  it('that has no memory left for rows says so, and keeps none of them', async () => {
    const small = await openEngine({ threads: 1, memoryLimitMb: 30 });
    const wide = await small.createTable(
      'one',
      'Wide',
      Array.from({ length: 300 }, (_, i): Column => ({ name: `c${i}`, type: 'string' })),
    );
    const row = wide.columns.map((_, i) => `a text that takes its room, number ${i}`);
    await assert.rejects(
      small.append(
        wide,
        Array.from({ length: 20_000 }, () => row),
      ),
      { code: 'engine.memory' },
    );
    assert.deepEqual((await small.sql(`SELECT count(*) FROM ${wide.source}`)).rows, [[0]]);
    await small.close();
  });

  it('stops within a moment of being told to', async () => {
    const stop = new AbortController();
    const running = engine.query(
      'range x from 1 to 400000000 step 1 | summarize dcount(tostring(x)), max(strcat(x, "a"))',
      { database, signal: stop.signal },
    );
    let ended = 0;
    const failed = assert.rejects(running, { code: 'cancelled.byUser' }).then(() => {
      ended = performance.now();
    });
    await engine.sql('SELECT 1');
    const told = performance.now();
    stop.abort();
    await failed;
    assert.ok(ended - told < 2_000, `took ${Math.round(ended - told)} ms`);
    assert.deepEqual(await rowsOf('T | count'), [[3]]);
  });

  it('reaches no files, whatever SQL asks', async () => {
    await assert.rejects(engine.sql("SELECT * FROM read_csv('/etc/hosts')"), { code: 'engine.failed' });
    await assert.rejects(engine.sql('SET enable_external_access = true'));
  });

  it('explains itself in SQL', async () => {
    assert.match(await engine.explain('T | where l > 1 | take 5', { database }), /SELECT[\s\S]+LIMIT 5/);
  });

  it('loads csv, json lines and their gzip, with types found or given', async () => {
    writeFileSync(join(folder, 'a.csv'), 'n,name,at\n1,"x, ""y""\nz",2024-01-01T00:00:00Z\n2.5,,\n');
    writeFileSync(
      join(folder, 'b.jsonl.gz'),
      gzipSync('{"id":1,"bag":{"k":[1]},"big":9007199254740993}\n{"id":2,"late":true}\n'),
    );
    const csv = await engine.loadFile(join(folder, 'a.csv'), 'files', 'A');
    assert.deepEqual(csv.columns, [
      { name: 'n', type: 'real' },
      { name: 'name', type: 'string' },
      { name: 'at', type: 'datetime' },
    ]);
    const json = await engine.loadFile(join(folder, 'b.jsonl.gz'), 'files', 'B', [
      { name: 'id', type: 'long' },
      { name: 'bag', type: 'dynamic' },
      { name: 'late', type: 'bool' },
    ]);
    const files = { name: 'files', tables: [csv, json] };
    const [a, b] = [
      (await engine.query('A', { database: files })).tables[0],
      (await engine.query('B', { database: files })).tables[0],
    ];
    assert.deepEqual(await a?.rows(), [
      [1, 'x, "y"\nz', '2024-01-01T00:00:00.0000000Z'],
      [2.5, '', null],
    ]);
    assert.deepEqual(await b?.rows(), [
      [1, '{"k":[1]}', null],
      [2, null, true],
    ]);
    await assert.rejects(engine.loadFile(join(folder, 'none.csv'), 'files', 'C'), { code: 'input.file' });
    await assert.rejects(engine.loadFile(join(folder, 'x.exe'), 'files', 'C'), { code: 'input.fileKind' });
  });

  it('opens a database file again with its tables and without old answers', async () => {
    const path = join(folder, 'kept.duckdb');
    const first = await openEngine({ path, threads: 1 });
    const kept = await first.createTable('one', 'Kept', [{ name: 'x', type: 'long' }]);
    await first.append(kept, [[1], [2]]);
    await first.query('Kept', { database: { name: 'x', tables: [kept] } });
    await first.close();
    const second = await openEngine({ path, threads: 1 });
    const [answer] = (await second.query('Kept | count', { database: { name: 'x', tables: [kept] } })).tables;
    assert.deepEqual(await answer?.rows(), [[2]]);
    await second.close();
  });

  it('lets a file beside the query stand for externaldata, and nothing else', async () => {
    const beside = await engine.createTable('files', 'Beside', [{ name: 'ip', type: 'string' }]);
    await engine.append(beside, [['10.0.0.1']]);
    const text = "externaldata(ip:string, note:string)['https://example.org/list.csv']";
    assert.deepEqual(
      await rowsOf(text, { external: (uri: string) => (uri.endsWith('/list.csv') ? beside : undefined) }),
      [['10.0.0.1', '']],
    );
    await assert.rejects(engine.query(text, { database }), { code: 'query.unsupported' });
  });

  it('goes on with a batch after a bad case and a slow one', async () => {
    const cases = [
      { id: 'bad', query: 'print nope' },
      { id: 'slow', query: 'range x from 1 to 4000000000 step 1 | summarize max(strcat(x, "a"))' },
      { id: 'good', query: 'print x = 1' },
    ];
    const answers = [];
    for await (const answer of runBatch(engine, cases, { database }, 300)) answers.push(answer);
    assert.deepEqual(
      answers.map((a) => [a.id, a.ok, a.ok ? a.rows : a.code]),
      [
        ['bad', false, 'query.semantic'],
        ['slow', false, 'engine.timeout'],
        ['good', true, [[1]]],
      ],
    );
  });
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeMmdb } from '../harness/mmdb.ts';
import { NO_FULL_DEVICE, temporaryIn } from '../harness/system.ts';
import { tenantscope } from './program.ts';

describe('kql', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kql-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  test('a query from standard input as a table, JSON and CSV', async () => {
    const query =
      'print n = 9223372036854775807, s = "=cmd()", d = dynamic({"a":1}), t = datetime(2024-02-29 12:00:00.1234567)';
    const table = await tenantscope(['kql', '-'], { input: query });
    assert.deepEqual([table.code, table.err], [0, '']);
    assert.match(
      table.out,
      /^ +n +s +d +t\n-+ .*\n9223372036854775807  =cmd\(\)  {"a":1}  2024-02-29T12:00:00.1234567Z\n$/,
    );
    const json = await tenantscope(['kql', '-', '--format', 'json'], { input: query });
    assert.equal(
      json.out,
      '[\n{"n":9223372036854775807,"s":"=cmd()","d":{"a":1},"t":"2024-02-29T12:00:00.1234567Z"}\n]\n',
    );
    const csv = await tenantscope(['kql', '-', '--format', 'csv'], { input: query });
    assert.equal(csv.out, `n,s,d,t\r\n9223372036854775807,'=cmd(),"{""a"":1}",2024-02-29T12:00:00.1234567Z\r\n`);
  });

  test('externaldata reads the file beside the query: of FILE, of the cases, of the current folder', async () => {
    const folder = join(directory, 'beside');
    await mkdir(folder);
    await writeFile(join(folder, 'sites.csv'), 'Oslo,3\nBergen,x\n');
    const query = 'externaldata(city:string, n:long)[h"https://a.example/sites.csv?sig=SECRET"] | where isnotnull(n)';
    await writeFile(join(folder, 'q.kql'), query);
    await writeFile(join(folder, 'cases.jsonl'), `${JSON.stringify({ id: 1, query })}\n`);
    const expected = 'city,n\r\nOslo,3\r\n';
    assert.equal((await tenantscope(['kql', 'beside/q.kql', '--format', 'csv'], { cwd: directory })).out, expected);
    assert.equal((await tenantscope(['kql', '-', '--format', 'csv'], { cwd: folder, input: query })).out, expected);
    assert.deepEqual(
      JSON.parse((await tenantscope(['kql', '--batch', 'beside/cases.jsonl'], { cwd: directory })).out).rows,
      [['Oslo', 3]],
    );
    const elsewhere = await tenantscope(['kql', '-'], { cwd: directory, input: query });
    assert.equal(elsewhere.code, 6);
    assert.match(elsewhere.err, /save the file as sites\.csv beside the query/);
    assert.doesNotMatch(elsewhere.err, /SECRET|a\.example/);
  });

  test('what a hostile cell holds cannot reach the terminal', async () => {
    const ended = await tenantscope(['kql', '-'], {
      input: 'print s = "\\u001b[2J\\u0007red\\u202e\\u009b31m\\r\\nnext"',
    });
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(ended.out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.match(ended.out, /\u241b\[2J\u2407red\\u202e\\u009b31m\u240d\u240anext/);
  });

  test('a database of addresses is a file the user names', async () => {
    const file = join(directory, 'places.mmdb'),
      input = "print tostring(geo_info_from_ip_address('203.0.113.9').country)";
    await writeFile(
      file,
      makeMmdb('GeoLite2-Country', { '203.0.113.0/24': { country: { names: { en: 'Iceland' } } } }),
    );
    const found = await tenantscope(['kql', '-', '--geo-db', file, '--format', 'csv'], { input });
    assert.deepEqual([found.code, found.out], [0, 'print_0\r\nIceland\r\n']);
    const none = await tenantscope(['kql', '-'], { input });
    assert.equal(none.code, 6);
    assert.match(none.err, /--geo-db FILE/);
    const missing = await tenantscope(['kql', '-', '--geo-db', join(directory, 'none.mmdb')], { input });
    assert.match(missing.err, /none\.mmdb cannot be read/);
    assert.equal(missing.out, '');
  });

  test('refusals name the construct and end with 6', async () => {
    const syntax = await tenantscope(['kql', '-'], { input: 'print x = (1' });
    assert.equal(syntax.code, 6);
    assert.equal(syntax.out, '');
    const name = await tenantscope(['kql', '-'], { input: 'Nowhere | count' });
    assert.equal(name.code, 6);
    assert.match(name.err, /Nowhere/);
  });

  test('an error stands under its place, with the line, the column and the file', async () => {
    const file = join(directory, 'wrong.kql');
    await writeFile(file, 'print a = 1\r\n| extend b = a + nope\r\n');
    const named = await tenantscope(['kql', 'wrong.kql'], { cwd: directory });
    assert.deepEqual([named.code, named.out], [6, '']);
    assert.equal(
      named.err,
      "tenantscope: wrong.kql, line 2, column 18:\n| extend b = a + nope\n                 ^^^^\nThe name 'nope' does not refer to any known column, table, variable or function.\n",
    );
    const refused = await tenantscope(['kql', '-', '--explain'], {
      input: 'print a = 1 | evaluate python(typeof(*), "x")',
    });
    assert.equal(refused.code, 6);
    assert.match(
      refused.err,
      /^tenantscope: line 1, column 24:\nprint .*\n {23}\^+\nThe plugin python\(\) is not supported by the local engine\.[^(]*\n$/,
    );
  });

  test('--out: what cannot be written is said plainly, before the query runs', async () => {
    const nowhere = await tenantscope(['kql', '-', '--format', 'parquet', '--out', join(directory, 'no', 'x')], {
      input: 'print (',
    });
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.err, /x: The file cannot be written there: the folder does not exist/);
  });

  test('a full disk is told by name, with 9', { skip: NO_FULL_DEVICE }, async () => {
    const full = await tenantscope(['kql', '-', '--format', 'csv', '--out', '/dev/full'], { input: 'print 1' });
    assert.equal(full.code, 9);
    assert.match(full.err, /^tenantscope: \/dev\/full: The disk is full/);
  });

  test('UTF-16, as Windows PowerShell writes it, is read: queries, rows, and what is piped', async () => {
    const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
    const rows = join(directory, 'Ships.csv');
    await writeFile(rows, utf16('Name,Tons\r\nÆgir,7\r\n'));
    const lines = join(directory, 'Lines.jsonl');
    await writeFile(lines, utf16('{"Name":"Ægir","Port":"Aarhus"}\r\n'));
    const query = join(directory, 'utf16.kql');
    await writeFile(query, utf16('Ships | join kind=inner Lines on Name | project Name, Tons, Port'));
    const { out, err } = await tenantscope(['kql', query, '--data', rows, '--data', lines, '--format', 'csv']);
    assert.equal(out, 'Name,Tons,Port\r\nÆgir,7,Aarhus\r\n', err);
    const piped = await tenantscope(['kql', '-', '--format', 'csv'], { input: utf16('print Name = "Ægir"') });
    assert.equal(piped.out, 'Name\r\nÆgir\r\n', piped.err);
  });

  test('a reader that goes away ends it quietly, and nothing is left behind', async () => {
    const temporary = join(directory, 'temporary');
    await mkdir(temporary);
    const { code, err } = await tenantscope(['kql', '-', '--format', 'csv'], {
      input: 'range x from 1 to 3000000 step 1 | extend y = x * 2, z = tostring(x)',
      env: temporaryIn(temporary),
      started: (child) => {
        child.stdout!.once('data', () => {
          child.stdout!.destroy();
        });
      },
    });
    assert.deepEqual([code, err], [0, '']);
    assert.deepEqual(
      (await readdir(temporary)).filter((name) => name.startsWith('tenantscope')),
      [],
    );
  });

  test('--batch reads what Windows writes: UTF-16 with its mark, and CRLF', async () => {
    const cases = join(directory, 'windows.jsonl');
    await writeFile(cases, '\uFEFF{"id":"a","query":"print x = 1"}\r\n{"id":"b","query":"print \'é\'"}\r\n', 'utf16le');
    const { code, out } = await tenantscope(['kql', '--batch', cases]);
    const lines = out.trimEnd().split('\n');
    assert.deepEqual([code, ...lines.map((line) => (JSON.parse(line) as { rows: unknown }).rows)], [0, [[1]], [['é']]]);
  });

  test('--batch: a line for a line, and nothing else', async () => {
    const cases = join(directory, 'cases.jsonl');
    await writeFile(
      cases,
      [
        '{"id":"a","query":"print x = 9007199254740993, y = real(nan), z = datetime(null)"}',
        '',
        'not json',
        '{"id":7}',
        '{"id":"b","query":"print ("}',
        '{"id":"c","query":"print 1"}',
      ].join('\n'),
    );
    const { code, out, err } = await tenantscope(['kql', '--batch', cases]);
    assert.deepEqual([code, err], [0, '']);
    const lines = out.trimEnd().split('\n');
    assert.equal(
      lines[0],
      '{"id":"a","ok":true,"columns":[{"name":"x","type":"long"},{"name":"y","type":"real"},{"name":"z","type":"datetime"}],"rows":[[9007199254740993,"NaN",null]]}',
    );
    const rest = lines
      .slice(1)
      .map((line) => JSON.parse(line) as { id: unknown; ok: boolean; code?: string; message?: string });
    assert.deepEqual(
      rest.map(({ id, ok, code: reason }) => [id, ok, reason]),
      [
        [null, false, 'input.case'],
        [7, false, 'input.case'],
        ['b', false, rest[2]!.code],
        ['c', true, undefined],
      ],
    );
    assert.match(rest[2]!.code!, /^query\./);
    assert.ok(rest[2]!.message);
  });

  test('--data: files as tables, folders as workspaces, and all of them together', async () => {
    const data = join(directory, 'data');
    for (const [folder, rows] of [
      ['contoso', ['a', 'b']],
      ['fabrikam', ['c']],
    ] as const) {
      await mkdir(join(data, folder), { recursive: true });
      await writeFile(
        join(data, folder, 'Event.jsonl.gz'),
        gzipSync(
          rows.map((host) => `${JSON.stringify({ TimeGenerated: '2024-01-01T00:00:00Z', Computer: host })}\n`).join(''),
        ),
      );
    }
    await writeFile(join(data, 'Names.csv'), 'Computer,Owner\na,Ann\nc,Cem\n');
    const ask = async (query: string) =>
      (await tenantscope(['kql', '-', '--data', data, '--format', 'csv'], { input: query })).out;
    assert.equal(
      await ask('Event | lookup Names on Computer | project _Workspace, Computer, Owner | order by Computer asc'),
      '_Workspace,Computer,Owner\r\ncontoso,a,Ann\r\ncontoso,b,\r\nfabrikam,c,Cem\r\n',
    );
    assert.equal(await ask('workspace("contoso").Event | count'), 'Count\r\n2\r\n');
    for (const [path, reason] of [
      [join(directory, 'no'), /There is no file or folder/],
      [process.execPath, /no file of rows by its name/],
    ] as const) {
      const missing = await tenantscope(['kql', '-', '--data', path], { input: 'print 1' });
      assert.equal(missing.code, 2);
      assert.match(missing.err, reason);
    }
    const files = await tenantscope(
      ['kql', '-', '--data', join(data, 'Names.csv'), '--data', join(data, 'contoso'), '--format', 'csv'],
      { input: 'Event | join kind=inner Names on Computer | count' },
    );
    assert.equal(files.out, 'Count\r\n1\r\n', files.err);
    const twice = await tenantscope(['kql', '-', '--data', data, '--data', join(data, 'Names.csv')], {
      input: 'print 1',
    });
    assert.deepEqual([twice.code, /The table Names is there twice/.test(twice.err)], [2, true]);
  });

  test('--explain prints SQL and runs nothing', async () => {
    const { code, out } = await tenantscope(['kql', '-', '--explain'], {
      input: 'range x from 1 to 3 step 1 | where x > 1',
    });
    assert.equal(code, 0);
    assert.match(out, /^(SELECT|WITH) /);
  });

  test('a Parquet file comes out', async () => {
    const path = join(directory, 'out.parquet');
    const { code, err } = await tenantscope(['kql', '-', '--format', 'parquet', '--out', path], {
      input: 'print n = 1, t = datetime(2024-01-01 00:00:00.1234567), p = 1h',
    });
    assert.deepEqual([code, err], [0, '']);
    assert.equal((await readFile(path)).subarray(0, 4).toString(), 'PAR1');
  });

  test('without FILE: a prompt on a terminal, and a plain word elsewhere', async () => {
    const elsewhere = await tenantscope(['kql']);
    assert.equal(elsewhere.code, 2);
    assert.match(elsewhere.err, /FILE is missing/);
    // Pipes that say they are a terminal; nothing else of one is needed.
    const pretend = `data:text/javascript,${encodeURIComponent('for (const stream of [process.stdin, process.stderr]) Object.defineProperty(stream, "isTTY", { value: true })')}`;
    const state = join(directory, 'state');
    const { code, out, err } = await tenantscope(['kql', '--format', 'csv'], {
      input: 'print a = 1\n| extend b = 2\n\nprint nope;\n.quit\n',
      env: { NODE_OPTIONS: `--import=${pretend}`, XDG_STATE_HOME: state },
    });
    assert.equal(code, 0, err);
    assert.equal(out, 'a,b\r\n1,2\r\n');
    assert.match(err, /kql> /);
    assert.match(err, /\^\^\^\^\r?\nThe name 'nope'/);
    assert.match(
      await readFile(join(state, 'tenantscope', 'kql-history'), 'utf8'),
      /^print a = 1 \| extend b = 2\nprint nope;?\n/,
    );
    await tenantscope(['kql', '--no-history'], {
      input: 'print c = 3;\n',
      env: { NODE_OPTIONS: `--import=${pretend}`, XDG_STATE_HOME: join(directory, 'none') },
    });
    await assert.rejects(readFile(join(directory, 'none', 'tenantscope', 'kql-history')), { code: 'ENOENT' });
  });

  test('gives the same sample again where a seed is set', async () => {
    const sampled = async (seed: string): Promise<string> =>
      (
        await tenantscope(['kql', '-', '--format', 'csv', '--seed', seed], {
          input: 'range x from 1 to 100000 step 1 | sample 3 | extend r = rand()',
        })
      ).out;
    assert.equal(await sampled('7'), await sampled('7'));
    assert.notEqual(await sampled('7'), await sampled('8'));
  });
});

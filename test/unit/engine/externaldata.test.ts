import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { writeParquet } from '../../../src/engine/store/parquet.ts';
import { fileNameOf } from '../../../src/kql/bind/external.ts';
import type { AppError } from '../../../src/base/errors.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { NO_LINKS } from '../../harness/system.ts';

describe('externaldata: files beside the query', () => {
  let engine: LocalEngine;
  const root = mkdtempSync(join(tmpdir(), 'tenantscope-external-'));
  const folder = join(root, 'queries');
  const file = (name: string, content: string | Buffer): void => {
    writeFileSync(join(folder, name), content);
  };
  const rowsOf = async (query: string, beside: string | null = folder): Promise<Cell[][]> => {
    const {
      tables: [table],
    } = await engine.query(query, { database: { name: 'd', tables: [] }, ...(beside === null ? {} : { beside }) });
    try {
      return await table!.rows();
    } finally {
      await table!.dispose();
    }
  };
  const failure = async (query: string, beside: string | null = folder): Promise<AppError> => {
    try {
      await rowsOf(query, beside);
    } catch (thrown) {
      return thrown as AppError;
    }
    return assert.fail(`${query} ran`);
  };
  before(async () => {
    mkdirSync(folder);
    engine = await openEngine({ threads: 1, memoryLimitMb: 256 });
    file('sites.csv', '\uFEFFname,city\r\n"Quay, north",Oslo\r\n\r\n007,"say ""hi""\r\ntwice"\r\nshort\r\n');
    file('feed.txt', '# header\n10.0.0.1\n\n10.0.0.2\n');
  });
  after(async () => {
    await engine.close();
    rmSync(root, { recursive: true });
  });

  it('fields go to columns by position, whatever the header says; missing ones are empty', async () => {
    assert.deepEqual(
      await rowsOf('externaldata(a:string, b:string)["sites.csv"] with (format="csv", ignoreFirstRecord=true)'),
      [
        ['Quay, north', 'Oslo'],
        ['007', 'say "hi"\r\ntwice'],
        ['short', ''],
      ],
    );
    assert.equal((await rowsOf("externaldata(a:string)['sites.csv']")).length, 4);
  });
  it('the file name of a URL is looked for; signatures and keys are no part of it', async () => {
    for (const address of [
      'h@"https://a.example/lists/feed.txt?sig=SECRET&x=/y/z"',
      '@"https://a.example/feed.txt;SECRETKEY"',
      "h'abfss://c@a.example/d/feed.txt#f'",
      '"./feed.txt"',
      '"https://a.example/%66eed.txt"',
    ]) {
      assert.deepEqual(
        await rowsOf(`externaldata(ip:string)[${address}] with (ignorefirstrecord=True)`),
        [['10.0.0.1'], ['10.0.0.2']],
        address,
      );
    }
    assert.deepEqual(
      await rowsOf('let where_ = strcat("feed", ".txt"); let feed = "feed.txt"; externaldata(ip:string)[feed] | count'),
      [[3]],
    );
  });
  it('several addresses are one table, which joins and unites as any', async () => {
    file('more.txt', '10.0.0.3\n');
    assert.deepEqual(
      await rowsOf('externaldata(ip:string)["feed.txt", "more.txt"] | where ip has "10" | order by ip asc'),
      [['10.0.0.1'], ['10.0.0.2'], ['10.0.0.3']],
    );
    assert.deepEqual(
      await rowsOf(
        'let bad = externaldata(ip:string)["more.txt"]; datatable(ip:string, n:long)["10.0.0.3", 7, "10.0.0.9", 8] | join kind=inner bad on ip | project ip, n',
      ),
      [['10.0.0.3', 7]],
    );
    assert.deepEqual(
      await rowsOf(
        'let bad = externaldata(ip:string)["more.txt"]; datatable(ip:string)["10.0.0.3", "1.1.1.1"] | where ip in (bad)',
      ),
      [['10.0.0.3']],
    );
    assert.deepEqual(
      await rowsOf(
        'let f = () { externaldata(ip:string)["more.txt"] }; union f, (externaldata(ip:string)["feed.txt"]) | summarize dcount(ip)',
      ),
      [[4]],
    );
  });
  it('text becomes the declared type, null where it does not fit', async () => {
    file(
      'types.psv',
      'true|7|9007199254740993|1.5|2024-02-29|01:02:03|{"a":[1]}|6f0a52f1-0000-4000-8000-0123456789AB|0.25\nx|x|x|x|x|x|x|x|x\n||||||||\n',
    );
    const columns = 'b:bool, i:int, l:long, r:real, t:datetime, s:timespan, d:dynamic, g:guid, e:decimal';
    const nulls: Cell[] = Array.from({ length: 9 }, () => null);
    assert.deepEqual(await rowsOf(`externaldata(${columns})["types.psv"]`), [
      [
        true,
        7,
        9007199254740993n,
        1.5,
        '2024-02-29T00:00:00.0000000Z',
        '01:02:03',
        '{"a":[1]}',
        '6f0a52f1-0000-4000-8000-0123456789ab',
        '0.25',
      ],
      nulls.with(6, '"x"'),
      nulls,
    ]);
  });
  it('JSON by the names of its properties, over lines or not, packed too', async () => {
    file(
      'one.json',
      '{"n":1,"s":"a"}\n{"n":9007199254740993,"S":"other","s":{"k":[1,9007199254740993]}}\n{"t":"2024-01-01T00:00:00Z","n":"5"}\n',
    );
    const query = (name: string, more = ''): string => `externaldata(n:long, s:string, t:datetime)["${name}"]${more}`;
    const expected = [
      [1, 'a', null],
      [9007199254740993n, '{"k":[1,9007199254740993]}', null],
      [5, '', '2024-01-01T00:00:00.0000000Z'],
    ];
    assert.deepEqual(await rowsOf(query('one.json')), expected);
    file(
      'two.dat',
      `[\n{ "n": 1,\n "s": "a" },\n{"n":9007199254740993,"s":{"k":[1,9007199254740993]}}, {"n":"5", "t":"2024-01-01T00:00:00Z"}]`,
    );
    assert.deepEqual(await rowsOf(query('two.dat', ' with (format="multijson")')), expected);
    file('three.jsonl.gz', gzipSync('{"n":1}\n{"n":2}\n'));
    assert.deepEqual(await rowsOf(query('three.jsonl.gz', ' | summarize sum(n)')), [[3]]);
    file('bad.json', '{"n":1}\n{"n":\n');
    assert.equal((await failure(query('bad.json'))).code, 'input.file');
  });
  it('parquet with its own columns', async () => {
    const pages = (async function* () {
      yield [
        [1, '7'],
        [2, 'x'],
      ];
      await Promise.resolve();
    })();
    await writeParquet(
      join(folder, 'rows.parquet'),
      [
        { name: 'n', type: 'long' },
        { name: 's', type: 'string' },
      ],
      pages,
    );
    assert.deepEqual(await rowsOf('externaldata(s:long, n:string, none:string)["rows.parquet"]'), [
      [7, '1', ''],
      [null, '2', ''],
    ]);
  });
  it('nothing outside the folder, no link out of it, nothing that is no file', async () => {
    writeFileSync(join(root, 'outside.txt'), 'secret\n');
    mkdirSync(join(folder, 'sub.txt'));
    for (const address of [
      '../outside.txt',
      '..\\\\outside.txt',
      join(root, 'outside.txt').replaceAll('\\', '\\\\'),
      'C:\\\\logs\\\\outside.txt',
      'sub.txt',
      'https://a.example/%2e%2e%2foutside.txt',
      'https://a.example/x/..',
      'file:///etc/passwd/',
      '',
    ]) {
      const { code, data } = await failure(`externaldata(x:string)["${address}"]`);
      assert.deepEqual([code, data?.['construct']], ['query.unsupported', 'externaldata'], address);
    }
  });
  it('no link that leads out of the folder, one within it', { skip: NO_LINKS }, async () => {
    writeFileSync(join(root, 'outside.txt'), 'secret\n');
    symlinkSync(join(root, 'outside.txt'), join(folder, 'link.txt'));
    symlinkSync(join(folder, 'feed.txt'), join(folder, 'inner.txt'));
    const { code, data } = await failure('externaldata(x:string)["link.txt"]');
    assert.deepEqual([code, data?.['construct']], ['query.unsupported', 'externaldata']);
    assert.deepEqual(await rowsOf('externaldata(x:string)["inner.txt"] | count'), [[3]]);
  });
  it('a path of Windows with single backslashes is told what to write', async () => {
    const { code, message } = await failure('externaldata(x:string)["C:\\users\\x.csv"]');
    assert.equal(code, 'query.syntax');
    assert.match(message, /begins an escape: write each as \\\\, or put @ before the text, as in @"C:\\logs"/);
    assert.equal((await failure('externaldata(x:string)[@"C:\\users\\x.csv"]')).code, 'query.unsupported');
  });
  it('what is not there is refused with what to save and where, without its signature', async () => {
    const { message } = await failure('print 1;\nexternaldata(x:string)[h"https://a.example/l/none.csv?sig=SECRET"]');
    assert.match(
      message,
      /^externaldata is not supported by the local engine\. .*save the file as none\.csv beside the query \(in .*queries\)\. \(line 2, column 1\)$/,
    );
    assert.doesNotMatch(message, /SECRET|a\.example/);
    assert.equal((await failure('externaldata(x:string)["feed.txt"]', null)).code, 'query.unsupported');
    assert.match((await failure('externaldata(x:string)["feed.txt"] with (format="avro")')).message, /format=avro/);
    assert.match(
      (await failure('externaldata(x:string)["feed.txt"] with (ingestionMapping="[]")')).message,
      /ingestionMapping/,
    );
  });
  it('files beyond the cap are refused, packed ones when they have grown to it', async () => {
    file('large.txt', '');
    truncateSync(join(folder, 'large.txt'), 100_000_001);
    assert.equal((await failure('externaldata(x:string)["large.txt"]')).code, 'input.fileTooLarge');
    file('bomb.txt.gz', gzipSync(Buffer.alloc(100_000_001, 'a')));
    assert.equal((await failure('externaldata(x:string)["bomb.txt.gz"]')).code, 'input.fileTooLarge');
  });
  it('an empty file is an empty table, and no table stays behind', async () => {
    file('empty.csv', '');
    assert.deepEqual(await rowsOf('externaldata(x:string, n:long)["empty.csv"]'), []);
    const { rows } = await engine.sql(`SELECT count(*) FROM duckdb_tables() WHERE schema_name = '#external'`);
    assert.deepEqual(rows, [[0]]);
  });
  it('names of addresses', () => {
    const cases: [string, string | undefined][] = [
      ['https://x.example/a/b.csv', 'b.csv'],
      ['https://x.example/a/b%20c.csv?x#y', 'b c.csv'],
      ['https://x.example', undefined],
      ['https://x.example/a/', undefined],
      ['b.csv', 'b.csv'],
      ['./b.csv', 'b.csv'],
      ['a/b.csv', undefined],
      ['C:\\b.csv', undefined],
      ['..', undefined],
      ['%2e', '%2e'],
      ['https://x.example/%', undefined],
      ['https://x.example/a%00b', undefined],
    ];
    for (const [address, name] of cases) assert.equal(fileNameOf(address), name, address);
  });
});

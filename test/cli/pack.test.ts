import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startSample, tenantscope } from './program.ts';

const RULE = `name: Beats of a day
queryFrequency: 1h
queryPeriod: 1d
tactics: [Impact]
query: |
  Heartbeat
  | take 2
  | project Computer
`;
const README = '# Hunts\n## Silent\n```kql\nHeartbeat\n| take 1\n```\n## Broken\n```kql\nHeartbeat\n| taake 1\n```\n';
const PARAMETERS = `// @name Chosen
// @param wanted:string
// @param many:int = 2
// @scope customer:contoso
Heartbeat | take 1 | extend what = wanted, n = many | project what, n
`;

describe('files of queries on the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let env: Record<string, string>;
  let folder: string;
  const run = (...args: string[]) => tenantscope(args, { env, cwd: folder });
  before(async () => {
    sample = await startSample();
    env = { TENANTSCOPE_CLOUD: sample.cloud };
    folder = join(sample.directory, 'hunts');
    const files = {
      'rules/beats.yaml': RULE,
      'README.md': README,
      'chosen.kql': PARAMETERS,
      'notes.json': '{"no": "queries"}',
      '.hidden/x.kql': 'Heartbeat',
      'node_modules/x.kql': 'Heartbeat',
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  });
  after(() => sample.close());

  test('query: a rule of Microsoft Sentinel where it is, with the time it says', async () => {
    const { code, out, err } = await run(
      ...['query', 'rules/beats.yaml', '--scope', 'customer:contoso', '--format', 'json', '--reachable'],
    );
    assert.equal(code, 0, err);
    const answer = JSON.parse(out) as { rowCount: number; columns: { name: string }[] };
    assert.ok(answer.rowCount >= 1);
    assert.ok(answer.columns.some(({ name }) => name === 'Computer'));
  });

  test('query: one of several by name or number; without, it tells which there are', async () => {
    const several = await run('query', 'README.md');
    assert.equal(several.code, 2);
    assert.match(
      several.err,
      /^ +1 {2}Silent\n +2 {2}Broken\n.*README\.md has 2 queries.*--query-name.*Nothing was sent/s,
    );
    for (const name of ['silent', '1']) {
      const one = await run('query', 'README.md', '--query-name', name, '--scope', 'customer:contoso', '--reachable');
      assert.equal(one.code, 0, one.err);
    }
    assert.match((await run('query', 'README.md', '--query-name', 'x')).err, /No query of README\.md is called "x"/);
  });

  test('query: an error is shown at its line of the file', async () => {
    const { code, err } = await run('query', 'README.md', '--query-name', 'Broken');
    assert.equal(code, 6);
    assert.match(err, /README\.md, line 10, column 3:\n\| taake 1\n {2}\^/);
  });

  test('query: parameters are values of their type, whatever is in them', async () => {
    const missing = await run('query', 'chosen.kql');
    assert.equal(missing.code, 2);
    assert.match(missing.err, /"Chosen" needs --param wanted=VALUE \(string\)\. Nothing was sent/);
    const value = '"; Heartbeat | take 1 //';
    const { code, out, err } = await run(
      ...['query', 'chosen.kql', '--param', `wanted=${value}`, '--param', 'many=5', '--format', 'json', '--reachable'],
    );
    assert.equal(code, 0, err);
    const { rows } = JSON.parse(out) as { rows: { what: string; n: number; _Customer: string }[] };
    assert.ok(rows.length > 0 && rows.every((row) => row.what === value && row.n === 5));
    assert.match((await run('query', 'chosen.kql', '--param', 'many=x')).err, /--param many is an int, not "x"/);
    assert.match((await run('query', 'chosen.kql', '--param', 'x=1')).err, /no parameter "x", only wanted, many/);
    assert.match((await run('query', 'chosen.kql', '--param', 'many')).err, /--param is NAME=VALUE, not "many"/);
  });

  test('what a front comment says is not sent', async () => {
    const text = '// @name Secret of Fabrikam\n// @param days:int = 7 4711\n// plain\nHeartbeat | take days\n';
    await writeFile(join(folder, 'quiet.kql'), text);
    for (const mode of ['across', 'per-workspace']) {
      const { code, out } = await run(
        'query',
        'quiet.kql',
        '--explain',
        '--answer',
        mode,
        '--scope',
        'customer:contoso',
      );
      assert.equal(code, 0);
      assert.match(out, /take/);
      assert.doesNotMatch(out, /Secret of Fabrikam|4711/, mode);
    }
  });

  test('pack list: names, parameters, places, without asking anybody', async () => {
    const { code, out } = await run('pack', 'list', '.', '--json');
    assert.equal(code, 0);
    const listed = JSON.parse(out) as { name: string; path: string; line: number; parameters: { name: string }[] }[];
    assert.deepEqual(
      listed
        .filter(({ path }) => path !== 'quiet.kql')
        .map(({ name, path, line }) => [name, path.replaceAll('\\', '/'), line]),
      [
        ['Silent', 'README.md', 4],
        ['Broken', 'README.md', 9],
        ['Chosen', 'chosen.kql', 1],
        ['Beats of a day', 'rules/beats.yaml', 6],
      ],
    );
    assert.match((await run('pack', 'list', 'chosen.kql')).out, /Chosen +wanted:string, many:int = 2 +chosen\.kql:1/);
    assert.match((await run('pack', 'list', 'rules')).out, /Beats of a day +Impact +every 1h +rules.beats\.yaml:6/);
  });

  test('pack run: a line and a file each, one that fails stops none', async () => {
    const { code, out, err } = await run(
      ...['pack', 'run', '.', '--scope', 'customer:contoso', '--out', 'results', '--param', 'wanted=a', '--reachable'],
    );
    assert.equal(code, 4, err);
    const lines = out.trimEnd().split('\n');
    assert.match(lines[0]!, /^Silent: \d+ of \d+ workspaces? answered.*; \d rows?; results.Silent\.csv$/);
    assert.match(lines[1]!, /^Broken: failed: .*\(line 10, column 3\)/);
    assert.match(lines[2]!, /^Chosen: .* answered.*; results.Chosen\.csv$/);
    assert.match(lines.at(-1)!, /^Beats of a day: .* answered/);
    assert.match(err, /(\d+) of \d+ queries answered in full\n$/);
    assert.ok((await readdir(join(folder, 'results'))).includes('Beats-of-a-day.csv'));
    assert.match(
      await readFile(join(folder, 'results', 'Chosen.csv'), 'utf8'),
      /^_Customer,.*what,n\r\nContoso,.*,a,2\r\n/,
    );
    assert.equal((await readdir(join(folder, 'results'))).includes('Broken.csv'), false);
  });

  test('pack run: a file each in any form of export', async () => {
    for (const format of ['parquet', 'xlsx', 'md', 'json']) {
      const { code, out, err } = await run(
        ...['pack', 'run', 'rules', '--scope', 'customer:contoso', '--out', 'forms', '--format', format, '--reachable'],
      );
      assert.equal(code, 0, err);
      assert.match(out, new RegExp(`; forms.Beats-of-a-day\\.${format}\n$`));
    }
    const start = async (name: string): Promise<string> =>
      (await readFile(join(folder, 'forms', name))).subarray(0, 4).toString('latin1');
    assert.equal(await start('Beats-of-a-day.parquet'), 'PAR1');
    assert.equal(await start('Beats-of-a-day.xlsx'), 'PK\u0003\u0004');
    assert.match(await readFile(join(folder, 'forms', 'Beats-of-a-day.md'), 'utf8'), /\| Contoso .*\|/);
  });

  test('pack run: as JSON, with the exit code of a failure that all of them have', async () => {
    const json = await run('pack', 'run', 'README.md', '--scope', 'customer:contoso', '--json', '--reachable');
    assert.equal(json.code, 4, json.err);
    const answers = JSON.parse(json.out) as { name: string; exitCode: number; error?: { code: string } }[];
    assert.deepEqual(
      answers.map(({ name, exitCode, error }) => [name, exitCode, error?.code]),
      [
        ['Silent', 0, undefined],
        ['Broken', 6, 'query.syntax'],
      ],
    );
    await writeFile(join(folder, 'wrong.txt'), 'Heartbeat | taake 1');
    assert.equal((await run('pack', 'run', 'wrong.txt', '--scope', 'customer:contoso')).code, 6);
    assert.equal((await run('pack', 'run', 'README.md', '--scope', 'customer:nobody')).code, 2);
    assert.match((await run('pack', 'run', 'nowhere')).err, /nowhere cannot be read/);
    assert.match((await run('pack', 'walk', '.')).err, /"walk" is not something to do with a pack/);
    assert.match((await run('pack', 'run', 'notes.json')).err, /There is no query in notes\.json/);
  });

  test('pack run: YAML that cannot be read is told by its line, and the pack is not complete', async () => {
    await mkdir(join(folder, 'hostile'), { recursive: true });
    await writeFile(join(folder, 'hostile', 'tab.yaml'), 'name: x\nquery: |\n\tHeartbeat\n');
    await writeFile(join(folder, 'hostile', 'fine.kql'), 'print 1');
    const { code, out, err } = await run('pack', 'run', 'hostile', '--scope', 'customer:contoso', '--reachable');
    assert.match(err, /hostile.tab\.yaml:[23]: The YAML cannot be read/);
    assert.match(out, /^fine: /);
    assert.equal(code, 4);
  });
});

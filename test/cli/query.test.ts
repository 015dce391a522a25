import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { NO_SIGNALS } from '../harness/system.ts';
import { startSample, tenantscope } from './program.ts';

interface Answer {
  readonly state: string;
  readonly answer: string;
  readonly plan: {
    readonly promise?: { readonly kind: string };
    readonly parts: readonly {
      readonly text: string;
      readonly shared?: { readonly requests: number; readonly targets: number };
    }[];
  };
  readonly completeness: { readonly asked: number; readonly answered: number; readonly sentence: string };
  readonly rowCount: number;
  readonly targets: readonly { readonly workspaceName: string; readonly state: string }[];
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly Record<string, unknown>[];
}

describe('estate and query on the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let env: Record<string, string>;
  before(async () => {
    sample = await startSample();
    env = { TENANTSCOPE_CLOUD: sample.cloud };
  });
  after(() => sample.close());
  const ask = (query: string, ...args: string[]) => tenantscope(['query', '-', ...args], { input: query, env });

  test('workspaces of one sign-in may be asked together: the same answer, and it says by how many requests', async () => {
    // Hours that are over: the two answers are of two moments.
    const [from, to] = [3, 1].map((hours) => new Date(Date.now() - hours * 3_600_000).toISOString());
    const query = `Heartbeat | where TimeGenerated between (datetime(${from}) .. datetime(${to})) | summarize n = dcount(Computer) by Category | sort by Category asc`;
    const together = await ask(query, '--format', 'json', '--shared', 'everyone');
    const alone = await ask(query, '--format', 'json');
    const [one, other] = [together, alone].map(({ out }) => JSON.parse(out) as Answer);
    assert.deepEqual([one?.rows, together.code], [other?.rows, alone.code]);
    const [part] = one!.plan.parts;
    assert.ok(part?.shared && part.shared.targets > 2 * part.shared.requests, JSON.stringify(part));
    assert.match(part.text, /TenantId/);
    assert.equal(other?.plan.parts[0]?.shared, undefined);
    const refused = await ask(query, '--shared', 'all');
    assert.match(refused.err, /--shared is one of never, same-customer, everyone, not "all"/);
  });

  test('who can read a query is told before it is sent, and nobody who keeps it is asked where that is refused', async () => {
    const { out } = await ask('Heartbeat | count', '--explain');
    const audited = [...out.matchAll(/^- \*\*(.*)\*\* keeps its text/gm)].map(([, who]) => who!.replaceAll('\\', ''));
    assert.match(out, /# Who can read the query/);
    const { err, code } = await ask('Heartbeat | count', '--audited', 'refuse');
    assert.equal(/It was not sent/.test(err), audited.length > 0 || /Not visible to you/.test(out), err);
    for (const who of audited.slice(0, 3)) assert.ok(err.includes(who), `${who}: ${err}`);
    assert.notEqual(code, 0);
    const asking = await ask('Heartbeat | count', '--audited', 'ask');
    assert.match(asking.err, /Nobody could be asked: --audited ask asks a person at a terminal/);
    assert.ok(asking.err.includes('It was not sent') && !err.includes('Nobody could be asked'), err);
  });

  test('estate: everything as JSON, a table of a scope, and who could not be entered', async () => {
    const json = await tenantscope(['estate', '--json', '--cloud', sample.cloud]);
    const estate = JSON.parse(json.out) as {
      workspaces: { name: string }[];
      customers: unknown[];
      tenants: { state: string }[];
    };
    assert.ok(
      estate.workspaces.length >= 24 && estate.customers.length >= 14,
      `${estate.workspaces.length}, ${estate.customers.length}`,
    );
    assert.ok(estate.tenants.some((tenant) => tenant.state !== 'entered'));
    assert.equal(json.code, 4);
    const [, workspaces, customers] =
      /(\d+) workspaces, (\d+) customers, \d+ tenants? not entered, 1 customer without a workspace\n$/.exec(json.err) ??
      assert.fail(json.err);
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    assert.deepEqual(
      [...readme.matchAll(/(\d+) workspaces of (\d+) customers/g)].map(([, ...counts]) => counts),
      [
        [workspaces, customers],
        [workspaces, customers],
      ],
      'the README counts the sample estate as the tool does: at its picture and at npm start',
    );
    const lucerne = await tenantscope(['estate', '--scope', 'customer:lucerne', '--format', 'csv'], { env });
    assert.deepEqual(lucerne.out.split('\r\n')[1], 'Lucerne Publishing,Lucerne Publishing,,,,,,,no workspace');
    assert.match(lucerne.err, /0 workspaces, 0 customers, 1 customer without a workspace\n$/);
    const table = await tenantscope(['workspace', 'list', '--scope', 'customer:contoso', '--reachable'], { env });
    assert.equal(table.code, 0, table.err);
    assert.match(table.out, /^Customer +Tenant +Workspace/);
    assert.ok(
      table.out
        .trimEnd()
        .split('\n')
        .slice(2)
        .every((line) => line.startsWith('Contoso ')),
      table.out,
    );
  });

  test('Basic tables: refused with plan and next step, searched with --scan and a time range', async () => {
    const trace = (...args: string[]) => ask('AppTrace_CL | take 3', '--scope', 'workspace:wwi-archive', ...args);
    const refused = await trace('--timespan', '2h');
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, /wwi-archive keeps AppTrace_CL \(plan Basic\)\..*--scan/s);
    const scanned = await trace('--timespan', '2h', '--scan');
    assert.equal(scanned.code, 0, scanned.err);
    assert.match(scanned.err, /1 of 1 workspace answered; 3 rows/);
    const unbounded = await trace('--scan');
    assert.notEqual(unbounded.code, 0);
    assert.match(unbounded.err, /Choose a time range.*Nothing was sent/s);
  });

  test('one answer of everybody: JSON says who is missing, and the exit code too', async () => {
    const { code, out, err } = await ask(
      'Heartbeat | take 2 | project TimeGenerated, Computer',
      '--timespan',
      '1d',
      '--format',
      'json',
    );
    const answer = JSON.parse(out) as Answer;
    assert.ok(answer.completeness.answered >= 20, answer.completeness.sentence);
    assert.equal(answer.rows.length, answer.rowCount);
    assert.deepEqual(Object.keys(answer.rows[0]!), ['_Customer', '_Tenant', '_Workspace', 'TimeGenerated', 'Computer']);
    assert.ok(answer.targets.some((target) => target.state === 'skipped'));
    assert.equal(code, 4);
    assert.match(err, /workspaces answered/);
    const reachable = await ask('Heartbeat | take 1', '--timespan', '1d', '--format', 'json', '--reachable');
    assert.equal(reachable.code, 0, reachable.err);
  });

  test('the scope of the file’s own line; a table and CSV of it', async () => {
    const query = '// @scope workspace:contoso-prod\nHeartbeat | summarize n = count() | extend big = 9007199254740993';
    const table = await ask(query, '--timespan', '1d');
    assert.equal(table.code, 0, table.err);
    assert.match(
      table.out,
      /^_Customer +_Tenant +_Workspace +n +big\n-.*\nContoso +Contoso +contoso-prod +\d+ +9007199254740993\n$/,
    );
    assert.match(table.err, /1 of 1 workspace answered; 1 row\n$/);
    assert.doesNotMatch(table.err, /Per workspace/);
    const path = join(sample.directory, 'out.csv');
    const rows = 'Heartbeat | project Computer';
    const csv = await ask(rows, '--timespan', '1d', '--format', 'csv', '--out', path, '--scope', 'customer:contoso');
    assert.equal(csv.code, 0, csv.err);
    assert.equal(csv.out, '');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\r\n');
    assert.equal(lines[0], '_Customer,_Tenant,_Workspace,Computer');
    assert.ok(lines.length > 2 && lines.slice(1).every((line) => line.startsWith('Contoso,')), lines.join('\n'));
    assert.doesNotMatch(csv.err, /Per workspace/);
  });

  test('a count over several workspaces is one number; per workspace it is one each, and both say what they are', async () => {
    const count = async (...args: string[]): Promise<Answer & { readonly err: string }> => {
      const { code, out, err } = await ask(
        'Heartbeat | where TimeGenerated between (ago(1d) .. ago(1h)) | summarize n = count()',
        ...['--scope', 'customer:contoso', '--format', 'json', ...args],
      );
      assert.equal(code, 0, err);
      return { ...(JSON.parse(out) as Answer), err };
    };
    const each = await count('--answer', 'per-workspace');
    assert.deepEqual([each.answer, each.rows.length], ['perWorkspace', 3]);
    assert.match(each.err, /Per workspace: Each workspace's own answer/);
    const across = await count();
    assert.deepEqual([across.answer, across.plan.promise], ['across', { kind: 'exact' }]);
    assert.deepEqual(Object.keys(across.rows[0]!), ['n']);
    const sum = each.rows.reduce((all, row) => all + Number(row['n']), 0);
    // A minute may have gone by between the two.
    assert.ok(Math.abs(Number(across.rows[0]!['n']) - sum) <= 60 && sum > 100, `${across.rows[0]!['n']}, ${sum}`);
    assert.doesNotMatch(across.err, /Per workspace/);
    assert.match(across.err, /^Across: One answer over 3 workspaces of 1 customer\. .* by _Workspace/m);
    assert.match(across.plan.parts[0]!.text, /summarize/);
  });

  test('--explain prints what would be sent to whom and what is done with it, and sends no query', async () => {
    const before = sample.emulator.calls.list().length;
    const { code, out, err } = await ask(
      'Heartbeat | summarize n = count() by Computer | top 3 by n',
      ...['--scope', 'customer:contoso', '--explain'],
    );
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^# Answer\n\n\*\*Across\*\*: .* Exact\.\n\n# Sent: part1\n\nTo \d workspaces?: Contoso\/contoso\\-/,
    );
    assert.match(out, /```kusto\n[^`]*summarize[^`]*```/);
    assert.match(out, /# Made of it here\n\n```kusto\n[^`]*part1[^`]*```/);
    const calls = sample.emulator.calls.list().slice(before);
    assert.deepEqual(
      [calls.some(({ path }) => path.endsWith('/query')), calls.some(({ path }) => path.endsWith('/metadata'))],
      [false, true],
    );
    // Many workspaces are no cause for a warning of Node about listeners.
    const everybody = await ask('Heartbeat | summarize n = count() by Computer', '--explain');
    const named = /To 25 workspaces: (.*)/.exec(everybody.out)![1]!.split(', ');
    assert.equal(named.length, 25, 'whoever would be sent it is named');
    assert.doesNotMatch(everybody.out, /more/);
    assert.doesNotMatch(everybody.err, /Warning/);
    const usage = await ask('Heartbeat', '--answer', 'both');
    assert.equal(usage.code, 2, usage.err);
  });

  test('--explain --estimate counts the rows that would travel: a query for each workspace, and no run', async () => {
    const before = sample.emulator.calls.list().length;
    const { code, out, err } = await ask(
      'Heartbeat | summarize n = count() by Computer',
      ...['--scope', 'customer:contoso', '--explain', '--estimate'],
    );
    assert.equal(code, 0, err);
    assert.match(out, /\nRows: [\d,]+ rows, counted just now by \d workspaces?\.\n/);
    const queries = sample.emulator.calls
      .list()
      .slice(before)
      .filter(({ path }) => path.endsWith('/query'));
    assert.equal(queries.length, 3);
  });

  test('Excel, Parquet and Markdown; a file for each customer, its own alone and beside it how complete', async () => {
    const query = 'Heartbeat | take 2 | project TimeGenerated, Computer';
    const write = (...args: string[]) =>
      ask(query, '--timespan', '1d', '--reachable', '--answer', 'per-workspace', ...args);
    const one = ['--scope', 'workspace:contoso-prod'];
    const workbook = join(sample.directory, 'rows.xlsx');
    const excel = await write(...one, '--format', 'xlsx', '--out', workbook);
    assert.equal(excel.code, 0, excel.err);
    assert.equal((await readFile(workbook)).subarray(0, 2).toString(), 'PK');
    const parquet = join(sample.directory, 'rows.parquet');
    assert.equal((await write(...one, '--format', 'parquet', '--out', parquet)).code, 0);
    const read = await tenantscope(['kql', '-', '--data', parquet, '--format', 'csv'], {
      input: 'rows | summarize n = count() by _Customer',
      env,
    });
    assert.equal(read.out, '_Customer,n\r\nContoso,2\r\n', read.err);
    const markdown = await write(...one, '--format', 'md');
    assert.match(
      markdown.out,
      /^\| \\_Customer \|.*\n\| --- .*\n(\| Contoso .*\n){2}\n.*1 of 1 workspace answered\.\n$/,
    );

    const folder = join(sample.directory, 'each');
    const scope = ['--scope', 'customer:contoso customer:fabrikam'];
    const each = await write(...scope, '--format', 'csv', '--per-customer', folder);
    assert.equal(each.code, 0, each.err);
    assert.match(each.err, /2 customers written to .*each, a file each/);
    const across = await ask('Heartbeat | count', '--format', 'csv', '--per-customer', join(folder, 'total'), ...scope);
    assert.equal(across.code, 2);
    assert.match(across.err, /Of this answer 1 row was made of the rows of several workspaces together/);
    const files = (await readdir(folder)).sort();
    assert.deepEqual(files, ['Contoso.completeness.json', 'Contoso.csv', 'Fabrikam.completeness.json', 'Fabrikam.csv']);
    for (const file of files) {
      const text = await readFile(join(folder, file), 'utf8');
      const [mine, other] = file.startsWith('Contoso') ? [/contoso/i, /fabrikam/i] : [/fabrikam/i, /contoso/i];
      assert.match(text, mine);
      assert.doesNotMatch(text, other, file);
    }
  });

  test('places that cannot take a form are refused before anything is sent', async () => {
    const before = sample.emulator.calls.list().length;
    const file = join(sample.directory, 'rows.csv');
    await writeFile(file, '');
    for (const [args, says] of [
      [['--format', 'xlsx'], /--format xlsx needs --out FILE or --per-customer DIR/],
      [['--format', 'parquet', '--out', '/dev/null'], /needs an ordinary file/],
      [['--per-customer', 'x'], /--per-customer needs --format/],
      [['--format', 'csv', '--per-customer', file], /--per-customer needs a folder/],
      [['--format', 'csv', '--per-customer', 'x', '--out', 'y'], /give one of them/],
    ] as const) {
      const { code, err } = await ask('Heartbeat | take 1', ...args);
      assert.deepEqual([code, says.test(err)], [2, true], err);
    }
    assert.equal(sample.emulator.calls.list().length, before);
  });

  test('nothing is sent for a syntax error, an unknown customer, an empty query', async () => {
    const before = sample.emulator.calls.list().length;
    const syntax = await ask('Heartbeat\n| where (');
    assert.deepEqual([syntax.code, syntax.out], [6, '']);
    assert.match(syntax.err, /line 2, column \d+\)\. Nothing was sent\./);
    assert.doesNotMatch(syntax.err, /queries/);
    const two = await ask('Heartbeat\n| count\n\n// The other\nPerf\n| count');
    assert.equal(two.code, 6);
    assert.match(two.err, /^It holds 2 queries with blank lines between them\. Run one at a time/m);
    assert.equal((await ask('// nothing')).code, 6);
    assert.ok(
      !sample.emulator.calls
        .list()
        .slice(before)
        .some((call) => call.path.includes('/query')),
    );
    const scope = await ask('Heartbeat', '--scope', 'customer:Contso');
    assert.equal(scope.code, 2);
    assert.match(scope.err, /no customer "Contso".*Contoso/);
  });

  test('a table nobody has fails once, with the nearest name; one that some lack does not', async () => {
    const nowhere = await ask('Hartbeat | count', '--scope', 'customer:contoso');
    assert.deepEqual([nowhere.code, nowhere.out], [6, '']);
    assert.match(nowhere.err, /has (a|no) table or function named Hartbeat\. Did you mean "Heartbeat"\?/);
  });

  test('a table of Resource Graph, asked of workspaces, says which source it is of', async () => {
    const { code, err } = await ask('resources | count', '--scope', 'customer:contoso');
    assert.equal(code, 6);
    assert.match(
      err,
      /named resources\. It is a table of Azure Resource Graph: write "\/\/ @source resource-graph" above .*--source resource-graph/,
    );
    assert.doesNotMatch(err, /Did you mean/);
  });

  test('faults: a 500 and a cut-off body fail their workspace alone, after retries', async () => {
    sample.emulator.faults.add({
      match: { service: 'logs', workspace: 'contoso-labs', path: '/query' },
      fault: { kind: 'status', status: 500 },
    });
    const { code, out, err } = await ask(
      'Heartbeat | count',
      '--timespan',
      '1d',
      '--scope',
      'customer:contoso',
      '--format',
      'json',
    );
    sample.emulator.faults.clear();
    assert.equal(code, 4);
    const answer = JSON.parse(out) as Answer;
    assert.deepEqual(
      answer.targets.map((target) => [target.workspaceName, target.state]).filter(([name]) => name === 'contoso-labs'),
      [['contoso-labs', 'failed']],
    );
    assert.match(
      err,
      /Contoso\/contoso-labs: .*\(3 attempts\)\n.*The total lacks 1 of 3 workspaces: 1 service failed; 1 row/s,
    );
  });

  test('what the service cuts comes in slices of time, up to --max-rows', async () => {
    sample.emulator.faults.add({ match: { workspace: 'contoso-labs' }, fault: { kind: 'rowLimit', rows: 200 } });
    const heartbeats = async (...args: string[]) => {
      const query = 'Heartbeat | where TimeGenerated between (ago(1d) .. ago(1h)) | project TimeGenerated, Computer';
      const { code, out, err } = await ask(
        query,
        ...['--scope', 'workspace:contoso-labs', '--format', 'json', ...args],
      );
      return { code, err, answer: JSON.parse(out) as Answer };
    };
    const cut = await heartbeats('--max-rows', '0');
    assert.deepEqual([cut.code, cut.answer.rowCount], [4, 200]);
    assert.match(cut.err, /The service cut the answer at its limit/);
    const whole = await heartbeats();
    assert.deepEqual([whole.code, whole.answer.completeness.sentence], [0, '1 of 1 workspace answered']);
    assert.ok(whole.answer.rowCount > 400, `${whole.answer.rowCount} rows`);
    const limited = await heartbeats('--max-rows', '300');
    assert.equal(limited.code, 4);
    assert.ok(limited.answer.rowCount >= 300 && limited.answer.rowCount < 500, `${limited.answer.rowCount} rows`);
    assert.match(
      limited.err,
      /more rows of it than the \d+ that came: slices of time are asked until a workspace gave 300\..*--max-rows/,
    );
    sample.emulator.faults.clear();
  });

  test('Ctrl+C keeps what came and ends with 130', { skip: NO_SIGNALS }, async () => {
    sample.emulator.faults.add({
      match: { service: 'logs', workspace: 'contoso-labs', path: '/query' },
      fault: { kind: 'hang' },
    });
    let sent = false;
    const { code, out, err } = await tenantscope(
      ['query', '-', '--timespan', '1d', '--scope', 'customer:contoso', '--format', 'json', '--progress'],
      {
        input: 'Heartbeat | count',
        env,
        whileRunning: (child, text) => {
          if (!sent && text().includes('2 of 3 workspaces done')) {
            sent = true;
            child.kill('SIGINT');
          }
        },
      },
    );
    sample.emulator.faults.clear();
    assert.equal(code, 130, err);
    const answer = JSON.parse(out) as Answer;
    assert.deepEqual(
      [answer.state, answer.rows.length, answer.completeness.sentence],
      ['cancelled', 1, 'The total lacks 1 of 3 workspaces: 1 cancelled'],
    );
  });

  test('a customers file with a mistake: its line is told, the rest works', async () => {
    await mkdir(join(sample.directory, '.tenantscope'), { recursive: true });
    await writeFile(
      join(sample.directory, '.tenantscope', 'customers.json'),
      '{"customers": [\n  {"nme": "x"},\n  {"name": "Acme", "tenants": ["contoso.example"]}\n], "shared": [{"workspace": "nb-centrl"}]}',
    );
    const { err, out } = await tenantscope(['estate', '--cloud', sample.cloud, '--json'], { cwd: sample.directory });
    assert.match(err, /customers\.json:2: /);
    // Else the rows of all its customers would go by its owner's name without a word.
    assert.match(err, /^There is no workspace "nb-centrl" in your estate to be shared\. Mend "shared" in/m);
    const own = join(sample.directory, '.tenantscope', 'customers.json');
    assert.ok(err.includes(`Customers as ${own} names them.`), err);
    assert.ok((JSON.parse(out) as { customers: unknown[] }).customers.length > 0);
    // A file that was cut off would let "except" reach a customer that it should leave out.
    const cut = join(sample.directory, 'cut.json');
    await writeFile(cut, '{"customers": [\n  {"name": "Acme", "tenants": ["contoso.example"]}\n');
    const refused = await tenantscope(
      ['query', '-', '--cloud', sample.cloud, '--customers', cut, '--scope', 'all except customer:acme'],
      { input: 'print 1' },
    );
    assert.equal(refused.code, 2, refused.err);
    assert.match(refused.err, /cut\.json:\d+: .*not read whole.*Nothing was sent/);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { bareEnvironment, RUNS_SOURCES } from '../harness/sources.ts';
import { NO_FULL_DEVICE, NO_SHELL } from '../harness/system.ts';
import { startSample, tenantscope } from './program.ts';

const ROOT = resolve(import.meta.dirname, '../..');
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

describe('bad input at the command line', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let folder: string;
  before(async () => {
    sample = await startSample();
    folder = await mkdtemp(join(tmpdir(), 'bad-cli-'));
  });
  afterEach(() => {
    sample.emulator.faults.clear();
    sample.emulator.calls.clear();
  });
  after(async () => {
    await sample.close();
    await rm(folder, { recursive: true, force: true });
  });
  const ask = (query: string, ...args: string[]) =>
    tenantscope(['query', '-', '--timespan', '1d', ...args], {
      input: query,
      env: { TENANTSCOPE_CLOUD: sample.cloud },
    });

  test('a scope that cannot be read: its line, what is wrong, exit 2, and nobody is asked anything', async () => {
    for (const [query, args, says] of [
      [
        'Heartbeat\n// @scope contoso\n| count',
        [],
        /Line 2: "contoso" needs to say what it is: .*customer:contoso.*Nothing was sent/,
      ],
      ['// @scope all except\nHeartbeat', [], /Line 1: "except" names nothing/],
      ['Heartbeat', ['--scope', ''], /--scope: The scope is empty.*Nothing was sent/],
      ['Heartbeat', ['--scope', 'customer:"Contoso'], /quotation mark is not closed/],
    ] as const) {
      const { code, out, err } = await ask(query, ...args);
      assert.deepEqual([code, out], [2, ''], err);
      assert.match(err, says);
      assert.deepEqual(sample.emulator.calls.list(), []);
    }
    const nobody = await ask('Heartbeat', '--scope', 'customer:contoso except customer:contoso');
    assert.deepEqual([nobody.code, nobody.out], [2, '']);
    assert.match(
      nobody.err,
      /No workspace is left in the scope "customer:contoso except customer:contoso"\. Widen it\. Nothing was sent/,
    );
  });

  test('a query that is too long is refused by its length before anybody is asked anything', async () => {
    const { code, out, err } = await ask(`Heartbeat | where Computer in ("${'x'.repeat(1_000_000)}")`);
    assert.deepEqual([code, out], [6, '']);
    assert.match(err, /has 1,000,\d{3} characters; at most 1,000,000.*Nothing was sent/);
    assert.ok(err.length < 500, 'the query is not repeated');
    assert.deepEqual(sample.emulator.calls.list(), []);
  });

  test('hostile cells and one of 64 KB: nothing reaches the terminal but text, and no other row grows with it', async () => {
    const rows = [
      ['\u001b[2J\u001b]0;mine\u0007', 'a'],
      ['x'.repeat(65_536), 'b'],
      ['\u202egpj\u009b31m\r\n', 'c'],
      ...Array.from({ length: 50 }, () => ['', 'd']),
    ];
    const body = JSON.stringify({
      tables: [
        {
          name: 'PrimaryResult',
          columns: [
            { name: '\u001b[31mname', type: 'string' },
            { name: 'last', type: 'string' },
          ],
          rows,
        },
      ],
    });
    sample.emulator.faults.add({
      match: { service: 'logs' },
      fault: { kind: 'status', status: 200, body, contentType: 'application/json' },
    });
    const table = await ask('Heartbeat', '--scope', 'workspace:contoso-prod');
    assert.equal(table.code, 0, table.err);
    assert.doesNotMatch(table.out, CONTROL);
    assert.match(table.out, /\u241b\[2J\u241b\]0;mine\u2407/);
    assert.ok(table.out.includes('x'.repeat(65_536)), 'whole, since nothing says how wide the reader is');
    assert.ok(table.out.length < 150_000, `${table.out.length} characters`);
    const json = await ask('Heartbeat', '--scope', 'workspace:contoso-prod', '--format', 'json');
    assert.equal(
      (JSON.parse(json.out) as { rows: Record<string, unknown>[] }).rows[1]!['\u001b[31mname'],
      'x'.repeat(65_536),
    );
  });

  test('a clock that is wrong is named, with 3', async () => {
    sample.emulator.faults.add({ match: { service: 'identity' }, fault: { kind: 'expiredToken' } });
    const { code, err } = await ask('Heartbeat | take 1');
    assert.equal(code, 3, err);
    assert.match(err, /has ended .* by this machine's clock, which says .*Set the clock right/);
    assert.deepEqual(sample.emulator.calls.list({ service: 'logs' }), []);
  });

  test('a repository cannot redirect the cloud, run a command or move the cursor: settings, customers, scope line, query', async () => {
    const visitors: string[] = [];
    const elsewhere = createServer((socket) => {
      visitors.push('somebody');
      socket.destroy();
    });
    await new Promise<void>((ready) => {
      elsewhere.listen(0, '127.0.0.1', ready);
    });
    const address = `https://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const cloud = {
      name: 'mine',
      authority: address,
      resourceManager: address,
      resourceManagerAudience: address,
      logAnalytics: address,
      logAnalyticsAudience: address,
      portal: address,
    };
    const files = {
      '.vscode/settings.json': {
        'tenantscope.cloud.name': 'custom',
        'tenantscope.cloud.file': join(folder, 'cloud.json'),
        'tenantscope.signIn.method': 'azureCli',
      },
      'cloud.json': cloud,
      'tenantscope.json': { cloud },
      '.tenantscope/cloud.json': cloud,
      '.tenantscope/settings.json': { cloud: join(folder, 'cloud.json') },
    };
    await mkdir(join(folder, '.vscode'));
    await mkdir(join(folder, '.tenantscope'));
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
    await writeFile(
      join(folder, '.env'),
      `TENANTSCOPE_CLOUD=${join(folder, 'cloud.json')}\nAZURE_AUTHORITY_HOST=${address}\n`,
    );
    await writeFile(
      join(folder, '.tenantscope', 'customers.json'),
      JSON.stringify({
        cloud,
        authority: address,
        '\u001b[2Jkey': 1,
        customers: [
          {
            name: '$(touch pwned)',
            key: 'evil',
            tenants: ['contoso.example'],
            command: 'touch pwned',
            tasks: ['`touch pwned`'],
          },
          { name: 'x', tenants: ['$(touch pwned)', '`touch pwned`.example', '; touch pwned'] },
        ],
      }),
    );
    const run = (query: string, ...args: string[]) =>
      tenantscope(['query', '-', ...args], { input: query, cwd: folder, env: { TENANTSCOPE_CLOUD: sample.cloud } });
    const answered = await run(
      '// @scope workspace:contoso-prod\nprint x = "$(touch pwned)", y = `touch pwned`'.replaceAll(
        '`touch pwned`',
        '"`touch pwned`"',
      ),
    );
    assert.equal(answered.code, 0, answered.err);
    assert.match(answered.err, /customers\.json:1: "cloud" is not known here/);
    assert.match(answered.err, /"\u241b\[2Jkey" is not known/);
    assert.match(answered.err, /"command" is not a field of a customer/);
    assert.doesNotMatch(answered.err, CONTROL);
    const refused = await run('// @scope customer:"$(touch pwned)`touch pwned`;touch pwned"\nHeartbeat');
    assert.equal(refused.code, 2);
    const fetching = await tenantscope(['kql', '-'], {
      input: `externaldata(x:string)["${address}/x.csv"]`,
      cwd: folder,
    });
    assert.equal(fetching.code, 6, fetching.err);
    assert.deepEqual([visitors, (await readdir(folder)).filter((name) => name.includes('pwned'))], [[], []]);
    await new Promise((closed) => {
      elsewhere.close(closed);
    });
  });

  test(
    'a full disk: what could not be written is named with 9, half a file is not left, a device stays a device',
    { skip: NO_FULL_DEVICE },
    async () => {
      for (const format of ['csv', 'json']) {
        const { code, err } = await ask(
          'Heartbeat | take 2',
          '--scope',
          'workspace:contoso-prod',
          '--format',
          format,
          '--out',
          '/dev/full',
        );
        assert.equal(code, 9, err);
        assert.match(
          err,
          /\/dev\/full: The disk is full, so the file could not be written\. Free some space or choose another place/,
        );
      }
      assert.ok((await stat('/dev/full')).isCharacterDevice());
      const place = join(folder, 'no', 'out.json');
      const nowhere = await ask(
        'Heartbeat | take 2',
        '--scope',
        'workspace:contoso-prod',
        '--format',
        'json',
        '--out',
        place,
      );
      assert.equal(nowhere.code, 2, nowhere.err);
      assert.match(nowhere.err, /out\.json: .*folder does not exist/);
      const shell = await inShell(
        '"$@" > /dev/full',
        ['query', '-', '--scope', 'workspace:contoso-prod', '--format', 'json'],
        'Heartbeat | take 2',
      );
      assert.equal(shell.code, 9, shell.err);
      assert.match(shell.err, /could not be written in full: the disk is full/);
    },
  );

  test('no room for the rows: whose they were, the reason and 9', { skip: NO_SHELL }, async () => {
    const rows = Array.from({ length: 200 }, (_, index) => [index, randomBytes(48_000).toString('base64')]);
    const body = JSON.stringify({
      tables: [
        {
          name: 'PrimaryResult',
          columns: [
            { name: 'n', type: 'long' },
            { name: 's', type: 'string' },
          ],
          rows,
        },
      ],
    });
    sample.emulator.faults.add({
      match: { service: 'logs' },
      fault: { kind: 'status', status: 200, body, contentType: 'application/json' },
    });
    const small = await inShell(
      'ulimit -f 2000; exec "$@"',
      ['query', '-', '--scope', 'workspace:contoso-prod', '--format', 'csv'],
      'Heartbeat | take 2',
    );
    assert.equal(small.code, 9, small.err);
    assert.match(
      small.err,
      /Contoso\/contoso-prod: The disk is full, so the rows could not be stored\. Free some space/,
    );
    assert.match(small.err, /0 of 1 workspace answered, 1 disk full; 0 rows\n$/);
  });

  /** The program inside a shell's line, where "$@" stands for it. */
  function inShell(
    line: string,
    args: readonly string[],
    input: string,
  ): Promise<{ code: number | null; err: string }> {
    const program = [process.execPath, ...RUNS_SOURCES, join(ROOT, 'src/cli/main.ts'), ...args];
    const child = spawn('sh', ['-c', line, 'sh', ...program], {
      cwd: folder,
      stdio: 'pipe',
      env: { ...bareEnvironment(), TENANTSCOPE_CLOUD: sample.cloud },
    });
    let err = '';
    child.stdout.resume();
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdin.end(input);
    return new Promise((ended, reject) => {
      child.once('error', reject).once('close', (code) => {
        ended({ code, err });
      });
    });
  }
});

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tenantscope } from '../cli/program.ts';
import { ROOT, startProgram } from '../../scripts/tools.mjs';
import { RUNS_SOURCES } from '../harness/sources.ts';

/**
 * Real logs through the whole product: what the files hold by their lines is what the query API of an emulator in a
 * process of its own gives the command line over every workspace, and what the command line reads from the files
 * itself. A folder is `CUSTOMER/TABLE.jsonl[.gz]|.csv`.
 */
const home = mkdtempSync(join(tmpdir(), 'real-logs-'));
after(() => {
  rmSync(home, { recursive: true, force: true });
});

const real = process.env['TENANTSCOPE_REAL_LOGS'] ?? resolve(ROOT, '..', 'shared', 'real-logs');
const hasReal = existsSync(real);
test(
  'the real logs',
  { skip: hasReal ? false : 'there are none here; name their folder in TENANTSCOPE_REAL_LOGS' },
  () => {
    assert.ok(readdirSync(real).length > 0, `${real} is empty`);
  },
);
for (const folder of [fixture(join(home, 'fixture')), ...(hasReal ? [real] : [])]) {
  const expected = countLines(folder);
  const customers = [...new Set(expected.map(({ customer }) => customer))],
    tables = [...new Set(expected.map(({ table }) => table))].sort();
  const name = folder === real ? 'the real logs' : 'a small folder of logs';

  test(`${name}: one query over all workspaces counts each customer's rows as the files' lines do`, async (t) => {
    const ready = join(mkdtempSync(join(home, 'emulator-')), 'cloud.json');
    const { child } = await startProgram(join(ROOT, 'src/emulator/main.ts'), ['--data', folder, '--ready', ready], {
      until: /ready/,
      env: { NODE_OPTIONS: RUNS_SOURCES.join(' ') },
    });
    t.after(() => {
      child.kill();
    });
    const query = `union isfuzzy=true withsource=Table ${tables.join(', ')} | summarize Rows = count() by _Customer, Table`;
    const { code, out, err } = await tenantscope(
      ['query', '-', '--cloud', ready, '--reachable', '--format', 'json', '--scope', 'all'],
      { input: query },
    );
    // 4: a workspace of the sample estate keeps a table from everybody, which may have rows.
    assert.ok(code === 0 || code === 4, err);
    const { rows, completeness } = readAnswer(out);
    assert.match(completeness, /workspaces/);
    // Customers of the sample estate have such tables too; a folder belongs to the one whose name begins with its name.
    const counted = rows.flatMap((row) => {
      const customer = customers.find((one) => plain(String(row['_Customer'])).startsWith(plain(one)));
      return customer === undefined ? [] : [{ customer, table: String(row['Table']), rows: Number(row['Rows']) }];
    });
    assert.deepEqual(added(counted), added(expected));
  });

  test(`${name}: the same counts from the files themselves`, async () => {
    const query = `union ${tables.map((table) => `(${table} | summarize Rows = count() by _Workspace | extend Table = '${table}')`).join(', ')}`;
    const { code, out, err } = await tenantscope(['kql', '-', '--data', folder, '--format', 'json'], { input: query });
    assert.equal(code, 0, err);
    const rows = JSON.parse(out) as { readonly _Workspace: string; readonly Table: string; readonly Rows: number }[];
    assert.deepEqual(
      added(rows.map((row) => ({ customer: row._Workspace, table: row.Table, rows: row.Rows }))),
      added(expected),
    );
  });
}

interface Count {
  readonly customer: string;
  readonly table: string;
  readonly rows: number;
}

/** `customer/table` -> rows, sorted. A customer may have several workspaces. */
function added(counts: readonly Count[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { customer, table, rows } of counts)
    sums.set(`${customer}/${table}`, (sums.get(`${customer}/${table}`) ?? 0) + rows);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function countLines(folder: string): Count[] {
  return readdirSync(folder).flatMap((customer) =>
    readdirSync(join(folder, customer)).map((file): Count => {
      const bytes = readFileSync(join(folder, customer, file));
      const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== '').length;
      return { customer, table: file.replace(/\..*$/, ''), rows: /\.csv/.test(file) ? lines - 1 : lines };
    }),
  );
}

/**
 * Three customers, of whom the sample estate knows one: Windows events and a table of their own, as JSON lines (one
 * file compressed) and CSV.
 */
function fixture(folder: string): string {
  const event = (customer: string, n: number): object => ({
    TimeGenerated: new Date(Date.UTC(2020, 8, 4, 16, 9, n)).toISOString(),
    Computer: `${customer}-${n % 3}`,
    EventID: 4624 + (n % 5),
    Channel: 'Security',
    EventData: { LogonType: n % 10, SubjectUserSid: `S-1-5-${n}` },
  });
  const write = (customer: string, file: string, text: string): void => {
    mkdirSync(join(folder, customer), { recursive: true });
    writeFileSync(join(folder, customer, file), file.endsWith('.gz') ? gzipSync(text) : text);
  };
  const lines = (customer: string, count: number): string =>
    Array.from({ length: count }, (_, n) => `${JSON.stringify(event(customer, n))}\n`).join('');
  write('contoso', 'WindowsEvent.jsonl.gz', lines('contoso', 41));
  write('spruce', 'WindowsEvent.jsonl', lines('spruce', 17));
  write(
    'spruce',
    'Doors_CL.csv',
    `TimeGenerated,Door,Open\n${Array.from({ length: 9 }, (_, n) => `2020-09-04T16:09:0${n}Z,"Gate, ${n}",${n % 2 === 0}\n`).join('')}`,
  );
  write(
    'birch',
    'Doors_CL.jsonl',
    Array.from(
      { length: 5 },
      (_, n) => `${JSON.stringify({ TimeGenerated: `2020-09-04T16:09:0${n}Z`, Door: 'Main', Open: n })}\n`,
    ).join(''),
  );
  return folder;
}

function readAnswer(out: string): { readonly rows: readonly Record<string, unknown>[]; readonly completeness: string } {
  const answer = JSON.parse(out) as {
    readonly rows: readonly Record<string, unknown>[];
    readonly completeness: { readonly sentence: string };
  };
  return { rows: answer.rows, completeness: answer.completeness.sentence };
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

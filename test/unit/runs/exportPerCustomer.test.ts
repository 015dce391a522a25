import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import JSZip from 'jszip';
import { exportPerCustomer, exportRun } from '../../../src/app/exportRun.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { completenessOf } from '../../../src/core/runs/completeness.ts';
import type { CustomerCompleteness } from '../../../src/core/runs/customersOfRun.ts';
import { Database } from '../../../src/engine/database/database.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import { EXPORT_FORMATS } from '../../../src/model/exportFormat.ts';
import { toCustomerKey, toRunId, toTenantId, toWorkspaceKey } from '../../../src/model/ids.ts';
import { targetKey, targetName } from '../../../src/model/run.ts';
import type { Run, Target } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

/** Words that stand in everything of one customer and nowhere else. */
const CANARIES = { contoso: 'canaryalpha', fabrikam: 'canarybravo', gone: 'canarycharlie' } as const;
type Who = keyof typeof CANARIES;

function target(who: Who, workspace: string, change: Partial<Target> = {}): Target {
  const word = CANARIES[who];
  return {
    kind: 'workspace',
    workspace: toWorkspaceKey(`/subscriptions/${word}/${workspace}`),
    workspaceName: `${word}-${workspace}`,
    customer: toCustomerKey(who),
    customerName: `${word} Inc`,
    tenant: toTenantId(`${word}-tenant`),
    tenantName: `${word} AD`,
    path: 'lighthouse',
    state: 'answered',
    rows: 0,
    attempts: 1,
    ...change,
  } as Target;
}

let directory: string;
let store: DuckRowStore;
let rows: RowStoreRun;
let run: Run;
let n = 0;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'per-customer-'));
  store = new DuckRowStore({ memoryLimitMb: 300 });
  const targets = [
    target('contoso', 'law-one', { rows: 2 }),
    target('fabrikam', 'law-one', { rows: 1 }),
    target('contoso', 'law-two', { rows: 1 }),
    target('gone', 'law-one', {
      state: 'failed',
      error: {
        code: 'access.denied',
        message: `Not while ${CANARIES.contoso} and ${CANARIES.fabrikam} are asked.`,
        retryable: false,
      },
    }),
  ];
  run = {
    id: toRunId('r'),
    query: `// @scope ${Object.values(CANARIES).join(' ')}\nT`,
    scope: EVERYTHING,
    timeRange: { kind: 'last', minutes: 60 },
    state: 'finished',
    startedAt: '2026-11-22T10:00:00.000Z',
    finishedAt: '2026-11-22T10:00:04.000Z',
    targets,
    columns: [],
    rowCount: 4,
    completeness: completenessOf(targets),
    answer: 'across',
  };
  rows = await store.open('r');
  // Columns that only one of them has, and one that both have as another type.
  await append(
    targets[0]!,
    ['Level', 'long'],
    [
      [1, 'a', 'x'],
      [3, 'b', 'y'],
    ],
  );
  await append(targets[1]!, ['Level', 'string'], [['2', 'c', 'z']]);
  await append(targets[2]!, ['Level', 'long'], [[2, 'd', 'x']]);
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

/** Rows of level, host and a column called by the customer's word; every host has the word in it, too. */
async function append(
  one: Target,
  [level, type]: readonly [string, 'long' | 'string'],
  values: readonly (readonly [number | string, string, string])[],
): Promise<void> {
  const word = CANARIES[one.customer as string as Who];
  await rows.append(
    targetKey(one),
    { customer: one.customerName, tenant: one.tenantName, workspace: targetName(one) },
    [
      { name: level, type },
      { name: 'Host', type: 'string' },
      { name: `${word}_s`, type: 'string' },
    ],
    values.map(([first, host, last]) => [first, `${word}-${host}`, last]),
  );
}
const folder = (): string => join(directory, `out${n++}`);

/** Every byte of a file that says something: a workbook unpacked, the values of a Parquet file beside its bytes. */
async function saidIn(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (path.endsWith('.xlsx')) {
    const zip = await JSZip.loadAsync(bytes);
    const parts = await Promise.all(Object.values(zip.files).map((part) => part.async('string')));
    return [...Object.keys(zip.files), ...parts].join('\n');
  }
  if (!path.endsWith('.parquet')) return bytes.toString('utf8');
  const database = await Database.open({ writesFiles: true });
  const { names, rows: values } = await database.run(`SELECT * FROM read_parquet('${path}')`);
  await database.close();
  return [bytes.toString('latin1'), ...names, ...values.flat().map(String)].join('\n');
}

describe('a file per customer', () => {
  for (const format of EXPORT_FORMATS) {
    test(`${format}: each is there, says its own, and no byte of another`, async () => {
      const path = folder();
      const done = await exportPerCustomer(run, rows, { path, format });
      assert.deepEqual([done.rows, done.files, done.incomplete], [4, 3, 1]);
      const files = await readdir(path);
      assert.deepEqual(
        files.sort(),
        Object.values(CANARIES)
          .flatMap((word) => [`${word} Inc.${format}`, `${word} Inc.completeness.json`])
          .sort(),
      );
      for (const [who, word] of Object.entries(CANARIES)) {
        const mine = await Promise.all(
          files.filter((file) => file.startsWith(word)).map((file) => saidIn(join(path, file))),
        );
        const said = mine.join('\n').replaceAll('\\_', '_');
        for (const other of Object.values(CANARIES))
          if (other !== word) assert.ok(!said.includes(other), `${other} in a file of ${word}`);
        assert.ok(said.includes(word));
        if (who !== 'gone')
          assert.ok(said.includes(`${word}_s`) && !/Level_/.test(said), 'its own columns, by its own names');
      }
    });
  }

  test('beside each stands how complete that customer’s answer is, and why not', async () => {
    const path = folder();
    await exportPerCustomer(run, rows, { path, format: 'csv' });
    const read = async (who: Who): Promise<CustomerCompleteness> =>
      JSON.parse(await readFile(join(path, `${CANARIES[who]} Inc.completeness.json`), 'utf8')) as CustomerCompleteness;
    const contoso = await read('contoso');
    assert.deepEqual(
      [contoso.complete, contoso.sentence, contoso.rows, contoso.targets.map((one) => one.rows)],
      [true, '2 of 2 workspaces answered', 3, [2, 1]],
    );
    const gone = await read('gone');
    assert.deepEqual([gone.complete, gone.rows, gone.targets[0]!.state], [false, 0, 'failed']);
    assert.equal(gone.targets[0]!.reason, 'no access');
  });

  test('sorted, filtered and searched as the page is, by columns that not everybody has', async () => {
    const path = folder();
    await exportPerCustomer(run, rows, {
      path,
      format: 'csv',
      search: CANARIES.contoso,
      filters: [{ column: 'Level_long', op: 'greater', value: '1' }],
      sort: [{ column: 'Level_long', descending: true }],
    });
    const lines = async (who: Who): Promise<string[]> =>
      (await readFile(join(path, `${CANARIES[who]} Inc.csv`), 'utf8')).trimEnd().split('\r\n');
    const mine = await lines('contoso');
    assert.match(mine[0]!, /^_Customer,_Tenant,_Workspace,Level,Host,canaryalpha_s$/);
    assert.deepEqual(
      mine.slice(1).map((line) => line.split(',').slice(2, 5).join()),
      ['canaryalpha-law-one,3,canaryalpha-b', 'canaryalpha-law-two,2,canaryalpha-d'],
    );
    assert.equal((await lines('fabrikam')).length, 1);
  });

  test('two customers of one name get a file each, with their own rows', async () => {
    const twins = (['contoso', 'fabrikam'] as const).map((who) => ({
      ...target(who, 'law-one'),
      customerName: 'Twin',
    }));
    const two = await store.open('twins');
    for (const [i, one] of twins.entries())
      await two.append(
        targetKey(one),
        { customer: 'Twin', tenant: 'Twin AD', workspace: 'law' },
        [{ name: 'n', type: 'int' }],
        [[i]],
      );
    const path = folder();
    await exportPerCustomer({ ...run, targets: twins }, two, { path, format: 'csv' });
    const texts = await Promise.all(['Twin.csv', 'Twin (2).csv'].map((file) => readFile(join(path, file), 'utf8')));
    assert.deepEqual(
      texts.map((text) => text.trimEnd().split('\r\n').slice(1)),
      [['Twin,Twin AD,law,0'], ['Twin,Twin AD,law,1']],
    );
  });

  test('rows that are no customer’s are refused with the reason, and nothing is written', async () => {
    const total = await store.open('total');
    const collected = {
      name: 'Part',
      columns: [{ name: 'Host', type: 'string' as const }],
      rows,
      targets: run.targets.map(targetKey),
    };
    // The row names a customer, and holds a value of another.
    const text = `Part | where Host has "${CANARIES.contoso}" | top 1 by Host | extend All = toscalar(Part | summarize make_set(Host))`;
    await total.combine(text, [collected], { now: 0n });
    assert.deepEqual(
      total
        .columns()
        .slice(0, 1)
        .map(({ name, attribution }) => [name, attribution]),
      [['_Customer', true]],
    );
    const path = folder();
    await assert.rejects(exportPerCustomer(run, total, { path, format: 'csv' }), {
      code: 'input.exportUnattributed',
      message: /^Of this answer 1 row was made of the rows of several workspaces/,
    });
    await assert.rejects(readdir(path), { code: 'ENOENT' });
  });

  test('cancelled, or where a file cannot take its place, what was there stays as it was', async () => {
    const path = folder();
    await mkdir(path);
    const mine = join(path, `${CANARIES.contoso} Inc.csv`);
    await writeFile(mine, 'yesterday');
    const signal = new LocalSignal();
    const told: number[] = [];
    const asked = exportPerCustomer(
      run,
      rows,
      { path, format: 'csv' },
      {
        signal,
        progress: ({ rows: written, fraction }) => {
          told.push(fraction);
          if (written === 4) signal.abort();
        },
      },
    );
    await assert.rejects(asked, { code: 'cancelled.byUser' });
    assert.deepEqual(
      [await readdir(path), await readFile(mine, 'utf8')],
      [[`${CANARIES.contoso} Inc.csv`], 'yesterday'],
    );
    assert.deepEqual(
      told,
      [...told].sort((a, b) => a - b),
      'the part of the whole only grows',
    );
    // A folder stands where the file would go.
    await mkdir(join(path, `${CANARIES.fabrikam} Inc.csv`));
    await assert.rejects(exportPerCustomer(run, rows, { path, format: 'csv' }), {
      code: 'input.exportPath',
      message: new RegExp(`^${CANARIES.fabrikam} Inc\\.csv: `),
    });
    assert.ok((await readdir(path)).every((file) => !file.startsWith('.partial')));
  });
});

test('one file has everybody’s rows, and in Markdown how complete they are', async () => {
  const path = join(directory, 'all.md');
  const promise = { kind: 'approximate', error: 'dcount may be off by 1.6 %.' } as const;
  const estimated = { ...run, plan: { parts: [], promise } };
  const done = await exportRun(estimated, rows, { path, format: 'md', search: 'canary' });
  assert.deepEqual([done.rows, done.files, done.incomplete], [4, 1, undefined]);
  assert.match(
    await readFile(path, 'utf8'),
    /Asked at 2026-11-22T10:00:00\.000Z: 3 of 4 workspaces answered, 1 no access\.\n\nOnly rows that pass the filters of the Results page are here\.\n\nApproximate: dcount may be off by 1\.6 %\.\n$/,
  );
});

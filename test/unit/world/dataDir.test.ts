import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { findDataFiles } from '../../../src/emulator/world/dataDir.ts';
import { addSampleEstate } from '../../../src/emulator/world/sample.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'data-'));
});
after(() => rm(root, { recursive: true }));

async function dir(name: string, files: Record<string, string | Buffer>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name, path)), { recursive: true });
    await writeFile(join(root, name, path), content as string);
  }
  return join(root, name);
}

test('types come from the reference, else from the values', async () => {
  const files = await findDataFiles(
    await dir('types', {
      'contoso/securityevent.jsonl':
        '{"TimeGenerated":"2020-08-06T07:01:26.420Z","EventID":4624,"Level":"2"}\n{"TimeGenerated":"2020-08-06T07:01:27Z","Account":"a","EventID":4625}\n',
      'contoso/Doors_CL.jsonl.gz': gzipSync(
        '{"At":"2026-01-01T00:00:00Z","Open":true,"N":1,"Ratio":0.5,"Mixed":1,"Where":{"x":1},"Note":null}\n{"N":2,"Mixed":"two","Ratio":1}\n',
      ) as unknown as Buffer,
      'new customer/Visits_CL.csv': 'At,Name,Count\n2026-01-01T00:00:00Z,"a, ""b""",3\n',
      'contoso/readme.txt': 'not rows',
    }),
  );
  assert.deepEqual(
    files.map(({ customer, table, columns }) => [
      customer,
      table,
      columns.map(({ name, type }) => `${name}:${type}`).join(' '),
    ]),
    [
      ['contoso', 'Doors_CL', 'At:datetime Open:bool N:long Ratio:real Mixed:string Where:dynamic Note:string'],
      ['contoso', 'SecurityEvent', 'TimeGenerated:datetime EventID:int Level:string Account:string'],
      ['new customer', 'Visits_CL', 'At:datetime Name:string Count:long'],
    ],
  );
});

test('a byte order mark is no part of the rows, in UTF-8 and in UTF-16', async () => {
  const files = await findDataFiles(
    await dir('marks', {
      'contoso/Eight_CL.jsonl': '\uFEFF{"N":1}\n',
      'contoso/Header_CL.csv': '\uFEFFName\r\nx\r\n',
      'contoso/Sixteen_CL.jsonl': Buffer.from('\uFEFF{"N":1}\r\n', 'utf16le'),
    }),
  );
  assert.deepEqual(
    files.map(({ columns }) => columns),
    [[{ name: 'N', type: 'long' }], [{ name: 'Name', type: 'string' }], [{ name: 'N', type: 'long' }]],
  );
});

test('a known customer gets the table in its first workspace and nowhere else, an unknown one is made', async () => {
  const dataDir = await dir('customers', {
    'northwind/SecurityEvent.jsonl': '{"TimeGenerated":"2020-08-06T07:01:26Z","EventID":1}\n',
    'Margies Travel/Trips_CL.jsonl': '{"A":1}\n',
    'Wide World Importers/Perf.jsonl': '{"CounterValue":1}\n',
  });
  const world = emptyWorld({ seed: 1 });
  const sample = await addSampleEstate(world, { dataDir });
  const tables = (name: string): string[] => {
    const workspace = [...world.workspaces.values()].find((found) => found.name === name)!;
    return (sample.logs.find(workspace.properties.customerId)?.tables ?? [])
      .filter(({ kind }) => kind === 'file')
      .map(({ table }) => table);
  };
  assert.deepEqual(
    [tables('northwind-core'), tables('northwind-stores'), tables('wwi-logs'), tables('margiestravel-logs')],
    [['SecurityEvent'], [], ['Perf'], ['Trips_CL']],
  );
  const made = [...sample.logs.all()].flatMap((logs) =>
    logs.tables.filter(({ kind, table }) => kind === 'made' && table === 'SecurityEvent').map(() => logs.customerId),
  );
  assert.ok(
    !made.includes([...world.workspaces.values()].find(({ name }) => name === 'northwind-core')!.properties.customerId),
  );
  assert.match(sample.customersFile, /"name":"Margies Travel"/);
});

test('a file that cannot be used is named with its line', async () => {
  await assert.rejects(
    findDataFiles(await dir('broken', { 'a/T.jsonl': '{"A":1}\nnot json\n' })),
    /broken.a.T\.jsonl, line 2: not a JSON object/,
  );
  await assert.rejects(findDataFiles(await dir('empty', { 'a/T.jsonl': '\n' })), /has no rows/);
  await assert.rejects(
    findDataFiles(await dir('twice', { 'a/T.jsonl': '{"A":1}\n', 'a/T.csv': 'A\n1\n' })),
    /two files for the table T/,
  );
  await assert.rejects(findDataFiles(join(root, 'nowhere')), /no readable directory/);
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { SampleEmulator } from './sampleEmulator.ts';

/** Real rows from a directory, asked for through the query API. */
let dir: string;
let it: SampleEmulator;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rows-'));
  for (const customer of ['contoso', 'Margies Travel']) await mkdir(join(dir, customer));
  const events = Array.from({ length: 250 }, (_, n) => ({
    TimeGenerated: new Date(Date.UTC(2020, 7, 6, 7, 0, n)).toISOString(),
    Computer: `WS${n % 3}.theshire.local`,
    EventID: 4600 + (n % 4),
    EventData: { ProcessId: n, Path: 'C:\\Windows' },
  }));
  await writeFile(
    join(dir, 'contoso', 'WindowsEvent.jsonl.gz'),
    gzipSync(events.map((event) => JSON.stringify(event)).join('\n')) as unknown as string,
  );
  await writeFile(
    join(dir, 'Margies Travel', 'Trips_CL.csv'),
    'TimeGenerated,Passenger,Miles,Paid\n2026-03-01T00:00:00Z,"Doe, Jane",120,true\n2026-03-01T01:00:00.5Z,"say ""hi""",7,false\n',
  );
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT TIMESTAMP '2026-03-01 00:00:00' + to_hours(i::INT) AS "TimeGenerated", 'PC' || i AS "Computer", i::SMALLINT AS "CounterValue" FROM range(5) t(i)) TO '${join(dir, 'Margies Travel', 'Perf.parquet')}' (FORMAT parquet)`,
  );
  await connection.run(
    `COPY (SELECT i AS "Number", [i, i + 1] AS "Pair" FROM range(4) t(i)) TO '${join(dir, 'Margies Travel', 'Pairs_CL.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  it = await SampleEmulator.start({ dataDir: dir });
});
after(async () => {
  await it.emulator.close();
  await rm(dir, { recursive: true });
});

test('as many rows as the file has lines, with the types of the real table', async () => {
  assert.deepEqual(await it.rows('contoso-prod', 'WindowsEvent | count'), [[250]]);
  assert.deepEqual(
    await it.rows(
      'contoso-prod',
      'WindowsEvent | where EventID == 4601 and tostring(EventData.Path) has "windows" | summarize count(), max(TimeGenerated), max(toint(EventData.ProcessId)) by TenantId, Type',
    ),
    [[it.id('contoso-prod'), 'WindowsEvent', 63, '2020-08-06T07:04:09Z', 249]],
  );
  assert.deepEqual(await it.rows('contoso-prod', 'WindowsEvent | where isempty(Channel) and isnull(Version) | count'), [
    [250],
  ]);
});

test("the rest of the customer's tables are as they were", async () => {
  assert.equal((await it.rows('contoso-prod', 'Heartbeat | summarize count() by Computer')).length, 10);
});

test('an unknown customer is a customer like the others', async () => {
  assert.deepEqual(
    await it.rows(
      'margiestravel-logs',
      'Trips_CL | order by Miles asc | project Passenger, Miles, Paid, TimeGenerated, hour = bin(TimeGenerated, 1h)',
    ),
    [
      ['say "hi"', 7, false, '2026-03-01T01:00:00.5Z', '2026-03-01T01:00:00Z'],
      ['Doe, Jane', 120, true, '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z'],
    ],
  );
});

test('Parquet brings its own columns; a Microsoft table keeps its types', async () => {
  assert.deepEqual(
    await it.rows('margiestravel-logs', 'Pairs_CL | where Number == 2 | project Number, Second = toint(Pair[1])'),
    [[2, 3]],
  );
  assert.deepEqual(
    await it.rows(
      'margiestravel-logs',
      'Perf | summarize count(), sum(CounterValue), gettype(take_any(CounterValue)), max(TimeGenerated)',
    ),
    [[5, 10, 'real', '2026-03-01T04:00:00Z']],
  );
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';

const QUERY =
  'range i from 1 to 5000 step 1 | extend x = rand(), n = rand(1000), g = new_guid() | where x < 0.9 | summarize make_list(x), make_list(n), make_list(g)';
let engine: LocalEngine;
before(async () => {
  engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
});
after(async () => {
  await engine.close();
});

async function draw(query: string, seed?: number): Promise<unknown[]> {
  const {
    tables: [table],
  } = await engine.query(query, { database: { name: 'local', tables: [] }, ...(seed === undefined ? {} : { seed }) });
  return (await table!.rows())[0]!;
}

test('a seed fixes what a query draws; another seed, and no seed, draw something else', async () => {
  const first = await draw(QUERY, 7);
  assert.deepEqual(await draw(QUERY, 7), first);
  assert.notDeepEqual(await draw(QUERY, 8), first);
  assert.notDeepEqual(await draw(QUERY), await draw(QUERY));
});

test('what a seed draws is spread evenly', async () => {
  const [mean, spread, least, most, guids] = await draw(
    'range i from 1 to 20000 step 1 | extend x = rand(), g = new_guid() | summarize avg(x), stdev(x), min(x), max(x), dcount(g)',
    1,
  );
  assert.ok(
    Math.abs(Number(mean) - 0.5) < 0.01 &&
      Math.abs(Number(spread) - Math.sqrt(1 / 12)) < 0.01 &&
      Number(least) >= 0 &&
      Number(least) < 0.001 &&
      Number(most) > 0.999 &&
      Number(most) < 1,
    `${mean} ${spread} ${least} ${most}`,
  );
  assert.equal(guids, 20_000);
});

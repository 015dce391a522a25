import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import type { AppError } from '../../../src/base/errors.ts';
import { Database } from '../../../src/engine/database/database.ts';
import { toEngineError } from '../../../src/engine/database/errors.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';

/** A cell as a customer has it: quotes, a line break, and words by which failures are told apart. */
const CELL = `hunter2 it's "s3cret"\nout of memory, disk full, interrupted, overflow: 4711 hunter2`;
let database: Database, engine: LocalEngine;
before(async () => {
  database = await Database.open({ memoryLimitMb: 128, threads: 1 });
  engine = await openEngine({ threads: 1, memoryLimitMb: 128 });
  await database.run(`CREATE TABLE cells AS SELECT '${CELL.replaceAll("'", "''")}' AS c`);
});
after(async () => {
  await engine.close();
  await database.close();
});

/** The error as a log writes it, with its causes. */
const whole = (error: AppError): string => `${inspect(error, { depth: 9 })} ${JSON.stringify(error.toData())}`;

for (const [expression, said] of [
  ["json_extract(c, '$.a')", /Malformed JSON at byte$/],
  ['c::JSON', /Malformed JSON at byte$/],
  ['c::INTEGER', /Could not convert string$/],
  ['c::DECIMAL(9,2)', /Could not convert string$/],
  ['c::TIMESTAMP', /Conversion Error: /],
  ['c::UUID', /Could not convert string$/],
  ['c::BOOLEAN', /Could not convert string$/],
  ["strptime(c, '%Y')", /Could not parse string$/],
] as const)
  test(`a cell that ${expression} cannot take is not in the error, nor behind it`, async () => {
    await assert.rejects(database.run(`SELECT ${expression} FROM cells`), (error: AppError) => {
      assert.equal(error.code, 'engine.failed', error.message);
      assert.match(error.message, said);
      assert.doesNotMatch(whole(error), /hunter2|s3cret|4711/);
      return true;
    });
  });

test('a failure that quotes no row keeps its words and what it is known by', () => {
  const of = (said: string): AppError => toEngineError(new Error(said));
  assert.match(of('Binder Error: Referenced column "x" not found in FROM clause!').message, /"x" not found/);
  assert.equal(of('Out of Range Error: Overflow in multiplication of INT64 (9 * 8)!').code, 'query.overflow');
  assert.equal(of('IO Error: Could not write file "/x": No space left on device').code, 'engine.disk');
  assert.deepEqual(of('INTERNAL Error: index 3 within vector of size 3').data, { fatal: true });
  assert.deepEqual(of('FATAL Error: database has been invalidated: "hunter2"').data, { fatal: true });
  assert.doesNotMatch(whole(of('FATAL Error: database has been invalidated: "hunter2"')), /hunter2/);
});

test('a NUL in a name is refused by name; in a text it is a character', async () => {
  const run = (query: string) => engine.query(query, { database: { name: 'd', tables: [] } });
  for (const query of [
    String.raw`print ["a\u0000b"] = 1`,
    String.raw`print d = dynamic({"a\u0000b; DROP": 1}) | evaluate bag_unpack(d)`,
    String.raw`datatable(k:string)["a\u0000b"] | evaluate pivot(k)`,
  ])
    await assert.rejects(
      run(query).then(async ({ tables }) => tables[0]!.rows()),
      { code: 'query.unsupported', message: /NUL character in their name \("a\\u0000b/ },
      query,
    );
  const { tables } = await run(String.raw`print strlen("a\u0000b'c")`);
  assert.deepEqual(await tables[0]!.rows(), [[5]]);
});

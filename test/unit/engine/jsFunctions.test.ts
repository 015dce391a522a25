import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { Database } from '../../../src/engine/database/database.ts';
import type { JsFunction } from '../../../src/engine/functions/contract.ts';

const third: JsFunction = {
  name: 'kql_third_1',
  params: ['BIGINT'],
  returns: 'VARCHAR',
  call: (x) => {
    if (x === 3n) throw new TypeError(`no ${String(x)}`);
    return x === null ? null : `n${String(x)}`;
  },
};
const refusing: JsFunction = {
  name: 'kql_refusing_2',
  params: ['BIGINT', 'BIGINT'],
  returns: 'BIGINT',
  call: () => {
    throw new AppError('query.overflow', 'The list grew too long.');
  },
};
const three: JsFunction = {
  name: 'kql_three_3',
  params: ['VARCHAR', 'DOUBLE', 'BOOLEAN'],
  returns: 'VARCHAR',
  call: (a, b, c) => `${String(a)}|${String(b)}|${String(c)}`,
};

const long: JsFunction = {
  name: 'kql_long_1',
  params: ['BIGINT'],
  returns: 'VARCHAR',
  call: (n) => String(n).padEnd(1_000_000, 'x'),
};

describe('a function in JavaScript', () => {
  let database: Database;
  before(async () => {
    database = await Database.open({ memoryLimitMb: 200, threads: 2 });
    await database.register([third, refusing, three, long]);
  });
  after(async () => {
    await database.close();
  });

  it('gives its values, nulls among them', async () => {
    assert.deepEqual(await database.columns('SELECT kql_third_1(x) FROM (VALUES (1::BIGINT), (NULL), (5)) AS t(x)'), [
      ['n1', null, 'n5'],
    ]);
    assert.deepEqual(await database.columns("SELECT kql_three_3(NULL, 1.5, true), kql_three_3('', NULL, NULL)"), [
      ['null|1.5|true'],
      ['|null|null'],
    ]);
  });

  it('that throws ends the query and is named, without the value it threw on', async () => {
    const failure = await database.columns('SELECT kql_third_1(x) FROM range(5) AS t(x)').then(
      () => assert.fail('answered'),
      (error: AppError) => error,
    );
    assert.equal(failure.code, 'bug.function');
    assert.match(failure.message, /third\(\) failed on a row \(TypeError\)/);
    assert.doesNotMatch(failure.message, /no 3/);
    assert.deepEqual(await database.columns('SELECT kql_third_1(1)'), [['n1']]);
  });

  it('that throws in a later chunk, on several threads, ends it as well', async () => {
    await assert.rejects(
      database.columns('SELECT max(kql_third_1(CASE WHEN x = 290000 THEN 3 ELSE 1 END)) FROM range(300000) AS t(x)'),
      { code: 'bug.function' },
    );
  });

  it('may say itself why it stops', async () => {
    await assert.rejects(database.columns('SELECT kql_refusing_2(1, 2)'), {
      code: 'query.overflow',
      message: 'The list grew too long.',
    });
  });

  it('that makes more text than the memory limit is refused by name; the next one works, and any number of rows may pass', async () => {
    const before = process.resourceUsage().maxRSS;
    await assert.rejects(database.columns('SELECT sum(length(kql_long_1(x))) FROM range(2000) AS t(x)'), {
      code: 'engine.memory',
      message: /^The function long\(\) makes more text than the engine may hold\./,
    });
    const grown = (process.resourceUsage().maxRSS - before) / 1_000;
    assert.ok(grown < 500, `${grown} MB of 2,000`);
    assert.deepEqual(await database.columns('SELECT sum(length(kql_long_1(x)))::INTEGER FROM range(20) AS t(x)'), [
      [20_000_000],
    ]);
    assert.deepEqual(
      await database.columns(
        "SELECT count(kql_three_3(repeat('y', 1000), x, true))::INTEGER FROM range(200000) AS t(x)",
      ),
      [[200_000]],
    );
  });
});

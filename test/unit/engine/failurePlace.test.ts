import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AppError } from '../../../src/base/errors.ts';
import type { EngineDatabase, LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';

// Tables that are not what they say: the one way to make the database fail where nothing of ours expects it.
const database: EngineDatabase = {
  name: 'one',
  tables: [
    { name: 'Whole', columns: [{ name: 'n', type: 'long' }], source: '(SELECT 7::BIGINT AS n)' },
    {
      name: 'Text',
      columns: [
        { name: 'n', type: 'long' },
        { name: 'at', type: 'datetime' },
      ],
      source: `(SELECT 1::BIGINT AS n, 'secret of a row' AS at)`,
    },
    {
      name: 'Rows',
      columns: [{ name: 'n', type: 'long' }],
      source: `(SELECT s::BIGINT AS n FROM (VALUES ('1'), ('secret of a row')) AS t(s))`,
    },
  ],
};

describe('a failure of the database that nobody knows', () => {
  let engine: LocalEngine;
  before(async () => {
    engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
  });
  after(() => engine.close());

  async function failure(query: string): Promise<AppError> {
    return engine.query(query, { database }).then(
      () => assert.fail('answered'),
      (error: unknown) => error as AppError,
    );
  }

  it('refuses the query and names the function, with its place', async () => {
    const query = 'Text\n| where n > 0\n| extend whole = n + 1, day = strcat("day ", startofday(at))';
    const error = await failure(query);
    assert.equal(error.code, 'engine.unsupported');
    assert.equal(error.data?.construct, 'startofday()');
    assert.equal(query.slice(Number(error.data?.start)).slice(0, 14), 'startofday(at)');
    assert.match(error.message, /fails at startofday\(\).*\(line 3, column 46\)/);
  });

  it('names the innermost operator that fails by itself', async () => {
    const error = await failure('Whole | join kind=inner (Rows | where n > 0) on n | summarize count() by n');
    assert.equal(error.code, 'engine.unsupported');
    assert.equal(error.data?.construct, 'the table');
    assert.equal(error.data?.start, 25);
  });

  it('says so where the columns of a plugin are looked for', async () => {
    const error = await failure('Rows | evaluate pivot(n)');
    assert.equal(error.code, 'engine.unsupported');
    assert.equal(error.data?.start, 0);
  });

  it('shows nothing of the rows', async () => {
    for (const query of ['Rows', 'Text | extend day = startofday(at)', 'Rows | evaluate pivot(n)'])
      assert.doesNotMatch((await failure(query)).message, /secret/);
  });

  it('leaves the engine as it was', async () => {
    const answer = await engine.query('Whole', { database });
    assert.deepEqual(await answer.tables[0]!.rows(), [[7]]);
  });
});

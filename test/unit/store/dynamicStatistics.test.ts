import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';

const store = new DuckRowStore({ memoryLimitMb: 200 });
after(() => store.close());

describe('statistics of a dynamic column', () => {
  test('say what its values are like', async () => {
    const run = await store.open('dynamic');
    const values = [
      '{"user":"a","ip":"10.0.0.1"}',
      '{"ip":"10.0.0.2","user":"b"}',
      '{"user":"c"}',
      '[1,"x",2]',
      '[]',
      '7',
      'true',
      '"text"',
      null,
    ];
    await run.append(
      'a',
      { customer: 'Contoso', tenant: 'Contoso AD', workspace: 'a' },
      [{ name: 'y', type: 'dynamic' }],
      values.map((value) => [value]),
    );
    const facts = await run.statistics('y');
    assert.deepEqual([facts.rows, facts.empty, facts.min, facts.max], [9, 1, undefined, undefined]);
    assert.deepEqual(facts.dynamic, {
      kinds: [
        { value: 'object', count: 3 },
        { value: 'array', count: 2 },
        { value: 'boolean', count: 1 },
        { value: 'number', count: 1 },
        { value: 'text', count: 1 },
      ],
      keys: [
        { value: 'user', count: 3 },
        { value: 'ip', count: 2 },
      ],
      shapes: [
        { value: '{ip, user}', count: 2 },
        { value: '[]', count: 1 },
        { value: '[number, text]', count: 1 },
        { value: '{user}', count: 1 },
      ],
      characters: { least: 1, median: 7.5, most: 28 },
      members: { least: 0, median: 2, most: 3 },
    });
    const arrays = await run.statistics('y', [{ column: 'y', op: 'contains', value: '[' }]);
    assert.deepEqual(arrays.dynamic?.kinds, [{ value: 'array', count: 2 }]);
    assert.equal((await run.statistics('y', [{ column: 'y', op: 'empty' }])).dynamic, undefined);
  });
});

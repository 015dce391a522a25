import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import { mayHold } from '../../../src/engine/store/shownText.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';

const store = new DuckRowStore({ memoryLimitMb: 200 });
after(() => store.close());

const VALUES: Readonly<Record<string, readonly [Column['type'], Cell]>> = {
  whole: ['long', -9007199254740993n],
  small: ['int', 42],
  real: ['real', 1.5e300],
  tiny: ['real', -2.5e-9],
  endless: ['real', Infinity],
  none: ['real', NaN],
  yes: ['bool', true],
  no: ['bool', false],
  time: ['datetime', '2026-01-02T03:04:05.0067Z'],
  span: ['timespan', '-1.02:03:04.5'],
  word: ['string', 'Grün'],
};

describe('a search over all columns', () => {
  test('finds a row by every part of every cell as it is shown, in any case', async () => {
    const columns = Object.entries(VALUES).map(([name, [type]]): Column => ({ name, type }));
    const run = await store.open('parts');
    await run.append('a', { customer: '', tenant: '', workspace: '' }, columns, [
      Object.values(VALUES).map(([, value]) => value),
    ]);
    const { rows } = await run.window({ first: 0, count: 1, columns: columns.map(({ name }) => name) });
    for (const [index, { name }] of columns.entries()) {
      const shown = String(rows[0]![index]);
      for (const text of new Set([...shown, shown].flatMap((part) => [part.toUpperCase(), part.toLowerCase()]))) {
        const { total } = await run.window({
          first: 0,
          count: 1,
          filters: [{ column: name, op: 'contains', value: text }],
        });
        assert.equal(total, 1, `${name}: ${JSON.stringify(text)} of ${shown}`);
        assert.equal((await run.window({ first: 0, count: 1, search: text })).total, 1);
      }
    }
  });

  test('does not write numbers and times out to look for a word', () => {
    const column = (type: Column['type']) => ({ name: 'c', type, physical: 'c', presentIn: 1 });
    assert.equal(mayHold(column('long'), 'host-7'), false);
    assert.equal(mayHold(column('datetime'), 'host-7'), false);
    assert.equal(mayHold(column('string'), 'host-7'), true);
    assert.equal(mayHold(column('long'), '7'), true);
    // The long s is an s in capitals: the database compares such letters.
    assert.equal(mayHold(column('bool'), 'falſe'), true);
  });
});

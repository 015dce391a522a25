import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RowKeys } from '../../../src/core/rollup/rowKeys.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import { KeyChecksum } from '../../../src/model/keyChecksum.ts';
import { sha256 } from '../../harness/sha256.ts';

const COLUMNS: Column[] = [
  { name: 'Name', type: 'string' },
  { name: 'N', type: 'long' },
];
const WINDOW = { rollup: 'R-0', workspace: 'w', from: 0, to: 60_000 };
const keysOf = (rows: readonly (readonly Cell[])[], window = WINDOW, key?: readonly string[]): string[] => {
  const keys = new RowKeys(sha256, window, COLUMNS, key);
  return rows.map((row) => keys.next(row));
};

describe('the keys of rows', () => {
  const rows: Cell[][] = [
    ['a', 1],
    ['b', 2],
    ['a', 1],
  ];
  it('are the same for the same window, in whatever order its rows come', () => {
    assert.deepEqual(keysOf(rows), keysOf(rows));
    assert.deepEqual(keysOf(rows).sort(), keysOf(rows.toReversed()).sort());
    assert.match(keysOf(rows)[0]!, /^[0-9a-f]{32}$/);
  });
  it('tell equal rows apart, and rows of another window, workspace or roll-up', () => {
    const all = [WINDOW, { ...WINDOW, to: 1 }, { ...WINDOW, workspace: 'x' }, { ...WINDOW, rollup: 'R-1' }];
    assert.equal(new Set(all.flatMap((window) => keysOf(rows, window))).size, 12);
  });
  it('take a text for no number, and no two texts for one', () => {
    const alike: Cell[][] = [
      ['1\n2', 1],
      ['1', 1],
      [1, 1],
      ['"1"', 1],
      [null, 1],
      ['null', 1],
      ['', 1],
      [true, 1],
      ['true', 1],
    ];
    assert.equal(new Set(keysOf(alike)).size, alike.length);
    assert.deepEqual(keysOf([['a', 5n]]), keysOf([['a', 5]]), 'a long is one, however it came');
  });
  it('count a hundred thousand rows, each as often as it came', () => {
    const many = Array.from({ length: 100_000 }, (_, i): Cell[] => ['a', i % 60_000]);
    assert.equal(new Set(keysOf(many)).size, many.length);
    assert.deepEqual(keysOf(many).slice(0, 60_000), keysOf(many.slice(0, 60_000)));
  });
  it('tell a row apart that comes a thousand times', () => {
    const often = Array.from({ length: 2_000 }, (_, i): Cell[] => ['a', i % 2]);
    assert.equal(new Set(keysOf(often)).size, often.length);
  });
  it('look at the named columns alone, where some are named', () => {
    const [first] = keysOf([['a', 1]], WINDOW, ['Name']);
    assert.equal(keysOf([['a', 2]], WINDOW, ['Name'])[0], first);
  });
  it('have a checksum that notices a lost, a doubled and another row, but no other order', () => {
    const sum = (keys: readonly string[]): string => {
      const checksum = new KeyChecksum();
      for (const key of keys) checksum.add(key);
      return `${checksum.rows} ${checksum.text}`;
    };
    const keys = keysOf(rows);
    assert.equal(sum(keys), sum(keys.toReversed()));
    const others = [
      keys.slice(1),
      [...keys, keys[0]!],
      [keys[1]!, keys[1]!, keys[2]!],
      [keys[0]!, keys[0]!, keys[0]!, keys[0]!],
    ];
    assert.equal(new Set([keys, ...others].map(sum)).size, 5);
  });
});

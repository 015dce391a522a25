import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freshArrangement } from '../../../src/webviews/results/arrangement.ts';
import { RowsSource } from '../../../src/webviews/results/rowsSource.ts';
import { fakeRun } from '../../harness/fakeRun.ts';
import type { RowWindow } from '../../../src/model/rows.ts';

const window = (first: number, total: number): RowWindow => ({ first, total, columns: ['n'], rows: [[first]] });
const plain = freshArrangement('run-1');
const filtered = { ...plain, filters: [{ column: 'n', op: 'notEmpty' as const }] };

describe('the rows of the shown run', () => {
  it('are asked again from where they end while more arrive, and all over under a filter', async () => {
    const asked: number[] = [];
    const source = new RowsSource(
      async ({ first }) => {
        asked.push(first);
        return window(first, source.total);
      },
      () => undefined,
    );
    assert.equal(source.show(fakeRun(300, 3, { state: 'running' }), plain), true);
    await Promise.all([source.rows(0, 10), source.rows(250, 260)]);
    assert.equal(source.show(fakeRun(300, 3, { state: 'running' }), plain), false, 'nothing new');
    assert.equal(source.show(fakeRun(900, 3, { state: 'running' }), plain), true);
    await Promise.all([source.rows(0, 10), source.rows(250, 260)]);
    assert.deepEqual(asked, [0, 200, 200]);
    source.show(fakeRun(900, 3, { state: 'running' }), filtered);
    await source.rows(0, 10);
    source.show(fakeRun(950, 3, { state: 'running' }), filtered);
    await source.rows(0, 10);
    assert.deepEqual(asked, [0, 200, 200, 0, 0]);
  });

  it('are as many as the last answer said, whatever an answer to an earlier question says later', async () => {
    const answers: ((total: number) => void)[] = [];
    const told: number[] = [];
    const source = new RowsSource(
      ({ first }) =>
        new Promise((resolve) => {
          answers.push((total) => {
            resolve(window(first, total));
          });
        }),
      () => told.push(source.total),
    );
    source.show(fakeRun(1000, 3), filtered);
    const late = source.rows(0, 10);
    source.show(fakeRun(1000, 3), { ...filtered, search: 'srv' });
    const latest = source.rows(0, 10);
    answers[1]!(7);
    await latest;
    answers[0]!(500);
    await late;
    assert.deepEqual([source.total, told], [7, [7]]);
  });

  it('are not counted until the first answer to other filters has come, though it be the same number', async () => {
    const told: number[] = [];
    const source = new RowsSource(
      ({ first }) => Promise.resolve(window(first, 1000)),
      () => told.push(source.total),
    );
    source.show(fakeRun(1000, 3), plain);
    assert.equal(source.known, true);
    source.show(fakeRun(1000, 3), filtered);
    assert.equal(source.known, false);
    await source.rows(0, 10);
    assert.deepEqual([source.known, told], [true, [1000]]);
    source.show(fakeRun(1000, 3), plain);
    assert.equal(source.known, true);
  });
});

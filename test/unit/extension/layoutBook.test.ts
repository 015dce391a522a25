import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LayoutBook, isSavedLayouts, queryKey } from '../../../src/extension/session/layoutBook.ts';
import type { SavedLayout } from '../../../src/extension/session/layoutBook.ts';
import { EMPTY_LAYOUT } from '../../../src/model/columnLayout.ts';

function openBook(): { readonly book: LayoutBook; readonly saved: () => readonly SavedLayout[] } {
  let value: readonly SavedLayout[] = [];
  const book = new LayoutBook({
    get: () => value,
    set: (next) => {
      value = next;
      return Promise.resolve();
    },
  });
  return { book, saved: () => value };
}
const hiding = (name: string) => ({ choices: [{ name, hidden: true }], order: [] });

describe('the layouts of queries', () => {
  it('are found again by the words of a query, whatever its values, comments and spaces', () => {
    const query = '// @scope group:gold\nHeartbeat | where Computer == "srv 1" and TimeGenerated > ago(1d) | take 10';
    for (const same of [
      'Heartbeat | where Computer == "other // no comment" and TimeGenerated > ago(7d) | take 500',
      "Heartbeat\n| where Computer == @'c:\\' // here\n  and TimeGenerated > ago(1.5h)\n| take 1e3\n",
      'Heartbeat | where Computer == ```two\nlines``` and TimeGenerated > ago(1d) | take 10',
    ])
      assert.equal(queryKey(same), queryKey(query), same);
    for (const other of ['Heartbeat | where Computer == "srv 1"', query.replace('Computer', 'Computer2'), ''])
      assert.notEqual(queryKey(other), queryKey(query), other);
  });

  it('are kept one for each query, and forgotten when they are reset', async () => {
    const { book, saved } = openBook();
    await book.keep('A', hiding('x'));
    await book.keep('B', hiding('y'));
    await book.keep('A', hiding('z'));
    assert.deepEqual([book.find('A'), book.find('B'), book.find('C')], [hiding('z'), hiding('y'), undefined]);
    await book.keep('A', EMPTY_LAYOUT);
    assert.equal(book.find('A'), undefined);
    assert.equal(saved().length, 1);
  });

  it('stay few and small: the oldest go', async () => {
    const { book, saved } = openBook();
    for (let index = 0; index < 230; index++) await book.keep(`T${'a'.repeat(index)}`, hiding('x'));
    assert.equal(saved().length, 200);
    assert.equal(book.find('T'), undefined);
    await book.keep('Wide', {
      choices: [],
      order: Array.from({ length: 5000 }, (_, index) => `Column${index}${'x'.repeat(85)}`),
    });
    assert.ok(JSON.stringify(saved()).length < 600_000);
    assert.equal(book.find('Wide')?.order.length, 5000);
  });

  it('come back from disk only whole', () => {
    assert.equal(isSavedLayouts([{ query: 'k', layout: hiding('x') }]), true);
    for (const broken of [
      {},
      [{ query: 1, layout: EMPTY_LAYOUT }],
      [{ query: 'k' }],
      [{ query: 'k', layout: { choices: [{ name: 1 }], order: [] } }],
      [{ query: 'k', layout: { choices: [{ name: 'x', hidden: 'yes' }], order: [] } }],
      [{ query: 'k', layout: { choices: [], order: [7] } }],
    ])
      assert.equal(isSavedLayouts(broken), false, JSON.stringify(broken));
  });
});

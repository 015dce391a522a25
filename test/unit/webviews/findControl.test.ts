import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RowFindAnswer } from '../../../src/model/rows.ts';
import type { CellPlace } from '../../../src/webviews/grid/selection.ts';
import { FindControl } from '../../../src/webviews/results/findControl.ts';
import type { FindState } from '../../../src/webviews/results/findControl.ts';
import { fakeColumns } from '../../harness/fakeRun.ts';

/** A find whose questions wait until the test answers them. */
function openFind() {
  const asked: string[] = [];
  const said: string[] = [];
  const answers: ((answer: RowFindAnswer | undefined) => void)[] = [];
  const seen: { active: CellPlace; state: FindState | undefined } = {
    active: { row: -1, column: 2 },
    state: undefined,
  };
  const find = new FindControl({
    ask: ({ text, from, direction }) => {
      asked.push(`${direction} ${text} from ${from.row},${from.column}`);
      return new Promise((resolve) => answers.push(resolve));
    },
    columns: () => fakeColumns(5),
    active: () => seen.active,
    goTo: (place) => {
      seen.active = { row: place.row, column: place.column };
    },
    changed: (state) => {
      seen.state = state;
    },
    say: (text) => said.push(text),
  });
  const answer = async (given: RowFindAnswer | undefined): Promise<void> => {
    answers.shift()!(given);
    await new Promise(setImmediate);
  };
  return { find, asked, said, seen, answer };
}
const at = (index: number, row: number, column: number): RowFindAnswer => ({
  count: 1200,
  found: { index, row, column },
});

describe('the find box', () => {
  it('begins at the active cell, goes on from what it found, and says where it is', async () => {
    const { find, asked, said, seen, answer } = openFind();
    find.open();
    find.type('srv');
    await answer(at(0, 3, 4));
    find.step('next');
    await answer(at(1, 1199, 4));
    find.step('previous');
    await answer(at(0, 3, 4));
    assert.deepEqual(asked, ['here srv from 0,2', 'next srv from 3,4', 'previous srv from 1199,4']);
    assert.deepEqual(said.slice(0, 2), ['1 of 1,200: Computer, row 4.', '2 of 1,200: Computer, row 1,200.']);
    assert.deepEqual([seen.active, seen.state?.answer?.count], [{ row: 3, column: 4 }, 1200]);
  });

  it('has one question out at a time, and forgets the answer to a text that was typed over', async () => {
    const { find, asked, said, seen, answer } = openFind();
    find.open();
    for (const text of ['s', 'sr', 'srv']) find.type(text);
    await answer(at(7, 1, 1));
    assert.deepEqual([said, seen.state], [[], { text: 'srv' }]);
    await answer(at(0, 3, 4));
    assert.deepEqual([asked, seen.state?.answer?.found?.row], [['here s from 0,2', 'here srv from 0,2'], 3]);
    find.type('nowhere');
    await answer({ count: 0 });
    assert.equal(said.at(-1), 'No cell holds it.');
    find.type('');
    assert.deepEqual([seen.state, asked.length], [{ text: '' }, 3]);
  });

  it('counts again for other rows without moving, and ends when it is closed', async () => {
    const { find, said, seen, answer } = openFind();
    find.again();
    find.open();
    find.type('srv');
    await answer(at(0, 3, 4));
    seen.active = { row: 9, column: 0 };
    find.again();
    await answer({ count: 5, found: { index: 2, row: 10, column: 1 } });
    assert.deepEqual([seen.active, seen.state?.answer?.count, said.length], [{ row: 9, column: 0 }, 5, 1]);
    find.step('next');
    find.close();
    await answer(at(0, 3, 4));
    assert.deepEqual([seen.state, seen.active, find.text], [undefined, { row: 9, column: 0 }, '']);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { centreNames, rollupOfTable, storedNames, storedText } from '../../../src/model/logAnalyticsCentre.ts';
import type { Column } from '../../../src/model/kqlType.ts';

const long = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'long' }));

describe('the names of a roll-up in Log Analytics', () => {
  it('are told back from those of its tables', () => {
    const { rows, windows, rowsStream } = centreNames('Daily_Beats-0a1b2c3d');
    assert.deepEqual([rows, windows], ['Daily_Beats_0a1b2c3d_CL', 'Daily_Beats_0a1b2c3d_Win_CL']);
    assert.equal(rowsStream, 'Custom-Daily_Beats_0a1b2c3d_CL');
    assert.equal(rollupOfTable(windows), 'Daily_Beats-0a1b2c3d');
    for (const other of [rows, 'Heartbeat', 'My_Win_CL', 'SecurityEvent_CL'])
      assert.equal(rollupOfTable(other), undefined);
  });
  it('keep the lengths that the service takes, and are no other roll-up’s', () => {
    const [one, other] = ['a', 'b'].map((last) => centreNames(`${'X_'.repeat(22)}${last}-0a1b2c3d`));
    assert.ok(one!.windows.length <= 63);
    assert.match(one!.rule, /^[a-z][A-Za-z0-9-]{2,28}[a-z0-9]$/);
    assert.notEqual(one!.rule, other!.rule);
    assert.deepEqual(centreNames('Beats-0a1b2c3d'), centreNames('Beats-0a1b2c3d'));
  });
});

describe('the columns of a roll-up in Log Analytics', () => {
  it('say their type, and begin with a letter', () => {
    assert.deepEqual(
      storedNames([...long('N'), { name: '_RowKey', type: 'string' }, { name: 'At', type: 'datetime' }]),
      ['N_long', 'r_RowKey_string', 'At_datetime'],
    );
  });
  it('are never the same, whatever they are called', () => {
    const awkward = long(
      'a',
      'A',
      '_a',
      'r_a',
      'x_a',
      'a b',
      'a-b',
      'ä',
      'Z'.repeat(40),
      'Z'.repeat(41),
      '__x',
      '1',
      '',
    );
    const names = storedNames(awkward).map((name) => name.toLowerCase());
    assert.equal(new Set(names).size, awkward.length);
    for (const name of names) assert.match(name, /^[a-z]\w{0,44}$/);
    assert.equal(storedNames(long('Z'.repeat(40)))[0], `${'Z'.repeat(40)}_long`, 'as long as they may be');
    // A column that comes later changes no other's name.
    assert.deepEqual(storedNames(awkward).slice(0, 5), storedNames(awkward.slice(0, 5)));
  });
  it('hold texts, and nothing for no value', () => {
    assert.deepEqual([9_007_199_254_740_993n, 0.1, false, '', null, 'NaN'].map(storedText), [
      '9007199254740993',
      '0.1',
      'false',
      undefined,
      undefined,
      'NaN',
    ]);
  });
});

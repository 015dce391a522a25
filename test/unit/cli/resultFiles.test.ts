import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultFileNames } from '../../../src/cli/output/resultFiles.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';

test('a file name for each title: none leads out of its folder, each once', () => {
  assert.deepEqual(
    resultFileNames(
      [
        'Failed sign-ins',
        'failed sign-ins',
        '../../etc/passwd',
        'C:\\x',
        '..',
        '',
        'NUL',
        'con.x',
        'COM¹',
        'lpt³.x',
        'Größe é',
      ],
      'csv',
    ),
    [
      'Failed-sign-ins.csv',
      'failed-sign-ins-2.csv',
      'etc-passwd.csv',
      'C-x.csv',
      'query.csv',
      'query-2.csv',
      '_NUL.csv',
      '_con.x.csv',
      '_COM¹.csv',
      '_lpt³.x.csv',
      'Größe-é.csv',
    ],
  );
  for (const name of resultFileNames([...HOSTILE_TEXTS, '\u{20000}'.repeat(300), 'x'.repeat(9_000)], 'json')) {
    assert.match(name, /^[\p{L}\p{N}_][\p{L}\p{N}._-]*\.json$/u);
    assert.ok(Buffer.byteLength(name) <= 220, name);
  }
});

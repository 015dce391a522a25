import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import { atOneMoment } from '../../../src/kql/oneMoment.ts';
import { edited, placeBefore } from '../../../src/kql/textEdits.ts';
import { withoutComments } from '../../../src/kql/withoutComments.ts';
import { parseDatetime } from '../../../src/model/values/datetime.ts';

const MOMENT = parseDatetime('2024-05-01T12:00:00Z')!;
const editsOf = (text: string) => atOneMoment(text, analyzeQuery(text).instants, MOMENT);
const sent = (text: string): string => edited(text, editsOf(text));
const AT = 'datetime(2024-05-01T12:00:00.0000000Z)';

test('now() and ago() become one instant, wherever they stand', () => {
  for (const [written, expected] of [
    ['T | where TimeGenerated > ago(1h)', `T | where TimeGenerated > (${AT} - (1h))`],
    ['T | where TimeGenerated between (ago(2d) .. now())', `T | where TimeGenerated between ((${AT} - (2d)) .. ${AT})`],
    ['print now(-1d)', `print (${AT} + (-1d))`],
    [
      'let from = ago(1d);\nT | where TimeGenerated > from',
      `let from = (${AT} - (1d));\nT | where TimeGenerated > from`,
    ],
    [
      'let f = (t:timespan) { T | where A > ago(t) }; f(1h)',
      `let f = (t:timespan) { T | where A > (${AT} - (t)) }; f(1h)`,
    ],
    ['print ago(now() - ago(1h))', `print (${AT} - (${AT} - (${AT} - (1h))))`],
  ])
    assert.equal(sent(written!), expected);
});

test('a text, a comment, a column of the name, a function of the query and a moment it sets itself stay as they are', () => {
  for (const text of [
    `print "now()", 'ago(1h)'`,
    'T // ago(1h)',
    'T | project now, ago',
    'let ago = (d:timespan) { datetime(2020-01-01) - d }; print ago(1h)',
    'set query_now = datetime(2020-01-01);\nprint now()',
    'print ago()',
    'print now(1h, 2h)',
  ])
    assert.equal(sent(text), text);
});

test('a place in what is sent is told as the place in the text as written', () => {
  const text = 'T | where A > ago(1h) and Wrong == 1\n| where now(\n1h) > Bad';
  const place = (word: string, of: string) => {
    const lines = of.slice(0, of.indexOf(word)).split('\n');
    return { line: lines.length, column: lines.at(-1)!.length + 1 };
  };
  for (const word of ['Wrong', 'Bad', '1h)', 'where A'])
    assert.deepEqual(placeBefore(text, editsOf(text), place(word, sent(text))), place(word, text), word);
  // Inside of what stands for a call it is the call's own place.
  assert.deepEqual(placeBefore(text, editsOf(text), place('2024', sent(text))), place('ago', text));
});

test('comments are blanks: no word of them is left, and everything else is where it was', () => {
  const text = '// for Contoso\nT // and Fabrikam\r\n| where Url == "http://x" // end';
  const clean = withoutComments(text);
  assert.equal(clean, `${' '.repeat(14)}\nT ${' '.repeat(15)}\r\n| where Url == "http://x"       `);
  assert.equal(clean.length, text.length);
});

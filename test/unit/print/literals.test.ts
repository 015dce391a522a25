import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLiteral, parseString } from '../../../src/kql/literal.ts';
import type { LiteralValue } from '../../../src/kql/literal.ts';
import { literalText, stringText } from '../../../src/kql/print/literals.ts';
import { nameText } from '../../../src/kql/print/names.ts';
import type { KqlType } from '../../../src/model/kqlType.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';

describe('literals of KQL', () => {
  const cases: readonly (readonly [KqlType, LiteralValue, string])[] = [
    ['bool', true, 'true'],
    ['bool', null, 'bool(null)'],
    ['int', 7n, 'int(7)'],
    ['int', null, 'int(null)'],
    ['long', -5n, '-5'],
    ['long', -9_223_372_036_854_775_808n, 'long(-9223372036854775808)'],
    ['long', null, 'long(null)'],
    ['real', 1, '1.0'],
    ['real', -0, '-0.0'],
    ['real', 1e30, 'real(1e30)'],
    ['real', 5e-324, 'real(5e-324)'],
    ['real', Number.NaN, 'real(nan)'],
    ['real', Infinity, 'real(+inf)'],
    ['real', -Infinity, 'real(-inf)'],
    ['real', null, 'real(null)'],
    ['decimal', '0.1', 'decimal(0.1)'],
    ['decimal', null, 'decimal(null)'],
    ['datetime', 638_513_658_001_234_567n, 'datetime(2024-05-15T10:30:00.1234567Z)'],
    ['datetime', 0n, 'datetime(0001-01-01)'],
    ['datetime', null, 'datetime(null)'],
    ['timespan', 9_000_000_000n, '15m'],
    ['timespan', -36_000_000_000n, '-1h'],
    ['timespan', 0n, '0s'],
    ['timespan', 1n, 'time(00:00:00.0000001)'],
    ['timespan', -9_223_372_036_854_775_808n, 'time(-10675199.02:48:05.4775808)'],
    ['timespan', null, 'timespan(null)'],
    ['guid', '74be27de-1e4e-49d9-b579-fe0b331d3642', 'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)'],
    ['guid', null, 'guid(null)'],
    ['string', null, '""'],
    ['dynamic', null, 'dynamic(null)'],
    ['dynamic', '{"a":[1,-2.5e3,9007199254740993,null,true]}', 'dynamic({"a":[1,-2.5e3,9007199254740993,null,true]})'],
    ['dynamic', '{"k\\"\\u2028":"\\\\d\\n"}', String.raw`dynamic({"k\"\u2028":"\\d\n"})`],
  ];
  for (const [type, value, text] of cases)
    it(`${type} ${text}`, () => {
      assert.equal(literalText(type, value), text);
      // A sign is an operator in front of the literal.
      if (type !== 'dynamic' && type !== 'string' && !text.startsWith('-'))
        assert.deepEqual(parseLiteral(type, text), value);
    });

  it('a text holds no character that ends it, breaks a line, or reorders what is shown', () => {
    assert.equal(stringText('say "hi"\r\n\t\0'), String.raw`"say \"hi\"\r\n\t\u0000"`);
    assert.equal(
      stringText('a\u202Eb\u2066c\u2028d\u2029e\u200Bf\uFEFFg\u0085h\uD800'),
      String.raw`"a\u202Eb\u2066c\u2028d\u2029e\u200Bf\uFEFFg\u0085h\uD800"`,
    );
    assert.equal(stringText('grün 😀'), '"grün 😀"');
  });
  it('a text with backslashes alone is verbatim', () => {
    assert.equal(stringText(String.raw`\d+\.exe`), String.raw`@"\d+\.exe"`);
    assert.equal(stringText('C:\\'), '@"C:\\"');
    assert.equal(stringText('\\"'), String.raw`"\\\""`);
    assert.equal(stringText('\\\n'), String.raw`"\\\n"`);
  });
  it('any text reads back as it was', () => {
    const random = new SeededRandom(7);
    const pieces = [
      '\\',
      '"',
      "'",
      '\n',
      '\0',
      '@',
      'u2028',
      '\u2028',
      '\u202E',
      '😀',
      '\uDC00',
      'a',
      ' ',
      '```',
      '//',
      ';',
      '}',
    ];
    for (let i = 0; i < 2_000; i++) {
      const text = Array.from({ length: random.int(0, 9) }, () => random.pick(pieces)).join('');
      const written = stringText(text);
      assert.equal(parseString(written), text);
      assert.doesNotMatch(written, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});

it('names are plain where they may be, else in brackets and escaped', () => {
  assert.deepEqual(
    ['TimeGenerated', '_ResourceId', 'where', '__own', 'a b', "it's", 'x\n\u202E', '$table', ''].map(nameText),
    [
      'TimeGenerated',
      '_ResourceId',
      "['where']",
      "['__own']",
      "['a b']",
      String.raw`['it\'s']`,
      String.raw`['x\n\u202E']`,
      "['$table']",
      "['']",
    ],
  );
});

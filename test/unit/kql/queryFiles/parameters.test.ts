import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyzeQuery } from '../../../../src/kql/analyze.ts';
import { parseString } from '../../../../src/kql/literal.ts';
import type { LiteralValue } from '../../../../src/kql/literal.ts';
import {
  findDeclaration,
  parseParameterValue,
  takes,
  valueFor,
  valueText,
} from '../../../../src/kql/queryFiles/parameters.ts';
import { prepareQuery, withValues } from '../../../../src/kql/queryFiles/prepareQuery.ts';
import { readQueryFile } from '../../../../src/kql/queryFiles/readQueryFile.ts';
import { offsetBefore } from '../../../../src/kql/textEdits.ts';
import type { KqlType } from '../../../../src/model/kqlType.ts';
import { HOSTILE_TEXTS } from '../../../fixtures/hostileTexts.ts';

async function prepared(text: string, values: Readonly<Record<string, LiteralValue>> = {}) {
  const [query] = (await readQueryFile('q.kql', text)).queries;
  return { query: query!, ...prepareQuery(query!, new Map(Object.entries(values))) };
}

describe('parameters of a query', () => {
  test('declare query_parameters becomes let statements: defaults, and values in their place', async () => {
    const text = `declare query_parameters(
  days:int = 7, // how far
  who:string = @"a\\b, (c)",
  since:datetime = datetime(2024-01-01), near:timespan=1.5h, yes:boolean = true,
  bag:dynamic = dynamic({"a": [1, 2]}), low:long = -5, g:guid = guid(74be27de-1e4e-49d9-b579-fe0b331d3642));
T | where x > days`;
    const { query, text: plain, missing } = await prepared(text);
    assert.deepEqual(missing, []);
    assert.deepEqual(
      query.parameters.map(({ name, type, fallback }) => [name, type, fallback]),
      [
        ['days', 'int', 7n],
        ['who', 'string', 'a\\b, (c)'],
        ['since', 'datetime', 638396640000000000n],
        ['near', 'timespan', 54_000_000_000n],
        ['yes', 'bool', true],
        ['bag', 'dynamic', '{"a": [1, 2]}'],
        ['low', 'long', -5n],
        ['g', 'guid', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
      ],
    );
    assert.equal(
      plain,
      'let days = int(7); let who = @"a\\b, (c)"; let since = datetime(2024-01-01); let near = 90m; let yes = true; ' +
        'let bag = dynamic({"a": [1, 2]}); let low = -5; let g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642);\nT | where x > days',
    );
    assert.deepEqual(analyzeQuery(plain).errors, []);
    const given = await prepared(text, { days: 30n, who: 'x' });
    assert.match(given.text, /^let days = int\(30\); let who = "x"; let since = /);
  });

  test('a parameter of the front comment is set before the first statement, and its line does not leave', async () => {
    const text = '// @name Secret\n// @param days:int = 7 of Contoso\n// as it is\nlet a = 1;\nT | where d > days';
    const { text: ready, edits } = await prepared(text, { days: 3n });
    assert.equal(ready, '//\n//\n// as it is\nlet days = int(3); let a = 1;\nT | where d > days');
    for (const word of ['let a', 'T |', '> days', '// as'])
      assert.equal(offsetBefore(edits, ready.indexOf(word)), text.indexOf(word), word);
    assert.equal(offsetBefore(edits, ready.indexOf('int(3)')), text.indexOf('let a'));
  });

  test('described in the comment and declared in the query is one parameter', async () => {
    const { query, text } = await prepared(
      '// @param d:int  Days\ndeclare query_parameters(d:int = 1);\nT | where d == 1',
    );
    assert.deepEqual(query.parameters, [{ name: 'd', type: 'int', fallback: 1n, description: 'Days' }]);
    assert.equal(text, '//\nlet d = int(1);\nT | where d == 1');
  });

  test('without default and value it is missing; a declaration nobody can read is left as it is', async () => {
    assert.deepEqual((await prepared('// @param d:int\nT')).missing, ['d']);
    for (const text of [
      'declare query_parameters(d:int = f(1)); T',
      'declare query_parameters(d:number); T',
      "declare query_parameters(['d']:int = 1); T",
      'declare query_parameters(d:int = 1, d:int = 2); T',
      `declare query_parameters(${'d:int = 1, '.repeat(3_000)}e:int = 1); T`,
      'print "; declare query_parameters(d:int)"',
    ]) {
      assert.equal(findDeclaration(text), undefined, text);
      assert.equal((await prepared(text)).text, text);
    }
  });

  test('a value is read by its type, and what is none is refused', () => {
    const cases: readonly [KqlType, string, LiteralValue | undefined][] = [
      ['int', '7', 7n],
      ['int', 'int(7)', 7n],
      ['int', '3000000000', undefined],
      ['int', '7; drop', undefined],
      ['long', '0x1F', 31n],
      ['real', '1.5', 1.5],
      ['bool', 'true', true],
      ['bool', 'yes', undefined],
      ['datetime', '2024-01-01', 638396640000000000n],
      ['datetime', 'ago(1d)', undefined],
      ['datetime', 'ago(2024)', undefined],
      ['datetime', 'date(2024-01-01)', 638396640000000000n],
      ['timespan', '1.5h', 54_000_000_000n],
      ['timespan', '', undefined],
      ['guid', 'x', undefined],
      ['dynamic', '["a", 1]', '["a", 1]'],
      ['dynamic', '[now()]', undefined],
      ['string', '"; T', '"; T'],
      ['string', '', ''],
    ];
    for (const [type, text, value] of cases)
      assert.deepEqual(parseParameterValue(type, text), value, `${type} ${text}`);
  });

  test('choices are the only values a parameter takes, each of its type', async () => {
    const read = async (line: string) => (await readQueryFile('q.kql', `${line}\nT`)).queries[0]!;
    const { parameters } = await read('// @param level:string = "High" [High, "Very low", Low]  How severe');
    assert.deepEqual(parameters, [
      {
        name: 'level',
        type: 'string',
        fallback: 'High',
        choices: ['High', 'Very low', 'Low'],
        description: 'How severe',
      },
    ]);
    assert.equal(valueFor(parameters[0]!, 'Low'), 'Low');
    assert.equal(valueFor(parameters[0]!, 'low'), undefined);
    assert.equal(takes(parameters[0]!), 'one of High, Very low, Low');
    const days = (await read('// @param days:timespan [1d, 7d]')).parameters[0]!;
    assert.deepEqual(days.choices, [864_000_000_000n, 6_048_000_000_000n]);
    assert.equal(valueFor(days, '24h'), days.choices![0], 'a value, not its spelling');
    assert.match((await read('// @param days:int [1, x]')).refusal!, /choices of days .* each an int/);
    assert.match((await read('// @param days:int = 3 [1, 2]')).refusal!, /default of days is none of its choices/);
  });

  test('a value is shown as it can be given again', () => {
    const cases: readonly [KqlType, LiteralValue, string][] = [
      ['int', 7n, '7'],
      ['timespan', 864_000_000_000n, '1d'],
      ['timespan', 12_345_678n, '00:00:01.2345678'],
      ['datetime', 638396640000000000n, '2024-01-01'],
      ['bool', false, 'false'],
      ['real', Number.NaN, 'nan'],
      ['guid', '74be27de-1e4e-49d9-b579-fe0b331d3642', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
      ['string', 'a "b"', 'a "b"'],
      ['dynamic', '{"a": 1}', '{"a": 1}'],
      ['datetime', null, 'datetime(null)'],
    ];
    for (const [type, value, text] of cases) {
      assert.equal(valueText(type, value), text);
      assert.deepEqual(parseParameterValue(type, text), value, text);
    }
  });

  test('values alone leave the comments where they are', async () => {
    const text = '// @name Mine\n// @param d:int = 1\nT | where x > d';
    const [query] = (await readQueryFile('q.kql', text)).queries;
    assert.equal(
      withValues(query!, new Map([['d', 3n]])).text,
      '// @name Mine\n// @param d:int = 1\nlet d = int(3); T | where x > d',
    );
  });

  test('no text of a value ever becomes KQL: one string, whatever is in it', async () => {
    for (const value of [...HOSTILE_TEXTS, '"; T | take 1 //', '\\"', "'", '```', '\n| take 1', '\u2028']) {
      const { text } = await prepared('// @param v:string\nprint v', { v: value });
      assert.doesNotMatch(text.slice(3), /[\r\n][^p]/, 'one line');
      const { errors } = analyzeQuery(text);
      assert.deepEqual(errors, [], text);
      const literal = text.slice('//\nlet v = '.length, text.lastIndexOf('; print v'));
      assert.equal(parseString(literal), value);
    }
    const { text } = await prepared('// @param v:dynamic\nprint v', { v: '{"a": "\\"; T //\\u2028"}' });
    assert.deepEqual(analyzeQuery(text).errors, []);
  });
});

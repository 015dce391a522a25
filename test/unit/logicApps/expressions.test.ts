import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate } from '../../../src/emulator/logicApps/evaluate.ts';
import type { References } from '../../../src/emulator/logicApps/evaluate.ts';
import { validateDefinition } from '../../../src/emulator/logicApps/validate.ts';
import type { Json } from '../../../src/emulator/expressionReader.ts';
import type { Actions } from '../../../src/emulator/logicApps/workflow.ts';

const NONE: References = {
  parameters: (name) => ({ deep: { list: [1, 'two', null] }, text: "it's", name }),
  variables: () => 7,
  outputs: () => ({ statusCode: 200, body: { rows: [['a', 1]] } }),
  body: () => ({ rows: [['a', 1]] }),
  item: (loop) => loop ?? 'innermost',
  trigger: () => ({ name: 'Recurrence' }),
  utcNow: () => '2026-01-02T03:04:05.0000000Z',
};

describe('the workflow definition language', () => {
  for (const [text, expected] of [
    ['plain', 'plain'],
    ['@@plain', '@plain'],
    ['a@b.example', 'a@b.example'],
    ["@{items('Each')}/@@{x}", 'Each/@{x}'],
    ["@parameters('p')['deep'].list[1]", 'two'],
    ["@parameters('p')?['none']?['more']", null],
    ["@concat('it''s ', variables('n'), null)", "it's 7"],
    ["@equals(body('A')['rows'][0][1], 1)", true],
    ["@if(equals(1, 2), int('never'), 'other')", 'other'],
    ['@and(greaterOrEquals(2, 2), not(empty(createArray(1))))', true],
    ["@take(skip(parameters('p').deep.list, 1), 1)", ['two']],
    ["@json('{\"a\": [1]}')['a'][0]", 1],
    ["@first(body('A')['rows'])[0]", 'a'],
    ['@IF(Equals(-1.5, -1.5), TRUE, null)', true],
    ["n = @{length(body('A').rows)}", 'n = 1'],
  ] as const)
    it(text, () => {
      assert.deepEqual(evaluate(text, NONE), expected);
    });

  for (const [text, why] of [
    ["@parameters('p')['none']", /property 'none' doesn't exist, available properties are 'deep, text, name'/],
    ["@int('a word')", /'int' was invoked with a parameter that is not valid/],
    ["@parameters('p').deep.list[3]", /array index '3' is outside bounds \(0, 2\)/],
    ['@constructor', /Unable to parse template language expression 'constructor'/],
    ['@concat(', /Unable to parse template language expression 'concat\('/],
  ] as const)
    it(`${text} fails as the service does`, () => {
      assert.throws(() => evaluate(text, NONE), { message: why });
    });

  it('what is put together ends at 131,072 characters; a text that is passed on does not', () => {
    const long = 'x'.repeat(200_000);
    const references = { ...NONE, item: () => long };
    assert.equal(evaluate("@items('Each')", references), long);
    for (const text of ["@concat(items('Each'))", "@{items('Each')}", "@string(items('Each'))"])
      assert.throws(() => evaluate(text, references), { code: 'ExpressionEvaluationLimitExceeded' });
  });
});

describe('a definition is looked at before it is taken', () => {
  const refusal = (actions: object): string => {
    try {
      validateDefinition({ actions: actions as Actions });
    } catch (error) {
      return (error as Error).message;
    }
    return 'taken';
  };
  const nested = (depth: number): Record<string, unknown> =>
    depth === 0
      ? { [`A0`]: { type: 'Compose', inputs: 1 } }
      : { [`A${depth}`]: { type: 'Scope', actions: nested(depth - 1) } };
  const compose = (inputs: Json): object => ({ A: { type: 'Compose', inputs } });
  for (const [what, actions, expected] of [
    ['eight deep', nested(7), /^taken$/],
    ['nine deep', nested(8), /nested deeper than the maximum depth of '8'/],
    [
      'an unknown action',
      { A: { type: 'ApiConnection' } },
      /does not run actions of type 'ApiConnection' \(action 'A'\)/,
    ],
    ['an unknown function', compose("@xpath('a', 'b')"), /does not know the template language function 'xpath'/],
    ['an action that is not there', compose("@body('B')"), /'B' referenced by 'inputs' in action 'A' are not defined/],
    [
      'an order that is not there',
      { A: { type: 'Compose', runAfter: { B: ['Succeeded'] } } },
      /non-existent action: 'B'/,
    ],
    ['a parameter that is not there', compose("@parameters('p')"), /workflow parameter 'p' referenced in action 'A'/],
    ['a long expression', compose(`@concat('${'x'.repeat(8_192)}')`), /longer than the maximum of 8192/],
    [
      'a circle',
      {
        A: { type: 'Compose', runAfter: { B: ['Succeeded'] } },
        B: { type: 'Compose', runAfter: { A: ['Succeeded'] } },
      },
      /runs after itself/,
    ],
  ] as const)
    it(what, () => {
      assert.match(refusal(actions), expected);
    });
});

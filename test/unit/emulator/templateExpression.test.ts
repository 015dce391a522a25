import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate } from '../../../src/emulator/arm/templateExpression.ts';
import type { ExpressionScope } from '../../../src/emulator/arm/templateExpression.ts';

/** `both('a', 1)` is its arguments, `first(...)` the first alone: the others are never asked for. */
const SCOPE: ExpressionScope = {
  call: (name, args) => {
    if (name === 'first') return args[0]!();
    if (name === 'site') return { zones: ['1', '2'], 'is-open': true };
    if (name === 'both' || name === 'contoso.both') return args.map((arg) => arg());
    throw new Error(`${name} is not called`);
  },
};

describe('expressions of templates', () => {
  for (const [text, expected] of [
    ['plain', 'plain'],
    ['[[plain]', '[plain]'],
    ["[first('it''s', never())]", "it's"],
    ['[ both( -1 , site().zones[1] ) ]', [-1, '2']],
    ["[contoso.both(site()['Zones'][0], site().is-open)]", ['1', true]],
  ] as const)
    it(text, () => {
      assert.deepEqual(evaluate({ of: [text] }, SCOPE), { of: [expected] });
    });

  // What workflows have and templates do not.
  for (const [text, position] of [
    ['[true]', 5],
    ['[both(1.5)]', 8],
    ['[site()?.zones]', 7],
    ["[first('a)]", 8],
    ["[first('a') more]", 12],
  ] as const)
    it(`${text} cannot be read, at position ${position}`, () => {
      assert.throws(() => evaluate(text, SCOPE), {
        code: 'InvalidTemplate',
        message: `Unable to parse the template language expression '${text.slice(1, -1)}': unexpected text at position ${position}.`,
      });
    });
});

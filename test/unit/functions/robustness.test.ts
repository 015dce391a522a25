import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import type {
  EmitContext,
  JsFunction,
  PhysicalType,
  PhysicalValue,
  SqlExpr,
} from '../../../src/engine/functions/contract.ts';
import { convertExpr, literalExpr } from '../../../src/engine/functions/convert.ts';
import { scriptCall } from '../../../src/engine/functions/define.ts';
import { findAggregate, findScalar, listFunctions } from '../../../src/engine/functions/registry.ts';
import { named } from '../../../src/engine/sql/expression.ts';
import { KQL_TYPES, type KqlType } from '../../../src/model/kqlType.ts';

class Refused extends Error {}

const VALUES: Record<PhysicalType, readonly PhysicalValue[]> = {
  BOOLEAN: [null, true, false],
  INTEGER: [null, 0, -1, 2147483647],
  BIGINT: [null, 0n, 1n, -1n, 3n, 600000000000000000n, 2n ** 63n - 1n, -(2n ** 63n)],
  DOUBLE: [null, 0, -0, 1.5, -3, 1e300, Number.NaN, Number.POSITIVE_INFINITY],
  VARCHAR: [
    null,
    '',
    'a b',
    '[1,2.5,null,"x",[1]]',
    '{"a":{"b":[1]},"type":"Polygon","coordinates":[[[0,0],[1,1]]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[2,2],[2,4],[4,4],[2,2]]]}',
    '{"type":"MultiLineString","coordinates":[[[0,0],[9,0]],[[180,-90],[179,90],[4,4]]]}',
    '89c259',
    '862a1072fffffff',
    '"s"',
    '{',
    '[]',
    '[[7],[1],[2]]',
    '[1,3,5,2,4,6,1,3,5,2,4,6]',
    '10.0.0.1/24',
    '::1',
    '2024-01-01',
    '1.5',
    '\ud800',
    '😀<a>',
    'xn--',
    'S3VzdG8=',
  ],
};

/** Every JavaScript function that a call of any function with any types asks for. */
function collect(): Map<string, JsFunction> {
  const found = new Map<string, JsFunction>();
  const ctx: EmitContext = {
    now: 638000000000000000n,
    js: (fn, ...args) => {
      const before = found.get(fn.name);
      assert.ok(
        !before || (before.returns === fn.returns && before.params.join() === fn.params.join()),
        `${fn.name} stands for two functions`,
      );
      found.set(fn.name, fn);
      return scriptCall(fn, args);
    },
    convert: (expr, type) => convertExpr(expr, type, ctx),
    refuse: (what) => {
      throw new Refused(what);
    },
  };
  const names: Partial<Record<KqlType, SqlExpr>> = {
    long: literalExpr(1n, 'long'),
    string: literalExpr('day', 'string'),
  };
  for (const { name, kind } of listFunctions()) {
    for (let count = 0; count <= 7; count++)
      for (const type of KQL_TYPES)
        for (const literal of [false, true]) {
          const args = Array.from(
            { length: count },
            (_, i): SqlExpr => (literal && i > 0 ? names[type] : undefined) ?? { sql: named(`c${i}`), type },
          );
          try {
            if (kind === 'scalar') findScalar(name)?.emit(args, ctx, type);
            else findAggregate(name)?.emit(args, ctx, type);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
          }
        }
  }
  return found;
}

const isOfType = (value: PhysicalValue, type: PhysicalType) =>
  value === null ||
  (type === 'BOOLEAN'
    ? typeof value === 'boolean'
    : type === 'VARCHAR'
      ? typeof value === 'string'
      : type === 'BIGINT'
        ? typeof value === 'bigint' && BigInt.asIntN(64, value) === value
        : typeof value === 'number');

test('whatever the arguments, a function is refused or emitted, and its JavaScript refuses in words or keeps to its type', async () => {
  const functions = collect();
  assert.ok(functions.size > 250, `${functions.size} functions`);
  const wrong: string[] = [];
  for (const fn of functions.values()) {
    await fn.load?.();
    const rounds = fn.params.length === 0 ? 1 : 40;
    for (let round = 0; round < rounds; round++) {
      const args = fn.params.map(
        (type, i) => VALUES[type][(round * (i * 2 + 1) + i * 5 + (round >> 3)) % VALUES[type].length] ?? null,
      );
      // A count that asks for a million elements is right, but slow to ask for again and again.
      if (
        /kql_(repeat|range)/.test(fn.name) &&
        args.some((arg) => arg !== null && typeof arg !== 'string' && !(Math.abs(Number(arg)) < 1000))
      )
        continue;
      const call = `${fn.name}(${args.map(String).join(', ')})`;
      try {
        const value = fn.call(...args);
        if (!isOfType(value, fn.returns)) wrong.push(`${call} gave ${String(value)}`);
      } catch (error) {
        // A row whose answer is not certain is refused in words.
        if (!(error instanceof AppError && error.code === 'query.unsupported'))
          wrong.push(`${call} threw ${String(error)}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

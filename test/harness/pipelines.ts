import type { Column, KqlType } from '../../src/model/kqlType.ts';
import { apply, call, column, literal } from './referenceEvaluator.ts';
import type { Aggregate, Expression, JoinKind, SortKey, Step, Table, Value } from './referenceEvaluator.ts';
import type { SeededRandom } from './seededRandom.ts';
import { EPOCH_TICKS, TICKS } from '../../src/model/values/ticks.ts';

export const LEFT: readonly Column[] = [
  { name: 'id', type: 'long' },
  { name: 'k', type: 'long' },
  { name: 'v', type: 'long' },
  { name: 'r', type: 'real' },
  { name: 's', type: 'string' },
  { name: 'b', type: 'bool' },
  { name: 't', type: 'datetime' },
  { name: 'a', type: 'dynamic' },
];
export const RIGHT: readonly Column[] = [
  { name: 'k', type: 'long' },
  { name: 'w', type: 'long' },
  { name: 's', type: 'string' },
];
const WORDS = ['', 'a', 'A', 'ab', 'Ab', 'fox', 'Foxy', 'x y', "it's", 'z"z', 'ünter'];
const START = EPOCH_TICKS + 19_700n * TICKS.day;

/**
 * Rows with what goes wrong most: nulls, empty text, repeated keys, empty arrays. `id` is different in each row, `v`
 * never null.
 */
export function someTable(random: SeededRandom, columns: readonly Column[], count: number): Table {
  const value = ({ name, type }: Column, i: number): Value => {
    if (name === 'id') return BigInt(i);
    if (name === 'v' || name === 'w') return BigInt(random.int(-20, 20));
    if (type !== 'string' && random.chance(0.15)) return null;
    switch (type) {
      case 'long':
        return BigInt(random.int(-2, 5));
      case 'real':
        return random.int(-40, 40) / 4;
      case 'string':
        return random.pick(WORDS);
      case 'bool':
        return random.chance(0.5);
      case 'datetime':
        return START + BigInt(random.int(0, 5 * 86_400)) * 10_000_000n + BigInt(random.int(0, 3));
      default:
        return Array.from({ length: random.int(0, 3) }, () => (random.chance(0.1) ? null : BigInt(random.int(0, 9))));
    }
  };
  return { columns, rows: Array.from({ length: count }, (_, i) => columns.map((c) => value(c, i))) };
}

/** An expression of a type over the columns, of bounded depth. */
export function someExpression(random: SeededRandom, columns: readonly Column[], type: KqlType, depth = 2): Expression {
  const own = columns.filter((c) => c.type === type);
  const sub = (wanted: KqlType): Expression => someExpression(random, columns, wanted, depth - 1);
  if (depth === 0 || random.chance(0.25))
    return own.length > 0 && random.chance(0.75) ? column(random.pick(own)) : someLiteral(random, type);
  switch (type) {
    case 'long':
      return random.pick<() => Expression>([
        () => call(type, random.pick(['+', '-', '*']), sub(type), sub(type)),
        () => call(type, random.pick(['/', '%', 'bin']), sub(type), literal(type, BigInt(random.int(1, 7)))),
        () => call(type, 'strlen', sub('string')),
        () => call(type, 'iff', sub('bool'), sub(type), sub(type)),
      ])();
    case 'real':
      return random.chance(0.3)
        ? call(type, 'bin', sub(type), literal(type, random.pick([0.5, 1, 2.5])))
        : call(type, random.pick(['+', '-']), sub(type), sub(type));
    case 'string':
      return random.chance(0.5)
        ? call(type, 'strcat', sub(type), sub(type))
        : call(type, 'iff', sub('bool'), sub(type), sub(type));
    case 'bool':
      return someCondition(random, columns, depth);
    case 'datetime':
      return call(type, 'bin', sub(type), literal('timespan', random.pick([1n, 24n, 168n]) * 36_000_000_000n));
    default:
      return own.length > 0 ? column(random.pick(own)) : someLiteral(random, type);
  }
}
/**
 * A comparison, or several. `and`, `or` and `not` only where null means false in the end: of `where`, `iff` and
 * `countif`.
 */
export function someCondition(random: SeededRandom, columns: readonly Column[], depth = 2): Expression {
  if (depth > 1 && random.chance(0.4))
    return call(
      'bool',
      random.pick(['and', 'or']),
      someCondition(random, columns, depth - 1),
      someCondition(random, columns, depth - 1),
    );
  const type = random.pick<KqlType>(['long', 'long', 'real', 'string', 'datetime']);
  const side = (): Expression => someExpression(random, columns, type, depth - 1);
  if (type === 'string')
    return random.chance(0.2)
      ? call('bool', 'isempty', side())
      : call('bool', random.pick(['==', '!=', '=~', 'contains', 'startswith']), side(), side());
  return random.chance(0.15)
    ? call('bool', 'isnull', side())
    : call('bool', random.pick(['==', '!=', '<', '<=', '>', '>=']), side(), side());
}
function someLiteral(random: SeededRandom, type: KqlType): Expression {
  const value: Value =
    type === 'long'
      ? BigInt(random.int(-9, 9))
      : type === 'real'
        ? random.int(-20, 20) / 4
        : type === 'string'
          ? random.pick(WORDS)
          : type === 'bool'
            ? random.chance(0.5)
            : type === 'datetime'
              ? START + BigInt(random.int(0, 5)) * TICKS.day
              : null;
  return literal(type, type !== 'string' && type !== 'bool' && random.chance(0.1) ? null : value);
}

export type Operator = Step['op'];
/** A step of the kind asked for that the columns allow; undefined where they allow none. */
export function someStep(
  random: SeededRandom,
  op: Operator,
  columns: readonly Column[],
  other: Table,
): Step | undefined {
  // Names a step makes anew are not carried over, or they would be there twice.
  const carried = columns.filter((c) => !/^([mp]\d|g)$/.test(c.name));
  const plain = carried.filter((c) => c.type !== 'dynamic');
  const scalar = (): KqlType => random.pick<KqlType>(['long', 'long', 'real', 'string', 'datetime']);
  const named = (prefix: string, i: number): { name: string; expr: Expression } => ({
    name: `${prefix}${i}`,
    expr: someExpression(random, columns, scalar()),
  });
  const sortKeys = (): SortKey[] | undefined =>
    columns.some((c) => c.name === 'id')
      ? [
          ...random.some(
            plain.filter((c) => c.name !== 'id'),
            random.int(0, 2),
          ),
          { name: 'id' },
        ].map(({ name }) => ({ name, desc: random.chance(0.5), nullsFirst: random.chance(0.5) }))
      : undefined;
  switch (op) {
    case 'where':
      return { op, condition: someCondition(random, columns) };
    case 'extend':
      return {
        op,
        items: [
          named('x', 1),
          ...(random.chance(0.5) ? [named('x', 2)] : []),
          ...(random.chance(0.3) ? [{ name: 'k', expr: someExpression(random, columns, 'long') }] : []),
        ],
      };
    case 'project':
      return {
        op,
        items: [
          ...random.some(carried, random.int(1, 3)).map((c) => ({ name: c.name, expr: column(c) })),
          named('p', 1),
        ],
      };
    case 'summarize': {
      const keys = random.some(plain, random.int(0, 2)).map((c) => ({ name: c.name, expr: column(c) }));
      const computed = random.chance(0.3) ? [{ name: 'g', expr: someExpression(random, columns, 'long') }] : [];
      return { op, keys: [...keys, ...computed], aggregates: [0, 1, 2].map((i) => someAggregate(random, columns, i)) };
    }
    case 'distinct':
      return plain.length === 0 ? undefined : { op, names: random.some(plain, random.int(1, 3)).map((c) => c.name) };
    case 'sort': {
      const keys = sortKeys();
      return keys && { op, keys };
    }
    case 'top': {
      const keys = sortKeys();
      return keys && { op, keys: keys.slice(-1), count: random.int(0, 12) };
    }
    case 'take':
    case 'count':
      return { op, count: random.int(0, 60) };
    case 'union':
      return columns.every((c) => {
        const same = other.columns.find((o) => o.name === c.name);
        return !same || same.type === c.type;
      })
        ? { op, name: 'R', other }
        : undefined;
    case 'join': {
      const key = random.pick(['k', 's']);
      if (columns.find((c) => c.name === key)?.type !== (key === 'k' ? 'long' : 'string')) return undefined;
      return {
        op,
        kind: random.pick<JoinKind>([
          'inner',
          'leftouter',
          'rightouter',
          'fullouter',
          'leftsemi',
          'rightsemi',
          'leftanti',
          'rightanti',
        ]),
        name: 'R',
        other,
        key,
      };
    }
    case 'mv-expand':
      return columns.some((c) => c.name === 'a' && c.type === 'dynamic') ? { op, name: 'a' } : undefined;
  }
}
function someAggregate(random: SeededRandom, columns: readonly Column[], i: number): Aggregate {
  const name = random.pick<Aggregate['name']>(['count', 'countif', 'sum', 'min', 'max', 'avg', 'dcount']);
  const made = (type: KqlType, arg?: Expression): Aggregate => ({
    name,
    column: { name: `m${i}`, type },
    ...(arg ? { arg } : {}),
  });
  // What sum() makes of nothing but nulls is not documented, so it adds what is never null.
  const solid = columns.find((c) => c.name === 'v' && c.type === 'long');
  switch (name) {
    case 'count':
      return made('long');
    case 'countif':
      return made('long', someCondition(random, columns));
    case 'sum':
      return solid
        ? made('long', call('long', '*', column(solid), literal('long', BigInt(random.int(1, 4)))))
        : { name: 'count', column: { name: `m${i}`, type: 'long' } };
    case 'avg':
      return made('real', someExpression(random, columns, 'long', 1));
    case 'min':
    case 'max': {
      const type = random.pick<KqlType>(['long', 'real', 'datetime']);
      return made(type, someExpression(random, columns, type, 1));
    }
    case 'dcount':
      return made('long', someExpression(random, columns, random.pick<KqlType>(['long', 'string']), 1));
  }
}
/** A pipeline of steps over `start` and the tables after each of them. */
export function somePipeline(
  random: SeededRandom,
  start: Table,
  ops: readonly Operator[],
  other: Table,
): { readonly steps: readonly Step[]; readonly result: Table; readonly ordered: boolean } {
  let result = start;
  let ordered = false;
  // Ties have no order that is promised: rows are sorted only while `id` tells them apart.
  let told = true;
  const steps: Step[] = [];
  for (const op of ops) {
    const step = told || (op !== 'sort' && op !== 'top') ? someStep(random, op, result.columns, other) : undefined;
    if (!step) continue;
    told &&= op !== 'mv-expand' && op !== 'join' && op !== 'union';
    steps.push(step);
    result = apply(step, result);
    ordered = op === 'sort' || op === 'top' || (ordered && (op === 'where' || op === 'extend' || op === 'project'));
  }
  return { steps, result, ordered };
}

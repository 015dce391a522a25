import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listFunctions } from '../../src/engine/functions/registry.ts';
import { signaturesOf } from './fuzzSignatures.ts';
import type { FuzzSignature } from './fuzzSignatures.ts';
import { LEFT, RIGHT, somePipeline, someTable } from './pipelines.ts';
import type { Operator } from './pipelines.ts';
import { stepText } from './referenceEvaluator.ts';
import type { Table } from './referenceEvaluator.ts';
import { SeededRandom } from './seededRandom.ts';

/** The tables every fuzzed query may read. */
export const TABLES: Readonly<Record<string, Table>> = {
  L: someTable(new SeededRandom(1), LEFT, 60),
  R: someTable(new SeededRandom(2), RIGHT, 20),
};

const goldenFolder = new URL('../golden/cases/', import.meta.url);
const golden = readdirSync(goldenFolder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .flatMap((name) => readSeeds(fileURLToPath(new URL(name, goldenFolder))));
const functions = listFunctions().filter(({ name }) => /^[a-z]\w*$/.test(name));
const scalars = functions.filter((f) => f.kind === 'scalar').map((f) => f.name);
const aggregates = functions.filter((f) => f.kind === 'aggregate').map((f) => f.name);
const calls = signaturesOf(new Set(scalars), 'Functions');
const aggregateCalls = signaturesOf(new Set(aggregates), 'Aggregates');
const COLUMNS = LEFT.map((c) => c.name);
const LITERALS = [
  '0',
  '1',
  '-1',
  '7',
  '9223372036854775807',
  '-9223372036854775807',
  '0x7f',
  '1.5',
  '-0.0',
  '1e308',
  'real(nan)',
  'real(+inf)',
  'long(null)',
  'int(null)',
  "''",
  "'a'",
  "'%'",
  "'(['",
  "'😀'",
  '"it\'s"',
  "@'\\d+'",
  'true',
  'bool(null)',
  '1d',
  '1tick',
  '-1h',
  '0s',
  'time(null)',
  'datetime(2024-02-29)',
  'datetime(0001-01-01)',
  'datetime(9999-12-31 23:59:59.9999999)',
  'datetime(null)',
  'now()',
  'dynamic([])',
  'dynamic([1,null,"x",{"k":[]}])',
  'dynamic({"a":{"b":1}})',
  'dynamic(null)',
  'dynamic("s")',
  'decimal(1.5)',
  'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)',
  "'10.0.0.0/8'",
  '\'{"a":1}\'',
  "'Europe/Paris'",
  "'day'",
];
const INFIX = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '=~',
  'and',
  'or',
  'has',
  '!has',
  'contains',
  'startswith',
  'endswith',
  'has_cs',
  'matches regex',
  'hasprefix',
];

/** What a type is written as: edges first. */
const TYPED: Readonly<Record<string, readonly string[]>> = {
  long: ['id', 'k', 'v', '0', '1', '-1', '3', '9223372036854775807', 'long(null)'],
  int: ['int(1)', 'int(null)'],
  real: ['r', '0.5', '-2.0', '1e308', 'real(nan)', 'real(+inf)', 'real(null)'],
  string: [
    's',
    "''",
    "'a'",
    "'a b,c'",
    "'10.0.0.0/8'",
    "'(['",
    "'😀'",
    '\'{"a":[1]}\'',
    "'http://h:1/p?q=1#f'",
    "'1.2.3.4'",
    "'Europe/Paris'",
    "'PT1H'",
  ],
  bool: ['b', 'true', 'false', 'bool(null)'],
  datetime: ['t', 'now()', 'datetime(0001-01-01)', 'datetime(9999-12-31 23:59:59.9999999)', 'datetime(null)'],
  timespan: ['1d', '1tick', '-1h', '0s', 'time(null)', 'time(10675199.02:48:05.4775807)'],
  dynamic: [
    'a',
    'dynamic([])',
    'dynamic([1,2.5,-3])',
    'dynamic([1,null,"x",{"k":[]}])',
    'dynamic({"a":{"b":1}})',
    'dynamic(null)',
    'dynamic("s")',
    'parse_json(s)',
  ],
  decimal: ['decimal(1.5)', 'decimal(null)'],
  guid: ['guid(74be27de-1e4e-49d9-b579-fe0b331d3642)'],
};
function typed(random: SeededRandom, type: string, depth: number): string {
  return depth > 0 && random.chance(0.2)
    ? `to${type}(${call(random, random.pick(calls), depth - 1)})`
    : random.pick(TYPED[type] ?? TYPED.long!);
}
/** A call that fits a signature, most of the time. */
function call(random: SeededRandom, { name, least, parameters }: FuzzSignature, depth: number): string {
  const args = parameters.flatMap((p, i) => {
    if (i >= least && random.chance(0.5)) return [];
    const one = (): string =>
      p.values.length > 0 && random.chance(0.9)
        ? `'${random.pick(p.values)}'`
        : typed(random, random.pick(p.types), depth);
    return Array.from({ length: p.repeats ? random.int(1, 3) : 1 }, one);
  });
  return `${name}(${args.join(', ')})`;
}

function expression(random: SeededRandom, depth = 3): string {
  const sub = (): string => expression(random, depth - 1);
  if (depth === 0) return random.chance(0.5) ? random.pick(COLUMNS) : random.pick(LITERALS);
  switch (random.int(0, 9)) {
    case 0:
    case 1:
      return `(${sub()} ${random.pick(INFIX)} ${sub()})`;
    case 2:
      return random.pick(LITERALS);
    case 3:
      return random.pick(COLUMNS);
    case 4:
      return `a[${sub()}]`;
    case 5:
      return `(${sub()} ${random.pick(['in', '!in', 'in~', 'has_any', 'has_all', 'between'])} ${random.chance(0.2) ? `(${sub()} .. ${sub()})` : `(${sub()}, ${sub()})`})`;
    case 6:
      return `${random.pick(scalars)}(${Array.from({ length: random.int(0, 3) }, sub).join(', ')})`;
    default:
      return call(random, random.pick(calls), depth - 1);
  }
}
function operator(random: SeededRandom, depth: number): string {
  const e = (d = 2): string => expression(random, d);
  const c = (): string => random.pick(COLUMNS);
  const n = (): string => random.pick(['0', '1', '3', '10', '-1', 'long(null)']);
  const aggregate = (): string =>
    random.chance(0.7)
      ? call(random, random.pick(aggregateCalls), 1)
      : `${random.pick(aggregates)}(${random.pick([() => '', c, () => e(1), () => `${c()}, ${c()}`, () => `${c()}, ${e(1)}`, () => `${c()}, *`])()})`;
  const inner = (): string => (depth > 0 ? query(random, depth - 1) : 'R');
  return random.pick<() => string>([
    () => `extend x = ${call(random, random.pick(calls), 1)}`,
    () => `project id, x = ${call(random, random.pick(calls), 2)}`,
    () => `where isnotnull(${call(random, random.pick(calls), 1)})`,
    () => `where ${e()}`,
    () => `extend x = ${e()}`,
    () => `extend ${e()}, y = ${e(1)}`,
    () => `project ${c()}, z = ${e()}`,
    () => `project-away ${random.pick(['s*', '*', c()])}`,
    () => `project-reorder ${c()}, *`,
    () => `project-rename q = ${c()}`,
    () => `summarize ${aggregate()}, ${aggregate()} by ${c()}`,
    () => `summarize ${aggregate()} by ${e(1)}, bin(v, ${n()})`,
    () => `summarize by ${c()}, ${c()}`,
    () => 'count',
    () => `distinct ${random.pick(['*', c(), `${c()}, ${c()}`])}`,
    () => `sort by ${c()} ${random.pick(['', 'asc', 'desc nulls first'])}, ${e(1)}`,
    () => `top ${n()} by ${e(1)}`,
    () => `take ${n()}`,
    () => `sample ${n()}`,
    () => `top-nested ${n()} of ${c()} by ${aggregate()}`,
    () => `top-hitters ${n()} of ${c()}`,
    () =>
      `join kind=${random.pick(['inner', 'leftouter', 'fullouter', 'leftanti', 'rightsemi', 'innerunique'])} (${inner()}) on ${random.pick(['k', 's', 'k, s', '$left.k == $right.w'])}`,
    () => `lookup (${inner()}) on k`,
    () => `union ${random.pick(['kind=inner', 'withsource=src', 'isfuzzy=true', ''])} (${inner()})`,
    () => `mv-expand ${random.pick(['a', 'a to typeof(long)', 'with_itemindex=i a', `x = ${e(1)}`, 'a limit 2'])}`,
    () => `mv-apply a on (${random.pick(['count', 'top 1 by tolong(a)', 'where a > 1', 'summarize sum(tolong(a))'])})`,
    () =>
      `parse ${random.pick(['', 'kind=regex', 'kind=relaxed'])} s with * ${random.pick(["'a'", "'('", "''"])} p1 ${random.pick(["'b'", "' '"])} p2:long *`,
    () => `parse-kv s as (a1:long, b1:string) with (pair_delimiter=' ', kv_delimiter='=')`,
    () =>
      `make-series ${aggregate()} default=${n()} on ${random.pick(['v', 't'])} ${random.pick(['', 'from -5 to 5', 'from datetime(2023-12-01) to datetime(2023-12-20)'])} step ${random.pick(['1', '1d', '0', '-1'])}`,
    () => `serialize rn = row_number(), p = prev(${c()}), cs = row_cumsum(v, s != prev(s))`,
    () => `scan declare (c:long=0) with (step s1: ${e(1)} => c = s1.c + 1;)`,
    () => `partition by ${c()} (${random.pick(['top 1 by v', 'count', 'summarize sum(v)'])})`,
    () => `evaluate ${random.pick(['pivot(s)', 'pivot(s, sum(v), k)', 'narrow()', 'bag_unpack(a)'])}`,
    () => `search ${random.pick(["'fox'", "s:'a'", '*'])}`,
    () => 'getschema',
    () => `as T1 | union T1`,
    () => `reduce by s`,
    () => `fork (count) (take 1)`,
    () => `facet by k`,
    () => 'render timechart',
  ])();
}
function query(random: SeededRandom, depth = 1): string {
  const source = random.pick<() => string>([
    () => 'L',
    () => 'L',
    () => 'L',
    () => 'R',
    () => `print x = ${expression(random)}, s = ${expression(random, 1)}`,
    () =>
      `range v from ${random.pick(['1 to 9 step 2', '9 to -3 step -1', '0.5 to 2 step 0.5', 'datetime(2024-01-01) to datetime(2024-01-05) step 1d', '1h to 3h step 30m', '1 to 5 step 0', '1 to datetime(2024-01-05) step 1'])}`,
    () => `datatable(k:long, s:string)[1, 'a', ${random.pick(['2', 'long(null)', "'x'"])}, 'b']`,
    () => `union L, R`,
    () => 'find in (L, R) where k == 1',
  ])();
  return [source, ...Array.from({ length: random.int(0, 4) }, () => operator(random, depth))].join('\n| ');
}

const TOKENS = [
  '|',
  '(',
  ')',
  '[',
  ']',
  ',',
  '=',
  '==',
  '..',
  "'",
  '"',
  '*',
  'by',
  'on',
  'with',
  'let x = ',
  ';',
  '\n',
  '//',
  'typeof(',
  'null',
  'asc',
  '$left',
  '@',
  '\u0000',
  '😀',
  '99999999999999999999',
  'dynamic({',
];
/** A text with a few accidents: pieces cut, doubled, moved, replaced, steps of another of the `seeds` put in. */
function mutated(random: SeededRandom, text: string, seeds: readonly string[]): string {
  let now = text;
  for (let i = random.int(1, 3); i > 0; i--) {
    const at = random.int(0, now.length);
    const to = Math.min(now.length, at + random.int(0, 12));
    const parts = now.split(/(\s+|\b)/);
    now = random.pick<() => string>([
      () => now.slice(0, at) + now.slice(to),
      () => now.slice(0, to) + now.slice(at),
      () => now.slice(0, at) + random.pick(TOKENS) + now.slice(at),
      () => now.slice(0, at),
      () => now.replace(/\d+/, String(random.pick(['0', '-1', '1e400', '18446744073709551616']))),
      () => {
        const [a, b] = [random.int(0, parts.length - 1), random.int(0, parts.length - 1)];
        [parts[a], parts[b]] = [parts[b]!, parts[a]!];
        return parts.join('');
      },
      () => now.slice(0, at) + random.pick(seeds).slice(0, 40) + now.slice(at),
      () => withStep(random, now, random.pick(seeds)),
      () => `${now}\n| ${operator(random, 0)}`,
      () => now.replace(/\b[a-z_]+\(/, `${random.pick(scalars)}(`),
    ])();
  }
  return now;
}

/** A step of one pipe put into another. */
function withStep(random: SeededRandom, text: string, other: string): string {
  const [steps, others] = [text.split('\n|'), other.split('\n|').slice(1)];
  if (others.length === 0) return text;
  steps.splice(random.int(1, steps.length), random.int(0, 1), random.pick(others));
  return steps.join('\n|');
}

/**
 * The query of a number: the same in every run. A third is well made, a third made of the grammar, a third mutated
 * golden ones; of `seeds`, two thirds are those mutated.
 */
export function fuzzQuery(index: number, seeds: readonly string[] = golden): string {
  const random = new SeededRandom(Math.imul(Math.imul(index + 97, 0x45d9f3b) ^ (index >>> 7), 0x2c1b3c6d));
  switch (random.int(0, seeds === golden ? 2 : 5)) {
    case 0: {
      const ops = Array.from({ length: random.int(1, 5) }, () =>
        random.pick<Operator>([
          'where',
          'extend',
          'project',
          'summarize',
          'distinct',
          'sort',
          'union',
          'join',
          'mv-expand',
          'count',
        ]),
      );
      const text = [
        'L',
        ...somePipeline(random, { columns: TABLES.L!.columns, rows: [] }, ops, {
          columns: TABLES.R!.columns,
          rows: [],
        }).steps.map(stepText),
      ].join('\n| ');
      return random.chance(0.3) ? mutated(random, text, seeds) : text;
    }
    case 1:
      return query(random);
    default:
      return mutated(random, random.pick(seeds), seeds);
  }
}
/** The queries of a file of JSON lines with a `query` each, such as other people's. */
export function readSeeds(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { query: string }).query);
}

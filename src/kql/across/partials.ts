import type { Column, KqlType } from '../../model/kqlType.ts';
import type { Expr } from '../plan.ts';
import type { AggregateCall, Grouping } from './grouping.ts';
import { call, isOfTarget, isVolatile } from './expressions.ts';
import type { Splitting } from './splitting.ts';

/** Where parts of an aggregate go. */
export interface Partial {
  readonly grouping: Grouping;
  readonly splitter: Splitting;
  /** The name that a part takes, as far as it is free, and the columns of the whole. */
  readonly name: string;
  readonly columns: readonly Column[];
}

/** What an aggregate is, of parts that each target computes; undefined where its rows have to come. */
export function partialOf(whole: AggregateCall, part: Partial): Expr | undefined {
  const { grouping, splitter } = part;
  const rule = RULES[whole.name];
  if (!rule || whole.args.some(isVolatile)) return undefined;
  if (rule !== row && !whole.args.every((arg) => splitter.pushing.allows(arg))) return undefined;
  return rule(whole, part, grouping);
}

type Rule = (whole: AggregateCall, part: Partial, grouping: Grouping) => Expr | undefined;

function aggregate(name: string, type: KqlType, args: readonly Expr[], whole: AggregateCall): AggregateCall {
  return { kind: 'aggregate', name, type, args, place: whole.place };
}
function isDynamic(expr: Expr | undefined): boolean {
  return expr === undefined || expr.type === 'dynamic';
}

/** Counts and sums: the sum of the parts, which is 0 where none came. */
const summed: Rule = (whole, { name }, grouping) => aggregate('sum', whole.type, [grouping.item(name, whole)], whole);

/** The same aggregate again, of the parts, without the condition that has been looked at there. */
const again =
  (name: string): Rule =>
  (whole, part, grouping) =>
    aggregate(name, whole.type, [grouping.item(part.name, whole)], whole);

/** A least or greatest; of texts under a condition it is empty where none fulfils it, and then no text of the group. */
const extreme =
  (name: string): Rule =>
  (whole, part, grouping) => {
    const [value, condition] = whole.args;
    if (!condition || value?.type !== 'string') return again(name)(whole, part, grouping);
    const counted = grouping.item(`${part.name}_count`, aggregate('countif', 'long', [condition], whole));
    const some = call('>', 'bool', [counted, { kind: 'literal', type: 'long', value: 0n }], whole.place);
    return aggregate(`${name}if`, whole.type, [grouping.item(part.name, whole), some], whole);
  };

/** A mean is a sum over a count: neither is exact in the parts' own means. Sums of longs wrap, as those of all do. */
const mean: Rule = (whole, { name }, grouping) => {
  const [value, condition] = whole.args;
  if (!value || !AVERAGED.has(value.type)) return undefined;
  const { place } = whole;
  const known = call('isnotnull', 'bool', [value], place);
  const counted = condition ? call('and', 'bool', [condition, known], place) : known;
  const exact = value.type === 'timespan';
  const asIs = exact || value.type === 'real' || value.type === 'long';
  const type: KqlType = asIs ? value.type : 'real';
  const added = asIs ? value : call('toreal', 'real', [value], place);
  const sum = grouping.item(
    `${name}_sum`,
    condition ? aggregate('sumif', type, [added, condition], whole) : aggregate('sum', type, [added], whole),
  );
  const count = grouping.item(`${name}_count`, aggregate('countif', 'long', [counted], whole));
  const all = aggregate('sum', type, [sum], whole);
  const total = type === 'long' ? call('toreal', 'real', [all], place) : all;
  return call('/', whole.type, [total, aggregate('sum', 'long', [count], whole)], place);
};
const AVERAGED: ReadonlySet<string> = new Set(['int', 'long', 'real', 'timespan']);

/** Distinct values: each target's values are groups of their own, and are counted here. */
const counted: Rule = (whole, { name }, grouping) => {
  const [value, second] = whole.args;
  const conditional = whole.name.endsWith('if');
  if (isDynamic(value)) return undefined;
  const key = grouping.key(`${name}_value`, value!);
  if (!conditional) return aggregate('count_distinct', 'long', [key], whole);
  const condition = grouping.key(`${name}_if`, second!);
  return aggregate('count_distinctif', 'long', [key, condition], whole);
};

/** A set of values, from the distinct ones. */
const set: Rule = (whole, { name }, grouping) => {
  const [value, ...rest] = whole.args;
  if (isDynamic(value)) return undefined;
  const conditional = whole.name.endsWith('if');
  const key = grouping.key(`${name}_value`, value!);
  const more = conditional ? [grouping.key(`${name}_if`, rest[0]!), ...rest.slice(1)] : rest;
  return aggregate(whole.name, 'dynamic', [key, ...more], whole);
};

/** Percentiles: how often each value is there, weighed here. */
const percentile: Rule = (whole, { name }, grouping) => {
  const weighted = whole.name.includes('w');
  const [value, ...rest] = whole.args;
  // What is no number counts in a percentile, and weighs nothing in a weighed one.
  if (isDynamic(value) || value!.type === 'real') return undefined;
  const key = grouping.key(`${name}_value`, value!);
  const weight = grouping.item(
    `${name}_weight`,
    weighted ? aggregate('sum', rest[0]!.type, [rest[0]!], whole) : aggregate('count', 'long', [], whole),
  );
  const wide = whole.name.startsWith('percentiles');
  const local = wide ? (whole.name.endsWith('_array') ? 'percentilesw_array' : 'percentilesw') : 'percentilew';
  return aggregate(local, whole.type, [key, weight, ...(weighted ? rest.slice(1) : rest)], whole);
};

/**
 * A row of a group, the one of a greatest or least value or any: each target's, and of these again. What says whose it
 * is stays here.
 */
const row: Rule = (whole, part, grouping) => {
  const here = whole.args.map((arg) => isOfTarget(arg) && arg.kind === 'column');
  const there = whole.args.filter((_, i) => !here[i]);
  if (there.length === 0 || (here[0] && whole.name.startsWith('arg'))) return undefined;
  if (!there.every((arg) => part.splitter.pushing.allows(arg))) return undefined;
  const sent = grouping.items_(
    whole.args.flatMap((arg, i) => (here[i] ? [] : [part.columns[i]?.name ?? nameOf(arg, `${part.name}_${i}`)])),
    { ...whole, args: there },
    there.map(({ type }) => type),
  );
  let at = 0;
  return { ...whole, args: whole.args.map((arg, i) => (here[i] ? arg : sent[at++]!)) };
};
function nameOf(expr: Expr, otherwise: string): string {
  return expr.kind === 'column' ? expr.name : otherwise;
}

/**
 * Variances: how many values each target has, their mean and their spread around it. Around the mean of all they are
 * spread by that, and by how far the targets' means lie from it; squares are never subtracted from one another.
 */
const deviation: Rule = (whole, { name }, grouping) => {
  const [given, condition] = whole.args;
  if (isDynamic(given)) return undefined;
  const { place } = whole;
  const f = (fn: string, ...args: Expr[]): Expr => call(fn, 'real', args, place);
  const sum = (of: Expr, where: Expr): Expr => aggregate('sumif', 'real', [of, where], whole);
  const value = given!.type === 'real' ? given! : f('toreal', given!);
  const counted = condition ? f('iff', condition, value, { kind: 'literal', type: 'real', value: null }) : value;
  const part = (suffix: string, fn: string, type: KqlType, of: Expr): Expr =>
    grouping.item(`${name}_${suffix}`, aggregate(fn, type, [of], whole));
  const n = part('count', 'countif', 'long', call('isnotnull', 'bool', [counted], place));
  const [mean, spread] = [part('mean', 'avg', 'real', counted), part('spread', 'variancep', 'real', counted)];
  const long = (of: bigint): Expr => ({ kind: 'literal', type: 'long', value: of });
  const some = call('>', 'bool', [n, long(0n)], place);
  const count = aggregate('sum', 'long', [n], whole);
  // A mean that is no number makes the spread of all none, by its own; arrays hold only numbers.
  const usable = call('and', 'bool', [some, call('isfinite', 'bool', [mean], place)], place);
  const list = (of: Expr): Expr => aggregate('make_list_if', 'dynamic', [of, usable], whole);
  const means = list(mean);
  const centre = call(
    'repeat',
    'dynamic',
    [f('/', sum(f('*', n, mean), usable), count), f('array_length', means)],
    place,
  );
  const away = f('series_subtract', means, centre);
  const between = f('array_sum', f('series_multiply', list(f('toreal', n)), f('series_multiply', away, away)));
  const squares = f('+', sum(f('*', n, spread), some), between);
  const sample = !/p(?:if)?$/.test(whole.name);
  const [least, divisor] = sample ? [1n, call('-', 'long', [count, long(1n)], place)] : [0n, count];
  const variance = f('/', squares, divisor);
  const enough = call('>', 'bool', [count, long(least)], place);
  const none: Expr = { kind: 'literal', type: 'real', value: 0 };
  return f('iff', enough, whole.name.startsWith('stdev') ? f('sqrt', variance) : variance, none);
};

const RULES: Readonly<Record<string, Rule>> = {
  count: summed,
  countif: summed,
  sum: summed,
  sumif: summed,
  min: extreme('min'),
  minif: extreme('min'),
  max: extreme('max'),
  maxif: extreme('max'),
  avg: mean,
  avgif: mean,
  dcount: counted,
  dcountif: counted,
  count_distinct: counted,
  count_distinctif: counted,
  make_set: set,
  make_set_if: set,
  makeset: set,
  percentile,
  percentiles: percentile,
  percentiles_array: percentile,
  percentilew: percentile,
  percentilesw: percentile,
  percentilesw_array: percentile,
  arg_max: row,
  arg_min: row,
  take_any: row,
  any: row,
  ...Object.fromEntries(
    ['stdev', 'stdevp', 'variance', 'variancep'].flatMap((name) => [
      [name, deviation],
      [`${name}if`, deviation],
    ]),
  ),
  binary_all_and: again('binary_all_and'),
  binary_all_or: again('binary_all_or'),
  binary_all_xor: again('binary_all_xor'),
};

import type { Column } from '../../model/kqlType.ts';
import type { Expr } from '../plan.ts';
import { literalText, stringText } from './literals.ts';
import type { Printer } from './printer.ts';

type Call = Extract<Expr, { kind: 'call' | 'aggregate' }>;
/** Fewer pairs than these are written out. */
const MANY = 8;

/**
 * `bag_pack()`, and the pairs of which only those with a value are packed, which `pack_all(true)` does: of a row's
 * columns all, or all but some.
 */
export function bagText(expr: Call, row: readonly Column[], printer: Printer): string {
  const pairs = pairsOf(expr.args);
  const names = pairs.map(({ key, value }) => (value.kind === 'column' && value.name === key ? key : undefined));
  const all = row.length > 0 && names.length === row.length && row.every((c, i) => c.name === names[i]);
  if (expr.name === 'bag_pack') {
    if (all && pairs.length >= MANY) return 'pack_all()';
    return `bag_pack(${expr.args.map((arg) => printer.scalar(arg, row)).join(', ')})`;
  }
  if (all) return 'pack_all(true)';
  const packed = new Set(names);
  const others = row.filter((c) => !packed.has(c.name)).map((c) => c.name);
  const inOrder = row.filter((c) => packed.has(c.name)).every((c, i) => c.name === names[i]);
  if (pairs.length > 0 && !packed.has(undefined) && inOrder && others.length + names.length === row.length)
    return `bag_remove_keys(pack_all(true), ${literalText('dynamic', JSON.stringify(others))})`;
  return withValues(pairs, row, printer);
}

/** Whether an expression may be written as `pack_all()`, whose keys stand in the order of the row's columns. */
export function packsRow(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call':
    case 'aggregate':
      return (
        expr.name === 'pack_nonempty' ||
        (expr.name === 'bag_pack' && expr.args.length >= 2 * MANY) ||
        expr.args.some(packsRow)
      );
    case 'convert':
    case 'inQuery':
      return packsRow(expr.value);
    case 'inArray':
      return packsRow(expr.value) || packsRow(expr.array);
    default:
      return false;
  }
}

interface Pair {
  readonly key: string;
  readonly value: Expr;
}
function pairsOf(args: readonly Expr[]): Pair[] {
  return Array.from({ length: Math.floor(args.length / 2) }, (_, i) => {
    const key = args[2 * i]!;
    return { key: key.kind === 'literal' ? String(key.value) : '', value: args[2 * i + 1]! };
  });
}

/** Bags of one pair or none, put together a few dozen at a time. */
function withValues(pairs: readonly Pair[], row: readonly Column[], printer: Printer): string {
  const bags = pairs.map(({ key, value }) => {
    const text = printer.scalar(value, row);
    const empty = value.type === 'string' ? `isempty(${text})` : `isnull(${text})`;
    return `iff(${empty}, dynamic({}), bag_pack(${stringText(key)}, ${text}))`;
  });
  return merged(bags);
}
function merged(bags: readonly string[]): string {
  if (bags.length < 2) return bags[0] ?? 'dynamic({})';
  if (bags.length <= 60) return `bag_merge(${bags.join(', ')})`;
  return merged(Array.from({ length: Math.ceil(bags.length / 60) }, (_, i) => merged(bags.slice(i * 60, i * 60 + 60))));
}

import type { Cell, Column, KqlType } from '../../src/model/kqlType.ts';
import { writeSpan, writeTime } from './times.ts';

/** A value: long, datetime and timespan bigint (ticks), real number, arrays of longs for dynamic. */
export type Value = boolean | bigint | number | string | readonly (bigint | null)[] | null;
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
}

/**
 * A small language of expressions and operators, of which each is said twice: as KQL and as the plainest JavaScript.
 */
export type Expression =
  | { readonly kind: 'column'; readonly name: string; readonly type: KqlType }
  | { readonly kind: 'literal'; readonly value: Value; readonly type: KqlType }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly type: KqlType };
export type Aggregate = {
  readonly name: 'count' | 'countif' | 'sum' | 'min' | 'max' | 'avg' | 'dcount';
  readonly arg?: Expression;
  readonly column: Column;
};
export type JoinKind =
  | 'inner'
  | 'leftouter'
  | 'rightouter'
  | 'fullouter'
  | 'leftsemi'
  | 'rightsemi'
  | 'leftanti'
  | 'rightanti';
export type Step =
  | { readonly op: 'where'; readonly condition: Expression }
  | {
      readonly op: 'extend' | 'project';
      readonly items: readonly { readonly name: string; readonly expr: Expression }[];
    }
  | {
      readonly op: 'summarize';
      readonly keys: readonly { readonly name: string; readonly expr: Expression }[];
      readonly aggregates: readonly Aggregate[];
    }
  | { readonly op: 'distinct'; readonly names: readonly string[] }
  | { readonly op: 'sort'; readonly keys: readonly SortKey[] }
  | { readonly op: 'top'; readonly count: number; readonly keys: readonly SortKey[] }
  | { readonly op: 'take' | 'count'; readonly count: number }
  | { readonly op: 'union'; readonly name: string; readonly other: Table }
  | { readonly op: 'join'; readonly kind: JoinKind; readonly name: string; readonly other: Table; readonly key: string }
  | { readonly op: 'mv-expand'; readonly name: string };
export interface SortKey {
  readonly name: string;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

export function column(c: Column): Expression {
  return { kind: 'column', ...c };
}
export function literal(type: KqlType, value: Value): Expression {
  return { kind: 'literal', type, value };
}
export function call(type: KqlType, name: string, ...args: Expression[]): Expression {
  return { kind: 'call', type, name, args };
}

const INFIX: ReadonlySet<string> = new Set([
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
  'and',
  'or',
  '=~',
  'contains',
  'startswith',
]);
export function exprText(expr: Expression): string {
  if (expr.kind === 'column') return expr.name;
  if (expr.kind === 'literal') return literalText(expr.type, expr.value);
  const args = expr.args.map(exprText);
  return INFIX.has(expr.name) ? `(${args[0]} ${expr.name} ${args[1]})` : `${expr.name}(${args.join(', ')})`;
}
/** A value as KQL writes it. */
export function literalText(type: KqlType, value: Value): string {
  if (type === 'string') return `"${JSON.stringify(value ?? '').slice(1, -1)}"`;
  if (value === null) return `${type}(null)`;
  if (type === 'datetime') return `datetime(${writeTime(value as bigint)})`;
  if (type === 'timespan') return `time(${writeSpan(value as bigint)})`;
  if (type === 'dynamic')
    return `dynamic(${JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v))})`;
  if (type === 'real')
    return `real(${Number.isNaN(value) ? 'nan' : value === Infinity ? '+inf' : value === -Infinity ? '-inf' : String(value)})`;
  return type === 'bool' ? String(value) : `${type}(${String(value)})`;
}
export function stepText(step: Step): string {
  const items = (list: readonly { name: string; expr: Expression }[]): string =>
    list.map((i) => `${i.name} = ${exprText(i.expr)}`).join(', ');
  const keys = (list: readonly SortKey[]): string =>
    list.map((k) => `${k.name} ${k.desc ? 'desc' : 'asc'} nulls ${k.nullsFirst ? 'first' : 'last'}`).join(', ');
  switch (step.op) {
    case 'where':
      return `where ${exprText(step.condition)}`;
    case 'extend':
    case 'project':
      return `${step.op} ${items(step.items)}`;
    case 'summarize': {
      const aggregates = step.aggregates
        .map((a) => `${a.column.name} = ${a.name}(${a.arg ? exprText(a.arg) : ''})`)
        .join(', ');
      return `summarize ${aggregates}${step.keys.length > 0 ? ` by ${items(step.keys)}` : ''}`;
    }
    case 'distinct':
      return `distinct ${step.names.join(', ')}`;
    case 'sort':
      return `sort by ${keys(step.keys)}`;
    case 'top':
      return `top ${step.count} by ${keys(step.keys)}`;
    case 'take':
      return `take ${step.count} | count`;
    case 'count':
      return 'count';
    case 'union':
      return `union ${step.name}`;
    case 'join':
      return `join kind=${step.kind} ${step.name} on ${step.key}`;
    case 'mv-expand':
      return `mv-expand ${step.name} to typeof(long)`;
  }
}

type Lookup = (name: string) => Value;
export function evaluate(expr: Expression, row: Lookup): Value {
  if (expr.kind === 'column') return row(expr.name);
  if (expr.kind === 'literal') return expr.value;
  const [a = null, b = null, c = null] = expr.args.map((arg) => evaluate(arg, row));
  const type = expr.args[0]?.type ?? 'long';
  switch (expr.name) {
    case 'and':
      return a === false || b === false ? false : a === null || b === null ? null : true;
    case 'or':
      return a === true || b === true ? true : a === null || b === null ? null : false;
    case 'not':
      return a === null ? null : !a;
    case 'isnull':
      return a === null;
    case 'isempty':
      return a === '';
    case 'iff':
      return a === true ? b : c;
    case '==':
      return a === null && b === null ? null : a === null || b === null ? false : a === b;
    case '!=':
      return a === null && b === null ? null : a === null || b === null ? true : a !== b;
    case '<':
      return a === null || b === null ? null : a < b;
    case '<=':
      return a === null || b === null ? null : a <= b;
    case '>':
      return a === null || b === null ? null : a > b;
    case '>=':
      return a === null || b === null ? null : a >= b;
    case '=~':
      return String(a).toLowerCase() === String(b).toLowerCase();
    case 'contains':
      return String(a).toLowerCase().includes(String(b).toLowerCase());
    case 'startswith':
      return String(a).toLowerCase().startsWith(String(b).toLowerCase());
    case 'strlen':
      return BigInt([...String(a)].length);
    case 'strcat':
      return `${String(a)}${String(b)}`;
    case 'tolower':
      return String(a).toLowerCase();
    default:
      return a === null || b === null
        ? null
        : type === 'real'
          ? onReals(expr.name, a as number, b as number)
          : onLongs(expr.name, a as bigint, b as bigint);
  }
}
function onReals(name: string, a: number, b: number): number {
  switch (name) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case 'bin':
      return Math.floor(a / b) * b;
    default:
      throw new Error(name);
  }
}
function onLongs(name: string, a: bigint, b: bigint): bigint {
  const rest = (): bigint => {
    const size = b < 0n ? -b : b;
    return ((a % size) + size) % size;
  };
  switch (name) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return rest();
    case 'bin':
      return a - rest();
    default:
      throw new Error(name);
  }
}

/** The table after one step. */
export function apply(step: Step, table: Table): Table {
  const { columns, rows } = table;
  const at = (name: string): number => columns.findIndex((c) => c.name === name);
  const lookup =
    (row: readonly Value[]): Lookup =>
    (name) =>
      row[at(name)]!;
  switch (step.op) {
    case 'where':
      return { columns, rows: rows.filter((row) => evaluate(step.condition, lookup(row)) === true) };
    case 'project':
      return {
        columns: step.items.map((i) => ({ name: i.name, type: i.expr.type })),
        rows: rows.map((row) => step.items.map((i) => evaluate(i.expr, lookup(row)))),
      };
    case 'extend': {
      const fresh = step.items.filter((i) => at(i.name) < 0);
      return {
        columns: [
          ...columns.map((c) => ({
            name: c.name,
            type: step.items.find((i) => i.name === c.name)?.expr.type ?? c.type,
          })),
          ...fresh.map((i) => ({ name: i.name, type: i.expr.type })),
        ],
        rows: rows.map((row) => [
          ...columns.map((c, j) => {
            const item = step.items.find((i) => i.name === c.name);
            return item ? evaluate(item.expr, lookup(row)) : row[j]!;
          }),
          ...fresh.map((i) => evaluate(i.expr, lookup(row))),
        ]),
      };
    }
    case 'summarize':
      return summarize(step, table, lookup);
    case 'distinct': {
      const some = apply(
        { op: 'project', items: step.names.map((name) => ({ name, expr: column(columns[at(name)]!) })) },
        table,
      );
      return { columns: some.columns, rows: [...groups(some.rows, (r) => r).values()].map((g) => g[0]!) };
    }
    case 'sort':
      return { columns, rows: [...rows].sort((a, b) => compareRows(step.keys, lookup(a), lookup(b))) };
    case 'top':
      return {
        columns,
        rows: [...rows].sort((a, b) => compareRows(step.keys, lookup(a), lookup(b))).slice(0, step.count),
      };
    case 'take':
      return { columns: [{ name: 'Count', type: 'long' }], rows: [[BigInt(Math.min(step.count, rows.length))]] };
    case 'count':
      return { columns: [{ name: 'Count', type: 'long' }], rows: [[BigInt(rows.length)]] };
    case 'union': {
      const all = [...columns, ...step.other.columns.filter((c) => at(c.name) < 0)];
      const widen = (from: Table): Value[][] =>
        from.rows.map((row) =>
          all.map((c) => {
            const i = from.columns.findIndex((o) => o.name === c.name);
            return i < 0 ? missing(c) : row[i]!;
          }),
        );
      return { columns: all, rows: [...widen(table), ...widen(step.other)] };
    }
    case 'join':
      return join(step, table);
    case 'mv-expand': {
      const i = at(step.name);
      const items = (v: Value): readonly Value[] => (v === null ? [null] : (v as readonly (bigint | null)[]));
      return {
        columns: columns.map((c, j) => (j === i ? { name: c.name, type: 'long' } : c)),
        rows: rows.flatMap((row) => items(row[i]!).map((v) => row.map((old, j) => (j === i ? v : old)))),
      };
    }
  }
}

function keyText(values: readonly Value[]): string {
  return values.map((v) => (typeof v === 'bigint' ? `${v}n` : JSON.stringify(v))).join('|');
}
function groups<T>(items: readonly T[], keysOf: (item: T) => readonly Value[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyText(keysOf(item));
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return found;
}
function summarize(
  step: Extract<Step, { op: 'summarize' }>,
  { rows }: Table,
  lookup: (row: readonly Value[]) => Lookup,
): Table {
  const keysOf = (row: readonly Value[]): Value[] => step.keys.map((k) => evaluate(k.expr, lookup(row)));
  const grouped = step.keys.length === 0 ? [rows] : [...groups(rows, keysOf).values()];
  return {
    columns: [...step.keys.map((k) => ({ name: k.name, type: k.expr.type })), ...step.aggregates.map((a) => a.column)],
    rows: grouped.map((group) => [
      ...(step.keys.length === 0 ? [] : keysOf(group[0]!)),
      ...step.aggregates.map((a) =>
        aggregate(
          a,
          group.map((row) => (a.arg ? evaluate(a.arg, lookup(row)) : null)),
        ),
      ),
    ]),
  };
}
function aggregate({ name, arg }: Aggregate, all: readonly Value[]): Value {
  const values = all.filter((v) => v !== null);
  switch (name) {
    case 'count':
      return BigInt(all.length);
    case 'countif':
      return BigInt(all.filter((v) => v === true).length);
    case 'dcount':
      return BigInt(new Set(values.map((v) => keyText([v]))).size);
    case 'min':
    case 'max':
      return values.length === 0
        ? arg?.type === 'string'
          ? ''
          : null
        : values.reduce((a, b) => ((name === 'min' ? b < a : b > a) ? b : a));
    case 'sum':
      return arg?.type === 'real'
        ? values.reduce((s: number, v) => s + (v as number), 0)
        : values.reduce((s: bigint, v) => s + (v as bigint), 0n);
    case 'avg':
      return values.length === 0 ? Number.NaN : values.reduce((s: number, v) => s + Number(v), 0) / values.length;
  }
}
function compareRows(keys: readonly SortKey[], a: Lookup, b: Lookup): number {
  for (const { name, desc, nullsFirst } of keys) {
    const [x, y] = [a(name), b(name)];
    if (x === y) continue;
    if (x === null || y === null) return (x === null) === nullsFirst ? -1 : 1;
    return x < y === desc ? 1 : -1;
  }
  return 0;
}
function missing(c: Column): Value {
  return c.type === 'string' ? '' : null;
}
function join({ kind, other, key }: Extract<Step, { op: 'join' }>, left: Table): Table {
  const [l, r] = [left.columns.findIndex((c) => c.name === key), other.columns.findIndex((c) => c.name === key)];
  // Null keys match one another.
  const meets = (a: readonly Value[], b: readonly Value[]): boolean => a[l] === b[r];
  const leftHas = (row: readonly Value[]): boolean => other.rows.some((o) => meets(row, o));
  const rightHas = (row: readonly Value[]): boolean => left.rows.some((o) => meets(o, row));
  if (kind === 'leftsemi' || kind === 'leftanti')
    return { columns: left.columns, rows: left.rows.filter((row) => leftHas(row) === (kind === 'leftsemi')) };
  if (kind === 'rightsemi' || kind === 'rightanti')
    return { columns: other.columns, rows: other.rows.filter((row) => rightHas(row) === (kind === 'rightsemi')) };
  const taken = new Set(left.columns.map((c) => c.name));
  const renamed = other.columns.map((c) => {
    let name = c.name;
    for (let i = 1; taken.has(name); i++) name = `${c.name}${i}`;
    taken.add(name);
    return { name, type: c.type };
  });
  const pairs = left.rows.flatMap((row) => other.rows.filter((o) => meets(row, o)).map((o) => [...row, ...o]));
  const onlyLeft =
    kind === 'leftouter' || kind === 'fullouter'
      ? left.rows.filter((row) => !leftHas(row)).map((row) => [...row, ...other.columns.map(missing)])
      : [];
  const onlyRight =
    kind === 'rightouter' || kind === 'fullouter'
      ? other.rows.filter((row) => !rightHas(row)).map((row) => [...left.columns.map(missing), ...row])
      : [];
  return { columns: [...left.columns, ...renamed], rows: [...pairs, ...onlyLeft, ...onlyRight] };
}

/** A value as a cell of an answer. */
export function toCell(value: Value, type: KqlType): Cell {
  if (value === null) return type === 'string' ? '' : null;
  if (type === 'datetime') return writeTime(value as bigint);
  if (type === 'timespan') return writeSpan(value as bigint);
  if (type === 'dynamic') return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v));
  if (type === 'real') return Number.isFinite(value) ? (value as number) : String(value);
  return value as Cell;
}

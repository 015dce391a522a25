import { AppError } from '../../base/errors.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import { child, children, kindOf, need, symbolClass } from '../kusto.ts';
import { originOf } from '../kustoGlobals.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Expr, JoinKind, Rel, UnionInput } from '../plan.ts';
import { placeOf, refuse } from './refusal.ts';
import { Scope } from './scope.ts';
import type { Binder } from './scope.ts';
import { nameOf, outputsOf, parameterText, wildcard } from './tree.ts';
import type { SchemaDatabase } from '../schema.ts';

const FLAVORS: Readonly<Record<string, JoinKind>> = {
  inner: 'inner',
  innerunique: 'innerunique',
  leftouter: 'leftouter',
  rightouter: 'rightouter',
  fullouter: 'fullouter',
  leftsemi: 'leftsemi',
  rightsemi: 'rightsemi',
  leftanti: 'leftanti',
  anti: 'leftanti',
  leftantisemi: 'leftanti',
  rightanti: 'rightanti',
  rightantisemi: 'rightanti',
};

/**
 * `join` and `lookup`: two inputs on equal keys. Kinds other than Kusto's, and conditions that are no equality, are
 * refused.
 */
export function bindJoin(node: SyntaxNode, left: Rel, scope: Scope, binder: Binder): Rel {
  const lookup = kindOf(node) === 'LookupOperator';
  const said = parameterText(node, 'kind')?.toLowerCase();
  const flavor = FLAVORS[said ?? (lookup ? 'leftouter' : 'innerunique')] ?? refuse(`join kind=${said}`, node);
  const right = binder.tabular(need(node, 'Expression'), scope.withSubject(undefined));
  const clause = child(node, lookup ? 'LookupClause' : 'ConditionClause');
  if (clause && kindOf(clause) !== 'JoinOnClause')
    return refuse('join ... where', clause, 'Join on equal keys, and filter afterwards with where.');
  const on = (clause ? children(clause, 'Expressions') : []).flatMap((n) => joinKeys(n, left, right, scope, binder));
  const columns = outputsOf(node);
  const rightKeys = new Set(lookup ? on.map(([, r]) => (r.kind === 'column' ? r.name : '')) : []);
  const rightColumns = right.columns.filter((c) => !rightKeys.has(c.name));
  const expected =
    flavor === 'leftsemi' || flavor === 'leftanti'
      ? left.columns.length
      : flavor === 'rightsemi' || flavor === 'rightanti'
        ? right.columns.length
        : left.columns.length + rightColumns.length;
  if (columns.length !== expected) return refuse('A join over columns nobody knows', node);
  const origin =
    flavor.startsWith('right') && flavor !== 'rightouter' ? right.columns : [...left.columns, ...rightColumns];
  const typed = columns.map((c, i): Column => ({ name: c.name, type: origin[i]?.type ?? c.type }));
  return { kind: 'join', left, right, flavor, on, lookup, rightColumns, columns: typed, place: placeOf(node) };
}

function joinKeys(node: SyntaxNode, left: Rel, right: Rel, scope: Scope, binder: Binder): (readonly [Expr, Expr])[] {
  const kind = kindOf(node);
  if (kind === 'ParenthesizedExpression') return joinKeys(need(node, 'Expression'), left, right, scope, binder);
  if (kind === 'AndExpression')
    return [
      ...joinKeys(need(node, 'Left'), left, right, scope, binder),
      ...joinKeys(need(node, 'Right'), left, right, scope, binder),
    ];
  if (kind === 'NameReference') {
    const name = nameOf(node);
    const [a, b] = [left.columns.find((c) => c.name === name), right.columns.find((c) => c.name === name)];
    if (!a || !b) return refuse(`Joining on '${name}', which both sides do not have,`, node);
    return [
      [
        { kind: 'column', ...a, side: 'left' },
        { kind: 'column', ...b, side: 'right' },
      ],
    ];
  }
  if (kind !== 'EqualExpression')
    return refuse('A join condition other than equality', node, 'Join on equal keys and filter afterwards with where.');
  const joining = new Scope(scope, { row: [], joining: true });
  const sides = [binder.scalar(need(node, 'Left'), joining), binder.scalar(need(node, 'Right'), joining)] as const;
  const [first, second] = sides.map((e) => (e.kind === 'column' ? e.side : undefined));
  if (first === 'left' && second === 'right') return [[sides[0], sides[1]]];
  if (first === 'right' && second === 'left') return [[sides[1], sides[0]]];
  return refuse('A join condition other than $left.x == $right.y', node);
}

/** The legs of a union: tables by name or pattern, subqueries, and the piped input first. */
export function bindUnion(
  node: SyntaxNode,
  input: Rel | undefined,
  scope: Scope,
  binder: Binder,
  database: SchemaDatabase,
): Rel {
  const legs: { rel: Rel; name: string }[] = input ? [{ rel: input, name: sourceName(input, 0) }] : [];
  const inner = parameterText(node, 'kind')?.toLowerCase() === 'inner';
  const fuzzy = parameterText(node, 'isfuzzy')?.toLowerCase() === 'true';
  for (const leg of children(node, 'Expressions'))
    legs.push(...bindLeg(leg, legs.length, scope, binder, database, fuzzy));
  // The service answers with an error where nothing of a fuzzy union is there.
  if (legs.length === 0)
    throw new AppError('query.semantic', 'None of the tables of this union could be found.', {
      data: { ...placeOf(node) },
    });
  const source = parameterText(node, 'withsource', 'with_source');
  return unite(node, legs, source, inner);
}
function bindLeg(
  node: SyntaxNode,
  index: number,
  scope: Scope,
  binder: Binder,
  database: SchemaDatabase,
  fuzzy: boolean,
): { rel: Rel; name: string }[] {
  const name = child(node, 'Name');
  if (kindOf(node) === 'StarExpression' || (name && /Wildcarded/.test(kindOf(name)))) {
    const matches = wildcard(kindOf(node) === 'StarExpression' ? '*' : nameOf(node));
    const views = kindOf(node) === 'StarExpression' ? [] : binder.views(scope).filter((v) => matches(v.name));
    return [
      ...views,
      ...database.tables
        .filter((t) => matches(t.name))
        .map((table) => ({
          rel: { kind: 'table', database, table, columns: table.columns, place: placeOf(node) } as const,
          name: table.name,
        })),
    ];
  }
  if (fuzzy && isMissing(node)) return [];
  const rel = binder.tabular(node, scope);
  const named = kindOf(node) === 'NameReference' && originOf(node.ReferencedSymbol);
  return [{ rel, name: named || binder.isView(node, scope) ? nameOf(node) : sourceName(rel, index) }];
}
/** With isfuzzy, a leg whose table is not there is left out. */
function isMissing(node: SyntaxNode): boolean {
  const kind = kindOf(node);
  if (kind === 'ParenthesizedExpression' || kind === 'PipeExpression') return isMissing(need(node, 'Expression'));
  return kind === 'NameReference' && (!node.ReferencedSymbol || symbolClass(node.ResultType) === 'ErrorSymbol');
}
function sourceName(rel: Rel, index: number): string {
  return names.get(rel) ?? (rel.kind === 'table' ? rel.table.name : `union_arg${index}`);
}
/** The names that `as` gave to rows. */
const names = new WeakMap<Rel, string>();
/** The rows under a name, which a union with a source column shows. */
export function calledAs(rel: Rel, name: string): Rel {
  const copy = { ...rel };
  names.set(copy, name);
  return copy;
}

/** Columns by name and type; a name of two types is two columns with the type in their names, as the binder has it. */
export function unite(
  node: SyntaxNode,
  legs: readonly { readonly rel: Rel; readonly name: string }[],
  source: string | undefined,
  inner: boolean,
): Rel {
  const merged = mergeColumns(legs.map((l) => l.rel.columns));
  const kept = inner
    ? merged.filter((m) =>
        legs.every((leg) => leg.rel.columns.some((c) => c.name === m.origin && c.type === m.column.type)),
      )
    : merged;
  // A column that has the name of the source's is numbered, as the next operator names it.
  const names = new Set(kept.map((m) => m.column.name));
  const numbered = (name: string): string => {
    let n = 1;
    while (names.has(`${name}${n}`)) n++;
    return `${name}${n}`;
  };
  const columns = kept.map(({ column }) =>
    column.name === source ? { name: numbered(column.name), type: column.type } : column,
  );
  const inputs = legs.map(({ rel, name }): UnionInput => ({
    rel,
    name,
    target: rel.columns.map((c) => kept.findIndex((m) => m.origin === c.name && m.column.type === c.type)),
  }));
  const all = source === undefined ? columns : [{ name: source, type: 'string' } as const, ...columns];
  return { kind: 'union', inputs, ...(source === undefined ? {} : { source }), columns: all, place: placeOf(node) };
}
/** An output column of a union, and the name it has in its inputs. */
export interface MergedColumn {
  readonly column: Column;
  readonly origin: string;
}
/**
 * The columns of a union of tables, as Kusto names them: a name of several types gets the type behind it, and a number
 * where that is taken.
 * Those of one name stand together where it first occurs, as the binder has them: a join finds its columns by their
 * place.
 */
function mergeColumns(tables: readonly (readonly Column[])[]): MergedColumn[] {
  const types = new Map<string, Set<KqlType>>();
  for (const table of tables) for (const c of table) types.set(c.name, (types.get(c.name) ?? new Set()).add(c.type));
  const taken = new Set([...types].filter(([, set]) => set.size === 1).map(([name]) => name));
  return [...types].flatMap(([origin, found]) =>
    [...found].map((type): MergedColumn => {
      if (found.size === 1) return { column: { name: origin, type }, origin };
      let name = `${origin}_${type}`;
      for (let n = 1; taken.has(name); n++) name = `${origin}_${type}${n}`;
      taken.add(name);
      return { column: { name, type }, origin };
    }),
  );
}

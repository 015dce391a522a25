import { refusal } from '../../kql/bind/refusal.ts';
import type { Rel, UnionInput } from '../../kql/plan.ts';
import { meetingType } from '../functions/comparison.ts';
import type { EmitContext, SqlExpr } from '../functions/contract.ts';
import { SQL, columnOf, every, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, everything, renamed, select, statement, unionAll } from '../sql/statement.ts';
import type { Source } from '../sql/statement.ts';
import { assignIds, missingSql } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

/**
 * `union`: each input's columns set under the output's, null (or "") where it has none, and its name where that is
 * wanted.
 */
export function unionSql(rel: Of<'union'>, translator: Translator): Relation {
  const columns = assignIds(rel.columns);
  const offset = rel.source === undefined ? 0 : 1;
  const inputs = rel.inputs.map((leg) => ({ leg, relation: translator.rel(leg.rel) }));
  const partition = inputs[0]?.relation.partition ?? [];
  if (inputs.some((i) => i.relation.partition.join() !== partition.join()))
    throw refusal('union of a subtable with another table', rel.place);
  if (inputs.length === 0) {
    const items = columns.map((c) => as(missingSql(c.type), c.id));
    return { from: select({ items, where: [SQL`FALSE`] }), columns, order: [], partition: [] };
  }
  if (inputs.length > MANY_LEGS && partition.length === 0) return manyLegs(rel, inputs, columns, offset);
  const selects = inputs.map(({ leg, relation }) => {
    const own = new Map(leg.target.map((to, from) => [to + offset, relation.columns[from]!]));
    const items = columns.map((c, i) => {
      if (offset === 1 && i === 0) return as(textSql(leg.name), c.id);
      const source = own.get(i);
      return source ? renamed(columnOf('t', source.id), source.id, c.id) : as(missingSql(c.type), c.id);
    });
    return statement({ items: [...items, ...partition.map((p) => columnOf('t', p))], from: [relation.from, 't'] });
  });
  return { from: unionAll(selects), columns, order: [], partition };
}

/** From this many legs on, a leg names only its own columns: `union *` over a workspace has thousands. */
const MANY_LEGS = 8;
/** Legs times columns: beyond it planning alone takes minutes. */
const MOST_CELLS = 150_000;
function manyLegs(
  rel: Of<'union'>,
  inputs: readonly { readonly leg: UnionInput; readonly relation: Relation }[],
  columns: readonly SqlColumn[],
  offset: number,
): Relation {
  if (inputs.length * columns.length > MOST_CELLS)
    throw refusal(
      `A union of ${inputs.length} tables with rows in all of their ${columns.length} columns`,
      rel.place,
      'Name the tables, or keep the columns you need with project.',
    );
  const filled = new Set<string>();
  const selects = inputs.map(({ leg, relation }) => {
    const items = leg.target.flatMap((to, from) => {
      const [source, target] = [relation.columns[from], columns[to + offset]];
      if (to < 0 || !source || !target) return [];
      filled.add(target.id);
      return [as(columnOf('t', source.id), target.id)];
    });
    const named = offset === 1 ? [as(textSql(leg.name), columns[0]!.id)] : [];
    return statement({ items: [...named, ...items], from: [relation.from, 't'] });
  });
  const shown = columns.map((c, i) => {
    const own = columnOf('t', c.id);
    if (offset === 1 && i === 0) return own;
    if (!filled.has(c.id)) return as(missingSql(c.type), c.id);
    return c.type === 'string' ? as(SQL`coalesce(${own}, '')`, c.id) : own;
  });
  const from = select({ items: shown, from: [unionAll(selects, true), 't'] });
  return { from, columns, order: [], partition: [] };
}

const JOINS = {
  inner: 'JOIN',
  innerunique: 'JOIN',
  leftouter: 'LEFT JOIN',
  rightouter: 'RIGHT JOIN',
  fullouter: 'FULL JOIN',
  leftsemi: 'SEMI JOIN',
  leftanti: 'ANTI JOIN',
  rightsemi: 'SEMI JOIN',
  rightanti: 'ANTI JOIN',
} as const;

/** join of every kind and lookup. What an outer join does not find is null, and the empty string for strings. */
export function joinSql(rel: Of<'join'>, translation: Translation, translator: Translator): Relation {
  const left = translator.rel(rel.left);
  const right = translator.rel(rel.right);
  const context = emitContext(translation, rel.place);
  const on = joinCondition(rel, left, right, context, translator);
  if (right.partition.length > 0) return context.refuse('join with a subtable on its right side');
  const { flavor } = rel;
  const outer = flavor === 'rightouter' || flavor === 'fullouter';
  const ofRight = flavor === 'rightsemi' || flavor === 'rightanti';
  if (left.partition.length > 0 && (outer || ofRight)) return context.refuse(`join kind=${flavor} of a subtable`);
  const columns = assignIds(rel.columns);
  const joining = (items: readonly Sql[], one: Source, other: Source): Relation => {
    const hidden = left.partition.map((p) => columnOf('l', p));
    const joins = [{ kind: JOINS[flavor], with: other, on }];
    return {
      from: select({ items: [...items, ...hidden], from: one, joins }),
      columns,
      order: [],
      partition: left.partition,
    };
  };
  const ofSide = (side: string, own: Relation): Sql[] =>
    own.columns.map((c, i) => as(columnOf(side, c.id), columns[i]!.id));
  if (ofRight) return joining(ofSide('r', right), [right.from, 'r'], [left.from, 'l']);
  if (flavor === 'leftsemi' || flavor === 'leftanti')
    return joining(ofSide('l', left), [left.from, 'l'], [right.from, 'r']);
  const padRight = flavor === 'leftouter' || flavor === 'fullouter';
  const shown = [
    ...left.columns.map((c) => ({ sql: columnOf('l', c.id), pad: outer && c.type === 'string' })),
    ...rel.rightColumns.map(({ name }) => {
      const c = right.columns.find((own) => own.name === name)!;
      return { sql: columnOf('r', c.id), pad: padRight && c.type === 'string' };
    }),
  ];
  const items = shown.map(({ sql, pad }, i) => as(pad ? SQL`coalesce(${sql}, '')` : sql, columns[i]!.id));
  return joining(items, [uniqueLeft(rel, left, translator), 'l'], [right.from, 'r']);
}
function joinCondition(
  rel: Of<'join'>,
  left: Relation,
  right: Relation,
  context: EmitContext,
  translator: Translator,
): Sql {
  const [l, r] = [lookupIn(left, 'l'), lookupIn(right, 'r')];
  return every(rel.on.map(([a, b]) => sameKey(translator.scalar(a, l), translator.scalar(b, r), context)));
}
/** Keys are the same where both are null, and where both are NaN. */
export function sameKey(a: SqlExpr, b: SqlExpr, context: EmitContext): Sql {
  const type = meetingType(a.type, b.type) ?? context.refuse(`A join of ${a.type} with ${b.type}`);
  const [left, right] = [context.convert(a, type).sql, context.convert(b, type).sql];
  return type === 'string' ? SQL`(${left} = ${right})` : SQL`(${left} IS NOT DISTINCT FROM ${right})`;
}
/** kind=innerunique: of the rows on the left that are alike in the keys, one. */
function uniqueLeft(rel: Of<'join'>, left: Relation, translator: Translator): Sql {
  const keys = rel.on.map(([a]) => translator.scalar(a, lookupIn(left, 'd')).sql);
  if (rel.flavor !== 'innerunique' || keys.length === 0) return left.from;
  const distinct = [...keys, ...left.partition.map((p) => columnOf('d', p))];
  return select({ items: everything, distinct, from: [left.from, 'd'] });
}

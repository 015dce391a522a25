import { refusal } from '../../kql/bind/refusal.ts';
import type { Rel, UnionInput } from '../../kql/plan.ts';
import { findScalar } from '../functions/registry.ts';
import { assignIds, missing, quoteText } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

export function unionSql(rel: Of<'union'>, translator: Translator): Relation {
  const columns = assignIds(rel.columns);
  const offset = rel.source === undefined ? 0 : 1;
  const inputs = rel.inputs.map((leg) => ({ leg, relation: translator.rel(leg.rel) }));
  const partition = inputs[0]?.relation.partition ?? [];
  if (inputs.some((i) => i.relation.partition.join() !== partition.join()))
    throw refusal('union of a subtable with another table', rel.place);
  if (inputs.length === 0)
    return {
      from: `(SELECT ${columns.map((c) => `${missing(c.type)} AS ${c.id}`).join(', ') || '1 AS "#none"'} WHERE FALSE)`,
      columns,
      order: [],
      partition: [],
    };
  if (inputs.length > MANY_LEGS && partition.length === 0) return manyLegs(rel, inputs, columns, offset);
  const selects = inputs.map(({ leg, relation }) => {
    const own = new Map(leg.target.map((to, from) => [to + offset, relation.columns[from]!]));
    const items = columns.map((c, i) => {
      if (offset === 1 && i === 0) return `${quoteText(leg.name)} AS ${c.id}`;
      const source = own.get(i);
      return source ? `t.${source.id}${source.id === c.id ? '' : ` AS ${c.id}`}` : `${missing(c.type)} AS ${c.id}`;
    });
    return `SELECT ${[...items, ...partition.map((p) => `t.${p}`)].join(', ') || '1 AS "#none"'} FROM ${relation.from} AS t`;
  });
  return { from: `(${selects.join('\nUNION ALL ')})`, columns, order: [], partition };
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
      return [`t.${source.id} AS ${target.id}`];
    });
    return `SELECT ${[...(offset === 1 ? [`${quoteText(leg.name)} AS ${columns[0]!.id}`] : []), ...items].join(', ') || '1 AS "#none"'} FROM ${relation.from} AS t`;
  });
  const shown = columns.map((c, i) =>
    offset === 1 && i === 0
      ? `t.${c.id}`
      : !filled.has(c.id)
        ? `${missing(c.type)} AS ${c.id}`
        : c.type === 'string'
          ? `coalesce(t.${c.id}, '') AS ${c.id}`
          : `t.${c.id}`,
  );
  return {
    from: `(SELECT ${shown.join(', ') || '1 AS "#none"'} FROM (${selects.join('\nUNION ALL BY NAME ')}) AS t)`,
    columns,
    order: [],
    partition: [],
  };
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
  const [l, r] = [lookupIn(left, 'l'), lookupIn(right, 'r')];
  const equal = findScalar('==');
  const conditions = rel.on.map(([a, b]) => {
    const sides = [translator.scalar(a, l), translator.scalar(b, r)] as const;
    return equal?.filter?.(sides, context) ?? context.refuse('A join condition');
  });
  if (right.partition.length > 0) return context.refuse('join with a subtable on its right side');
  const on = conditions.length > 0 ? conditions.join(' AND ') : 'TRUE';
  const columns = assignIds(rel.columns);
  if (rel.flavor === 'rightsemi' || rel.flavor === 'rightanti') {
    if (left.partition.length > 0) return context.refuse(`join kind=${rel.flavor} of a subtable`);
    const items = right.columns.map((c, i) => `r.${c.id} AS ${columns[i]!.id}`);
    return {
      from: `(SELECT ${items.join(', ')} FROM ${right.from} AS r ${JOINS[rel.flavor]} ${left.from} AS l ON ${on})`,
      columns,
      order: [],
      partition: [],
    };
  }
  const hidden = left.partition.map((p) => `l.${p}`);
  if (hidden.length > 0 && (rel.flavor === 'rightouter' || rel.flavor === 'fullouter'))
    return context.refuse(`join kind=${rel.flavor} of a subtable`);
  if (rel.flavor === 'leftsemi' || rel.flavor === 'leftanti') {
    const items = left.columns.map((c, i) => `l.${c.id} AS ${columns[i]!.id}`);
    return {
      from: `(SELECT ${[...items, ...hidden].join(', ')} FROM ${left.from} AS l ${JOINS[rel.flavor]} ${right.from} AS r ON ${on})`,
      columns,
      order: [],
      partition: left.partition,
    };
  }
  const padLeft = rel.flavor === 'rightouter' || rel.flavor === 'fullouter';
  const padRight = rel.flavor === 'leftouter' || rel.flavor === 'fullouter';
  const shown = [
    ...left.columns.map((c) => ({ ...c, side: 'l', pad: padLeft })),
    ...rel.rightColumns.map((c) => ({
      ...right.columns.find((own) => own.name === c.name)!,
      side: 'r',
      pad: padRight,
    })),
  ];
  const items = shown.map((c, i) => {
    const sql = `${c.side}.${c.id}`;
    return `${c.pad && c.type === 'string' ? `coalesce(${sql}, '')` : sql} AS ${columns[i]!.id}`;
  });
  const keys = rel.on.map(([a]) => translator.scalar(a, lookupIn(left, 'd')).sql);
  const unique =
    rel.flavor === 'innerunique' && keys.length > 0
      ? `(SELECT DISTINCT ON (${[...keys, ...left.partition.map((p) => `d.${p}`)].join(', ')}) * FROM ${left.from} AS d)`
      : left.from;
  return {
    from: `(SELECT ${[...items, ...hidden].join(', ')} FROM ${unique} AS l ${JOINS[rel.flavor]} ${right.from} AS r ON ${on})`,
    columns,
    order: [],
    partition: left.partition,
  };
}

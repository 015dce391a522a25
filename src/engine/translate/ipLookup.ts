import type { Rel } from '../../kql/plan.ts';
import type { SqlExpr } from '../functions/contract.ts';
import { findScalar } from '../functions/registry.ts';
import { SQL, columnOf, joined } from '../sql/expression.ts';
import { select } from '../sql/statement.ts';
import { sameKey } from './combine.ts';
import { assignIds } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

/** ipv4_lookup and ipv6_lookup: rows beside the rows of the lookup table whose network holds their address. */
export function ipLookupSql(
  rel: Extract<Rel, { kind: 'ipLookup' }>,
  translation: Translation,
  translator: Translator,
): Relation {
  const [left, right] = [translator.rel(rel.input), translator.rel(rel.lookup)];
  const context = emitContext(translation, rel.place);
  const inRange = findScalar(rel.inRange) ?? context.refuse(`${rel.inRange}()`);
  if (left.partition.length > 0) return context.refuse('A lookup of addresses inside a subquery');
  const source = translator.scalar(rel.source, lookupIn(left, 'l'));
  const network = translator.scalar(rel.network, lookupIn(right, 'r'));
  const of = (side: 'l' | 'r', own: Relation, name: string): SqlExpr => {
    const column = own.columns.find((c) => c.name === name)!;
    return { sql: columnOf(side, column.id), type: column.type };
  };
  const keys = rel.keys.map(([a, b]) => sameKey(of('l', left, a), of('r', right, b), context));
  const on = joined([...keys, SQL`coalesce(${inRange.emit([source, network], context, 'bool')}, FALSE)`], ' AND ');
  const columns = assignIds(rel.columns);
  const shown = [
    ...left.columns.map((c) => ({ sql: columnOf('l', c.id), pad: false })),
    ...rel.rightColumns.map((c) => ({
      sql: columnOf('r', right.columns.find((o) => o.name === c.name)!.id),
      pad: rel.unmatched && c.type === 'string',
    })),
  ];
  const items = shown.map((s, i) => SQL`${s.pad ? SQL`coalesce(${s.sql}, '')` : s.sql} AS ${columns[i]!.id}`);
  return {
    from: select({
      items,
      from: [left.from, 'l'],
      joins: [{ kind: rel.unmatched ? 'LEFT JOIN' : 'JOIN', with: [right.from, 'r'], on }],
    }),
    columns,
    order: [],
    partition: [],
  };
}

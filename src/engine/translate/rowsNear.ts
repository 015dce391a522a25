import type { Rel } from '../../kql/plan.ts';
import { SQL, columnOf } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, everything, over, select } from '../sql/statement.ts';
import { literalInteger } from '../functions/define.ts';
import { orderSql } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';
import { hoistWindows, requireOrderFor, serialized } from './windows.ts';

/** More rows around one than anybody has. */
const MOST_ROWS = 2n ** 31n;

/**
 * `evaluate rows_near(condition, n [, after])`: the rows at most `n` before or `after` behind one for which the
 * condition is true (rows-near-plugin.md). They keep their order.
 */
export function rowsNearSql(
  rel: Extract<Rel, { kind: 'plugin' }>,
  translation: Translation,
  translator: Translator,
): Relation {
  const context = emitContext(translation, rel.place);
  const [condition, ...counts] = rel.args;
  requireOrderFor('rows_near', rel.input, rel.place, translation);
  const [before = 0n, after = before] = counts.map((count) => {
    const value = literalInteger(translator.scalar(count, () => undefined));
    return value !== undefined && value >= 0n && value < MOST_ROWS
      ? value
      : context.refuse('rows_near() with a number of rows that is no constant, or below 0,');
  });
  const rows = serialized(translator.rel(rel.input), translation);
  const hoisted = hoistWindows(rows, [condition!], translation, translator);
  const relation = serialized(hoisted.relation, translation);
  const holds = translator.condition(hoisted.exprs[0]!, lookupIn(relation));
  // A row is near when the condition holds for one of those it is itself before or behind.
  const frame = SQL`ROWS BETWEEN ${Number(after)} PRECEDING AND ${Number(before)} FOLLOWING`;
  const near: Sql = over(SQL`bool_or(coalesce(${holds}, FALSE))`, {
    partition: relation.partition.map((p) => columnOf('t', p)),
    order: SQL`${orderSql(relation.order)} ${frame}`,
  });
  const mark = translation.hidden('n');
  const marked = select({ items: [...everything, as(near, mark)], from: [relation.from, 't'] });
  return {
    ...relation,
    columns: rows.columns,
    from: select({ items: everything, from: [marked, 't'], where: [columnOf('t', mark)] }),
  };
}

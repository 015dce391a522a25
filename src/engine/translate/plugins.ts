import type { Rel } from '../../kql/plan.ts';
import { INTERSECT_HLL } from '../functions/hllIntersect.ts';
import { SQL, columnOf } from '../sql/expression.ts';
import { as } from '../sql/statement.ts';
import { assignIds } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { rowsNearSql } from './rowsNear.ts';
import { timelineSql } from './timeline.ts';
import { lookupIn, selectFrom } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Plugin = Extract<Rel, { kind: 'plugin' }>;

/** Plugins over rows: counts over a timeline, intersections of hll states, the rows near some. */
export function pluginSql(rel: Plugin, translation: Translation, translator: Translator): Relation {
  switch (rel.plugin) {
    case 'dcount_intersect':
      return intersectSql(rel, translation, translator);
    case 'rows_near':
      return rowsNearSql(rel, translation, translator);
    default:
      return timelineSql(rel, translation, translator);
  }
}

/** Beside every row the distinct count of its first state, of the first two in common, of the first three... */
function intersectSql(rel: Plugin, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const columns = assignIds(rel.columns);
  const lookup = lookupIn(input);
  const states = rel.args.map(
    (arg) => SQL`coalesce(${context.convert(translator.scalar(arg, lookup), 'dynamic').sql}, 'null')`,
  );
  const list = translation.hidden('h');
  const counted = selectFrom(input, [
    ...input.columns.map((c) => columnOf('t', c.id)),
    as(context.js(INTERSECT_HLL, SQL`'[' || concat_ws(',', ${states}) || ']'`), list),
  ]);
  const items = columns.map((c, i) => {
    const at = i - input.columns.length;
    const count = SQL`TRY_CAST(json_extract(t.${list}, '$[${at}]') AS BIGINT)`;
    return as(at < 0 ? columnOf('t', input.columns[i]!.id) : count, c.id);
  });
  return {
    from: selectFrom({ ...input, from: counted }, items),
    columns,
    order: input.order,
    partition: input.partition,
  };
}

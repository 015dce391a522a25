import type { Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { SQL, named } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, select } from '../sql/statement.ts';
import { assignIds } from './relation.ts';
import type { Relation } from './relation.ts';
import { failureSql } from './failure.ts';
import { emitContext } from './scalars.ts';
import { answerOf } from './timelineAnswers.ts';
import type { Answer } from './timelineAnswers.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Plugin = Extract<Rel, { kind: 'plugin' }>;
const AXES: ReadonlySet<KqlType> = new Set(['int', 'long', 'datetime', 'timespan']);

/** Plugins that count over a timeline. What their documentation leaves open stops the query. */
export function timelineSql(rel: Plugin, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  if (input.partition.length > 0) return context.refuse(`${rel.plugin}() inside a subquery`);
  const lookup = lookupIn(input);
  const columns = assignIds(rel.columns);
  const axis = translator.scalar(rel.args[rel.plugin === 'rolling_percentile' ? 2 : 1]!, lookup);
  if (!AXES.has(axis.type)) return context.refuse(`${rel.plugin}() over a timeline of type ${axis.type}`);
  const value = translator.scalar(rel.args[0]!, lookup);
  const dims = rel.dimensions.map((d, i) => ({ id: named(`d${i}`), sql: translator.scalar(d, lookup).sql }));
  const ids = dims.map((d) => d.id);
  const rows = translation.shareRows(
    select({
      items: [as(axis.sql, named('x')), as(value.sql, named('v')), ...dims.map((d) => as(d.sql, d.id))],
      from: [input.from, 't'],
    }),
    true,
  );
  const answer = answerOf(rel, {
    ids,
    rows,
    axis: axis.type,
    value: value.type,
    constant: (i, type) =>
      context.convert(
        translator.scalar(rel.args[i]!, () => undefined),
        type,
      ).sql,
    scalar: (expr, at) => translator.scalar(expr, at).sql,
  });
  const made = translation.shareRows(answer.answer, true);
  const items = [
    as(SQL`m.b`, columns[0]!.id),
    ...ids.map((d, i) => as(SQL`m.${d}`, columns[1 + i]!.id)),
    ...answer.measures.map((m, i) => as(SQL`m.${named(m)}`, columns[1 + ids.length + i]!.id)),
  ];
  const from = select({
    items,
    from: [made, 'm'],
    beside: [[guard(rel.plugin, answer, rows, made, ids), 'g']],
    where: [SQL`coalesce(g.ok, TRUE)`],
  });
  return { from, columns, order: [], partition: [] };
}

/** One row that says the answer is sure; the query stops where it is not. */
function guard(plugin: string, answer: Answer, rows: Sql, made: Sql, ids: readonly Sql[]): Sql {
  const stop = (why: string): Sql =>
    failureSql('unsupported', `The local engine refuses ${plugin}() here: ${why}`, 'BOOLEAN');
  const checked = select({
    items: [
      SQL`bool_or(${answer.step} <= 0) AS bad`,
      SQL`bool_or(x IS NULL OR v IS NULL) AS nulls`,
      SQL`bool_or(${answer.doubtful}) AS doubt`,
    ],
    from: [rows, 'r'],
  });
  const groups = select({
    items: [SQL`count(*) AS n`, as(answer.first, named('a')), as(answer.last, named('z'))],
    from: [made, 'm'],
    group: ids,
    having: SQL`count(*) > 0`,
  });
  const gaps = select({ items: [SQL`1`], from: [groups, 'm'], where: [SQL`n <> (z - a) // ${answer.step} + 1`] });
  const reasons: (readonly [condition: Sql, why: string])[] = [
    [SQL`bad`, 'its bins are not above zero.'],
    [SQL`nulls`, 'there are nulls among its ids or times.'],
    [
      SQL`doubt`,
      'the documentation leaves open what rows just outside of its range, or windows of broken bins, count for.',
    ],
    ...(answer.sparse
      ? []
      : [[SQL`EXISTS ${gaps}`, 'there are bins without rows, which the documentation leaves open.'] as const]),
  ];
  const cases = reasons.reduce((sql, [condition, why]) => SQL`${sql} WHEN ${condition} THEN ${stop(why)}`, SQL`CASE`);
  return select({ items: [SQL`${cases} ELSE TRUE END AS ok`], from: [checked, 'c'] });
}

import type { Rel, TopNestedLevel } from '../../kql/plan.ts';
import { assignIds, missing } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

/**
 * top-nested: each level groups within the groups kept above it and keeps its first N; the measures of the levels above
 * come along.
 *
 * With `others`, the rows a level does not keep make one more record per group above it: every level from there on that
 * says `others` has
 * its value and its own aggregate over those rows, every other level is null.
 */
export function topNestedSql(
  rel: Extract<Rel, { kind: 'topNested' }>,
  translation: Translation,
  translator: Translator,
): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const columns = assignIds(rel.columns);
  const lookup = lookupIn(input);
  const levels = rel.levels.map((level, i) => ({
    level,
    key: translation.hidden('k'),
    measure: translation.hidden('m'),
    keyColumn: columns[2 * i]!,
    measureColumn: columns[2 * i + 1]!,
  }));
  const parts = input.partition;
  const keyed = levels.map(
    (l) => `${context.convert(translator.scalar(l.level.key.expr, lookup), l.keyColumn.type).sql} AS ${l.key}`,
  );
  const measureOf = (level: TopNestedLevel, column: SqlColumn): string =>
    context.convert(translator.scalar(level.measure.expr, lookup), column.type).sql;
  const rows = translation.share(
    { ...input, from: `(SELECT t.*, ${keyed.join(', ')} FROM ${input.from} AS t)` },
    true,
  ).from;
  const same = (a: string, b: string, depth: number): string =>
    [...parts, ...levels.slice(0, depth).map((l) => l.key)]
      .map((id) => `${a}.${id} IS NOT DISTINCT FROM ${b}.${id}`)
      .join(' AND ') || 'TRUE';

  /** What each level keeps: its keys, those above, and all their measures. */
  const kept: string[] = [];
  levels.forEach((l, i) => {
    const above = kept[i - 1];
    const grouped = [...parts, ...levels.slice(0, i + 1).map((k) => k.key)].map((id) => `t.${id}`);
    const carried =
      above === undefined ? [] : levels.slice(0, i).map((k) => `any_value(k.${k.measure}) AS ${k.measure}`);
    const joined = above === undefined ? '' : ` JOIN ${above} AS k ON ${same('t', 'k', i)}`;
    const groups = `SELECT ${[...grouped, ...carried, `${measureOf(l.level, l.measureColumn)} AS ${l.measure}`].join(', ')} FROM ${rows} AS t${joined} GROUP BY ${grouped.map((_, n) => n + 1).join(', ')}`;
    const within = grouped.slice(0, -1);
    const order = l.measureColumn.type === 'decimal' ? `TRY_CAST(t.${l.measure} AS DOUBLE)` : `t.${l.measure}`;
    const first =
      l.level.count &&
      ` QUALIFY row_number() OVER (${within.length > 0 ? `PARTITION BY ${within.join(', ')} ` : ''}ORDER BY ${order} ${l.level.desc ? 'DESC' : 'ASC'} NULLS LAST) <= ${
        context.convert(
          translator.scalar(l.level.count, () => undefined),
          'long',
        ).sql
      }`;
    kept.push(
      translation.share(
        { from: `(SELECT * FROM (${groups}) AS t${first ?? ''})`, columns: [], order: [], partition: [] },
        true,
      ).from,
    );
  });

  const hidden = (alias: string): string[] => parts.map((p) => `${alias}.${p}`);
  const shown = levels.flatMap((l) => [`k.${l.key} AS ${l.keyColumn.id}`, `k.${l.measure} AS ${l.measureColumn.id}`]);
  const records = [`SELECT ${[...shown, ...hidden('k')].join(', ')} FROM ${kept.at(-1)} AS k`];
  levels.forEach((_, i) => {
    if (!levels.slice(i).some((l) => l.level.others)) return;
    const above = kept[i - 1];
    const items = levels.flatMap((l, j) => {
      const [key, measure] =
        j < i
          ? [`any_value(k.${l.key})`, `any_value(k.${l.measure})`]
          : l.level.others
            ? [
                context.convert(
                  translator.scalar(l.level.others, () => undefined),
                  l.keyColumn.type,
                ).sql,
                measureOf(l.level, l.measureColumn),
              ]
            : [missing(l.keyColumn.type), missing(l.measureColumn.type)];
      return [`${key} AS ${l.keyColumn.id}`, `${measure} AS ${l.measureColumn.id}`];
    });
    const groups = [...parts, ...levels.slice(0, i).map((l) => l.key)].map((id) => `t.${id}`);
    const rest = `FROM ${rows} AS t${above === undefined ? '' : ` JOIN ${above} AS k ON ${same('t', 'k', i)}`} ANTI JOIN ${kept[i]} AS n ON ${same('t', 'n', i + 1)}`;
    records.push(
      `SELECT ${[...items, ...hidden('t')].join(', ')} ${rest} ${groups.length > 0 ? `GROUP BY ${groups.join(', ')}` : 'HAVING count(*) > 0'}`,
    );
  });
  return { from: `(${records.join(' UNION ALL ')})`, columns, order: [], partition: parts };
}

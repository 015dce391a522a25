import type { Rel } from '../../kql/plan.ts';
import { assignIds } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

/** top-nested: each level groups within the groups kept above it and keeps its first N; the measures of the levels above come along. */
export function topNestedSql(rel: Extract<Rel, { kind: 'topNested' }>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  if (input.partition.length > 0) return context.refuse('top-nested inside a subquery');
  if (rel.levels.some((level) => level.others)) return context.refuse('top-nested with others', 'Leave `with others` out.');
  const columns = assignIds(rel.columns);
  const lookup = lookupIn(input);
  const [keyId, measureId] = [(i: number): string => columns[2 * i]!.id, (i: number): string => columns[2 * i + 1]!.id];
  let kept: string | undefined;
  rel.levels.forEach((level, i) => {
    const keys = rel.levels.slice(0, i + 1).map((l, k) => `${context.convert(translator.scalar(l.key.expr, lookup), l.key.column.type).sql} AS ${keyId(k)}`);
    const measure = context.convert(translator.scalar(level.measure.expr, lookup), level.measure.column.type).sql;
    const grouped = `(SELECT ${keys.join(', ')}, ${measure} AS ${measureId(i)} FROM ${input.from} AS t GROUP BY ${keys.map((_, k) => k + 1).join(', ')})`;
    const above = Array.from({ length: i }, (_, k) => k);
    const carried = above.flatMap((k) => [`k.${keyId(k)}`, `k.${measureId(k)}`]);
    const joined = kept === undefined ? `SELECT g.* FROM ${grouped} AS g`
      : `SELECT ${carried.join(', ')}, g.${keyId(i)}, g.${measureId(i)} FROM ${grouped} AS g JOIN ${kept} AS k ON ${above.map((k) => `g.${keyId(k)} IS NOT DISTINCT FROM k.${keyId(k)}`).join(' AND ')}`;
    const parts = above.length > 0 ? `PARTITION BY ${above.map((k) => `t.${keyId(k)}`).join(', ')} ` : '';
    const count = level.count && translator.scalar(level.count, () => undefined).sql;
    kept = count === undefined ? `(${joined})`
      : `(SELECT * FROM (${joined}) AS t QUALIFY row_number() OVER (${parts}ORDER BY t.${measureId(i)} ${level.desc ? 'DESC' : 'ASC'} NULLS LAST) <= ${count})`;
  });
  return { from: kept ?? input.from, columns, order: [], partition: [] };
}

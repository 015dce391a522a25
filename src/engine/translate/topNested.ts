import type { Rel, TopNestedLevel } from '../../kql/plan.ts';
import type { EmitContext } from '../functions/contract.ts';
import { SQL, columnOf } from '../sql/expression.ts';
import type { Identifier, Sql } from '../sql/expression.ts';
import { alike, as, everything, over, select, statement, unionAll } from '../sql/statement.ts';
import type { Join } from '../sql/statement.ts';
import { assignIds, missingSql } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { ColumnLookup, Translation, Translator } from './translation.ts';

/** A level, with the hidden columns of its key and measure, and those it has in the answer. */
interface Level {
  readonly level: TopNestedLevel;
  readonly key: Identifier;
  readonly measure: Identifier;
  readonly keyColumn: SqlColumn;
  readonly measureColumn: SqlColumn;
}

/**
 * top-nested: each level groups within the groups kept above it and keeps its first N; the measures of the levels above
 * come along.
 *
 * With `others`, the rows a level does not keep make one more record per group above it: every level from there on that
 * says `others` has its value and its own aggregate over those rows, every other level is null.
 */
export function topNestedSql(
  rel: Extract<Rel, { kind: 'topNested' }>,
  translation: Translation,
  translator: Translator,
): Relation {
  const columns = assignIds(rel.columns);
  const levels = rel.levels.map((level, i) => ({
    level,
    key: translation.hidden('k'),
    measure: translation.hidden('m'),
    keyColumn: columns[2 * i]!,
    measureColumn: columns[2 * i + 1]!,
  }));
  const input = translator.rel(rel.input);
  const from = unionAll(new TopNested(levels, input, translation, translator, rel.place).records());
  // The greater comes first at each level, as the engine has it; no order is promised.
  const order = levels.flatMap((l) =>
    l.measureColumn.type === 'decimal' ? [] : [{ id: l.measureColumn.id, desc: l.level.desc, nullsFirst: false }],
  );
  return { from, columns, order, partition: input.partition };
}

class TopNested {
  private readonly levels: readonly Level[];
  private readonly parts: readonly Identifier[];
  private readonly lookup: ColumnLookup;
  private readonly translation: Translation;
  private readonly translator: Translator;
  private readonly context: EmitContext;
  /** The rows with the keys of all levels. */
  private readonly rows: Sql;

  constructor(
    levels: readonly Level[],
    input: Relation,
    translation: Translation,
    translator: Translator,
    place: Rel['place'],
  ) {
    this.levels = levels;
    this.parts = input.partition;
    this.lookup = lookupIn(input);
    this.translation = translation;
    this.translator = translator;
    this.context = emitContext(translation, place);
    const keys = levels.map((l) =>
      as(this.context.convert(translator.scalar(l.level.key.expr, this.lookup), l.keyColumn.type).sql, l.key),
    );
    this.rows = translation.shareRows(select({ items: [SQL`t.*`, ...keys], from: [input.from, 't'] }), true);
  }

  /** The statements whose rows are the answer. */
  records(): Sql[] {
    const kept: Sql[] = [];
    for (const depth of this.levels.keys()) kept.push(this.keptAt(depth, kept[depth - 1]));
    const shown = this.levels.flatMap((l) => [
      as(columnOf('k', l.key), l.keyColumn.id),
      as(columnOf('k', l.measure), l.measureColumn.id),
    ]);
    const rest = this.levels.flatMap((_, depth) =>
      this.levels.slice(depth).some((l) => l.level.others) ? [this.othersAt(depth, kept)] : [],
    );
    return [statement({ items: [...shown, ...this.partition('k')], from: [kept.at(-1)!, 'k'] }), ...rest];
  }

  /** What a level keeps: its keys, those above, and all their measures. */
  private keptAt(depth: number, above: Sql | undefined): Sql {
    const { level, measure, measureColumn } = this.levels[depth]!;
    const grouped = this.ids(depth + 1).map((id) => columnOf('t', id));
    const carried = this.levels.slice(0, depth).map((k) => as(SQL`any_value(k.${k.measure})`, k.measure));
    const groups = select({
      items: [...grouped, ...carried, as(this.measure(this.levels[depth]!), measure)],
      from: [this.rows, 't'],
      joins: this.within(depth, above),
      group: grouped.map((_, n) => n + 1),
    });
    const by = measureColumn.type === 'decimal' ? SQL`TRY_CAST(t.${measure} AS DOUBLE)` : columnOf('t', measure);
    const order = SQL`${by} ${level.desc ? 'DESC' : 'ASC'} NULLS LAST`;
    const rank = over(SQL`row_number()`, { partition: grouped.slice(0, -1), order });
    const qualify = level.count && SQL`${rank} <= ${this.constant(level.count, 'long')}`;
    return this.translation.shareRows(select({ items: everything, from: [groups, 't'], qualify }), true);
  }
  /** The rows a level does not keep, a record for each group above it. */
  private othersAt(depth: number, kept: readonly Sql[]): Sql {
    const items = this.levels.flatMap((l, j) => {
      const [key, measure] =
        j < depth
          ? [SQL`any_value(k.${l.key})`, SQL`any_value(k.${l.measure})`]
          : l.level.others
            ? [this.constant(l.level.others, l.keyColumn.type), this.measure(l)]
            : [missingSql(l.keyColumn.type), missingSql(l.measureColumn.type)];
      return [as(key, l.keyColumn.id), as(measure, l.measureColumn.id)];
    });
    const groups = this.ids(depth).map((id) => columnOf('t', id));
    return statement({
      items: [...items, ...this.partition('t')],
      from: [this.rows, 't'],
      joins: [
        ...this.within(depth, kept[depth - 1]),
        { kind: 'ANTI JOIN', with: [kept[depth]!, 'n'], on: alike('t', 'n', this.ids(depth + 1)) },
      ],
      group: groups,
      having: groups.length > 0 ? undefined : SQL`count(*) > 0`,
    });
  }

  /** Only the rows of the groups that were kept above. */
  private within(depth: number, above: Sql | undefined): Join[] {
    return above === undefined ? [] : [{ kind: 'JOIN', with: [above, 'k'], on: alike('t', 'k', this.ids(depth)) }];
  }
  /** What the groups of the first `depth` levels are told apart by. */
  private ids(depth: number): Identifier[] {
    return [...this.parts, ...this.levels.slice(0, depth).map((l) => l.key)];
  }
  private partition(alias: string): Sql[] {
    return this.parts.map((p) => columnOf(alias, p));
  }
  private measure({ level, measureColumn }: Level): Sql {
    return this.context.convert(this.translator.scalar(level.measure.expr, this.lookup), measureColumn.type).sql;
  }
  private constant(expr: TopNestedLevel['measure']['expr'], type: SqlColumn['type']): Sql {
    return this.context.convert(
      this.translator.scalar(expr, () => undefined),
      type,
    ).sql;
  }
}

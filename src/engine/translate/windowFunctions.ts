import type { Expr } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { EmitContext, JsFunction, SqlExpr } from '../functions/contract.ts';
import { SQL, atom, columnOf, named } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { alike, as, everything, over, select } from '../sql/statement.ts';
import type { Window } from '../sql/statement.ts';
import { missingSql } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Call = Extract<Expr, { kind: 'call' }>;
type Windowed = { readonly relation: Relation; readonly column: SqlColumn };

/**
 * The rows with a row-context call (prev, row_cumsum...) beside them, a hidden column: `input` has one hidden number
 * that says its order.
 */
export function windowColumn(expr: Call, input: Relation, translation: Translation, translator: Translator): Windowed {
  return new WindowCall(expr, input, translation, translator).column();
}

/** One call; columns it needs of its own are added to the rows on the way. */
class WindowCall {
  private readonly expr: Call;
  private readonly translation: Translation;
  private readonly translator: Translator;
  private readonly context: EmitContext;
  private relation: Relation;
  /** The order of the rows, and the subtable they belong to. */
  private readonly serial: Sql;
  private readonly own: readonly Sql[];

  constructor(expr: Call, input: Relation, translation: Translation, translator: Translator) {
    this.expr = expr;
    this.translation = translation;
    this.translator = translator;
    this.context = emitContext(translation, expr.place);
    this.relation = input;
    this.serial = columnOf('t', input.order[0]!.id);
    this.own = input.partition.map((p) => columnOf('t', p));
  }

  column(): Windowed {
    switch (this.expr.name) {
      case 'prev':
      case 'next':
        return this.neighbour(this.expr.name === 'prev' ? SQL`lag` : SQL`lead`);
      case 'row_number':
        return this.rowNumber();
      case 'row_cumsum':
        return this.sum();
      case 'row_rank_dense':
      case 'row_rank_min':
        return this.rank();
      default:
        return this.sessions();
    }
  }

  private neighbour(lagOrLead: Sql): Windowed {
    const x = this.value(0)!;
    const offset = this.value(1, 'long')?.sql ?? atom`1`;
    const fallback = this.value(2, x.type)?.sql ?? (x.type === 'string' ? missingSql('string') : SQL`NULL`);
    return this.done(over(SQL`${lagOrLead}(${x.sql}, ${offset}, ${fallback})`, this.window()), x.type);
  }
  private rowNumber(): Windowed {
    const start = this.value(0, 'long')?.sql ?? atom`1`;
    const number = over(SQL`row_number()`, this.running(this.group(1)));
    return this.done(SQL`(${start} + ${number} - 1)::BIGINT`, 'long');
  }
  private sum(): Windowed {
    const parts = this.group(1);
    const x = this.value(0)!;
    if (x.type === 'decimal') return this.context.refuse('row_cumsum() of decimals');
    const sum = over(SQL`sum(${x.sql})`, this.running(parts));
    return this.done(SQL`(${sum})::${x.type === 'real' ? 'DOUBLE' : 'BIGINT'}`, x.type === 'int' ? 'long' : x.type);
  }
  /** Dense: how many different values there were. Otherwise the number of the row the present value began at. */
  private rank(): Windowed {
    const parts = this.group(1);
    const term = this.value(0)!.sql;
    const [number, before] = [SQL`row_number()`, SQL`lag(${term})`].map((call) => over(call, this.window(parts))) as [
      Sql,
      Sql,
    ];
    const changed = this.add(SQL`(${number} = 1 OR ${term} IS DISTINCT FROM ${before})`, 'bool');
    const counted = this.expr.name === 'row_rank_dense' ? SQL`count(*)` : SQL`max(${this.add(number, 'long')})`;
    const rank = over(SQL`${counted} FILTER (WHERE ${changed})`, this.running(parts));
    return this.done(SQL`(${rank})::BIGINT`, 'long');
  }

  /**
   * Sessions depend on where the one before began, so one pass in JavaScript finds them: a list of starts by row
   * number.
   */
  private sessions(): Windowed {
    const x = this.value(0, 'datetime')!;
    const [fromFirst, between] = [this.constant(1, 'timespan'), this.constant(2, 'timespan')];
    const restart = this.value(3, 'bool')?.sql ?? atom`FALSE`;
    const { relation, serial } = this;
    const item = SQL`coalesce(${x.sql}::VARCHAR, '') || CASE WHEN ${restart} THEN '!' ELSE '' END`;
    const listed = select({
      items: [...this.own, SQL`string_agg(${item}, ',' ORDER BY ${serial}) AS s`],
      from: [relation.from, 't'],
      group: this.own,
    });
    const found = this.context.js(SESSIONS, named('s'), SQL`(${fromFirst})::VARCHAR`, SQL`(${between})::VARCHAR`);
    const starts = select({ items: [...everything, SQL`string_split(${found}, ',') AS v`], from: [listed, 'l'] });
    const column = this.translation.hiddenColumn('w', x.type);
    const from = select({
      items: [SQL`t.*`, as(SQL`TRY_CAST(n.v[${serial}] AS BIGINT)`, column.id)],
      from: [relation.from, 't'],
      joins: [{ kind: 'JOIN', with: [starts, 'n'], on: alike('t', 'n', relation.partition) }],
    });
    return { column, relation: { ...relation, from, columns: [...relation.columns, column] } };
  }

  private value(i: number, type?: KqlType): SqlExpr | undefined {
    const arg = this.expr.args[i];
    if (!arg) return undefined;
    const made = this.translator.scalar(arg, lookupIn(this.relation));
    return type ? this.context.convert(made, type) : made;
  }
  /** An argument that is the same for all rows. */
  private constant(i: number, type: KqlType): Sql {
    return this.context.convert(
      this.translator.scalar(this.expr.args[i]!, () => undefined),
      type,
    ).sql;
  }
  /** The number of the run since the last restart, where the argument says when to. */
  private group(at: number): readonly Sql[] {
    const restart = this.value(at, 'bool');
    if (!restart) return [];
    return [this.add(over(SQL`count(*) FILTER (WHERE ${restart.sql})`, this.running()), 'long')];
  }
  private window(more: readonly Sql[] = []): Window {
    return { partition: [...this.own, ...more], order: this.serial };
  }
  private running(more: readonly Sql[] = []): Window {
    return { ...this.window(more), running: true };
  }
  /** The column as it is read after it was added. */
  private add(sql: Sql, type: KqlType): Sql {
    return columnOf('t', this.done(sql, type).column.id);
  }
  private done(sql: Sql, type: KqlType): Windowed {
    const column = this.translation.hiddenColumn('w', type);
    const from = select({ items: [...everything, as(sql, column.id)], from: [this.relation.from, 't'] });
    this.relation = { ...this.relation, from, columns: [...this.relation.columns, column] };
    return { relation: this.relation, column };
  }
}

const SESSIONS: JsFunction = {
  name: 'kql_sessions',
  params: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
  returns: 'VARCHAR',
  call: (list, fromFirst, between) => {
    if (typeof list !== 'string') return '';
    let first: bigint | undefined;
    let last: bigint | undefined;
    let start = '';
    const [far, near] = [BigInt(String(fromFirst)), BigInt(String(between))];
    return list
      .split(',')
      .map((item) => {
        const restart = item.endsWith('!');
        const text = restart ? item.slice(0, -1) : item;
        // After a null the next value starts a session.
        if (text === '') {
          first = last = undefined;
          return '';
        }
        const value = BigInt(text);
        if (first === undefined || last === undefined || restart || value >= first + far || value >= last + near) {
          first = value;
          start = text;
        }
        last = value;
        return start;
      })
      .join(',');
  },
};

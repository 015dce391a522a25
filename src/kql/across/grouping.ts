import type { KqlType } from '../../model/kqlType.ts';
import type { AggregateItem, Assignment, Expr, Rel } from '../plan.ts';
import { columnRef, freshName } from './expressions.ts';
import type { Pushing } from './pushing.ts';

/** An aggregate function over its arguments. */
export type AggregateCall = Extract<Expr, { kind: 'aggregate' }>;

/** What of a grouping is sent: its keys and parts of its aggregates, and what the keys are here. */
export class Grouping {
  readonly keys: Assignment[] = [];
  readonly items: AggregateItem[] = [];
  private readonly pushing: Pushing;
  private readonly taken = new Set<string>();
  private readonly known = new Map<string, Expr>();

  constructor(pushing: Pushing) {
    this.pushing = pushing;
  }

  /** A key that groups there, too: the column it comes back as. */
  key(wanted: string, expr: Expr): Expr {
    return this.once(`key ${text(expr)}`, () => {
      const column = { name: freshName(this.pushing.nameOf(wanted), this.taken), type: expr.type };
      this.keys.push({ column, expr });
      return columnRef(column);
    });
  }

  /** An aggregate that is computed there: the column it comes back as. */
  item(wanted: string, expr: AggregateCall): Expr {
    return this.once(`item ${text(expr)}`, () => this.items_([wanted], expr)[0]!);
  }

  /** An aggregate of several columns. */
  items_(wanted: readonly string[], expr: AggregateCall, types: readonly KqlType[] = [expr.type]): Expr[] {
    const columns = wanted.map((name, i) => ({
      name: freshName(this.pushing.nameOf(name), this.taken),
      type: types[i]!,
    }));
    this.items.push({ columns, expr });
    return columns.map(columnRef);
  }

  /** The grouping as a remote part. */
  remote(input: Rel, place: Rel['place']): Rel {
    return {
      kind: 'aggregate',
      input,
      keys: this.keys,
      items: this.items,
      columns: [...this.keys.map(({ column }) => column), ...this.items.flatMap(({ columns }) => columns)],
      place,
    };
  }

  private once(key: string, make: () => Expr): Expr {
    let known = this.known.get(key);
    if (!known) this.known.set(key, (known = make()));
    return known;
  }
}

/** One text for equal expressions, wherever they stand. */
function text(expr: Expr): string {
  return JSON.stringify(expr, (key, value: unknown) =>
    key === 'place' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );
}

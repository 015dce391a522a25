import type { Column } from '../../model/kqlType.ts';
import type { Assignment, Expr, Place, Rel } from '../plan.ts';
import { LEAVES } from '../prune.ts';
import { splitAggregate } from './aggregate.ts';
import {
  ATTRIBUTION,
  columnNames,
  columnRef,
  conjuncts,
  freshName,
  isAttribution,
  isOfTarget,
  isVolatile,
  madeOf,
  relsOf,
  substituted,
} from './expressions.ts';
import { isByChance, isConstant } from './pushing.ts';
import type { Pushing } from './pushing.ts';
import type { Split, Splitting, Spread } from './splitting.ts';
import { splitSeries } from './series.ts';
import { spreadJoin, spreadRowWise, spreadUnion } from './spreadOperators.ts';

/** A remote query and the name its rows are collected under. */
export interface CollectedPart {
  readonly name: string;
  readonly remote: Rel;
  /** What has to hold of a target for it to be asked. */
  readonly only: readonly Expr[];
}

const NOWHERE: Place = { start: 0, length: 0 };

/** Splits a bound plan into what is sent and what is done here. */
export class Splitter implements Splitting {
  readonly parts: CollectedPart[] = [];
  readonly pushing: Pushing;
  private readonly splits = new Map<Rel, Split>();
  private readonly locals = new Map<Split, Rel>();

  constructor(pushing: Pushing) {
    this.pushing = pushing;
  }

  /** One object of the plan is split once: what stands on it twice is collected once. */
  split(rel: Rel): Split {
    let known = this.splits.get(rel);
    if (!known) this.splits.set(rel, (known = this.splitAnew(rel)));
    return known;
  }

  /** The rows of a split as a plan over collected parts. */
  toLocal(split: Split): Rel {
    if (split.kind !== 'spread') return split.rel;
    let known = this.locals.get(split);
    if (!known) this.locals.set(split, (known = this.collect(split)));
    return known;
  }

  /** An expression with the tables inside it read here. */
  localExpr(expr: Expr): Expr {
    return this.deep(expr);
  }

  private splitAnew(rel: Rel): Split {
    if (isConstant(rel)) return { kind: 'constant', rel };
    return this.spread(rel) ?? { kind: 'local', rel: this.here(rel) };
  }

  private spread(rel: Rel): Split | undefined {
    if (!this.pushing.takes(rel)) return undefined;
    switch (rel.kind) {
      case 'table': {
        const read = ({ name, type }: Column): Column => ({ name: this.pushing.columnOf(rel.table.name, name), type });
        return {
          kind: 'spread',
          remote: { ...rel, columns: rel.columns.filter(({ name }) => !isAttribution(name)).map(read) },
          outs: rel.columns.map((column) => ({ column, expr: columnRef(read(column)) })),
          conditions: [],
        };
      }
      case 'filter':
        return this.ofSpread(rel.input, (input) => this.filter(input, rel.condition, rel.place));
      case 'project':
        return this.ofSpread(rel.input, (input) => this.project(input, rel.items, rel.place));
      case 'materialize':
        // What is by chance is drawn once, and collected whole for all that stand on it.
        return isByChance(rel.input) ? undefined : this.ofSpread(rel.input, (input) => input);
      case 'aggregate':
        return this.ofSpread(rel.input, (input) => splitAggregate(rel, input, this));
      case 'makeSeries':
        return this.ofSpread(rel.input, (input) => splitSeries(rel, input, this));
      case 'distinct':
        return this.ofSpread(rel.input, (input) => this.again(rel, input, []));
      case 'take': {
        // The first rows of sorted ones: nobody has to send them all.
        const sorted = rel.keys.length === 0 && rel.input.kind === 'sort' ? rel.input : undefined;
        const first = sorted ? { ...rel, input: sorted.input, keys: sorted.keys } : rel;
        return this.ofSpread(first.input, (input) => this.again(first, input, first.keys));
      }
      case 'sample':
        return this.ofSpread(rel.input, (input) => this.again(rel, input, []));
      case 'union':
        return spreadUnion(rel, this);
      case 'join':
        return spreadJoin(rel, this);
      case 'mvExpand':
      case 'parse':
      case 'parseKv':
      case 'spread':
      case 'bagUnpack':
        return this.ofSpread(rel.input, (input) => spreadRowWise(rel, input, this));
      default:
        return undefined;
    }
  }

  /** What is made of rows that are spread; undefined where they are not. */
  ofSpread(input: Rel, then: (split: Spread) => Split | undefined): Split | undefined {
    const split = this.split(input);
    return split.kind === 'spread' ? then(split) : undefined;
  }

  private filter(input: Spread, condition: Expr, place: Place): Spread {
    const made = madeOf(input.outs);
    let { remote } = input;
    const conditions = [...input.conditions];
    for (const one of conjuncts(condition)) {
      const expr = substituted(one, made);
      if (this.pushing.allows(expr))
        remote = { kind: 'filter', input: remote, condition: expr, columns: remote.columns, place };
      else conditions.push(expr);
    }
    return { ...input, remote, conditions };
  }

  /** What can be computed there is; what cannot is computed here, of columns that come along for it. */
  private project(input: Spread, items: readonly Assignment[], place: Place): Spread | undefined {
    const made = madeOf(input.outs);
    const exprs = items.map(({ expr }) => substituted(expr, made));
    const there = exprs.map((expr) => this.pushing.allows(expr));
    if (exprs.some((expr, i) => !there[i] && isVolatile(expr))) return undefined;
    const taken = new Set<string>();
    const sent: Assignment[] = [];
    const outs = items.map(({ column }, i): Assignment | undefined => {
      if (!there[i]) return undefined;
      const name = freshName(this.pushing.nameOf(column.name), taken);
      sent.push({ column: { name, type: column.type }, expr: exprs[i]! });
      return { column, expr: columnRef({ name, type: column.type }) };
    });
    // Columns of the row before that something here still looks at come along under names of their own.
    const carried = new Map<string, Expr>();
    const needed = [...exprs.filter((_, i) => !there[i]), ...input.conditions].flatMap(columnNames);
    for (const name of needed) {
      const column = input.remote.columns.find((each) => each.name === name);
      if (!column || carried.has(name)) continue;
      const same = sent.find(({ expr }) => expr.kind === 'column' && expr.name === name);
      const kept = same?.column ?? { name: freshName(name, taken), type: column.type };
      if (!same) sent.push({ column: kept, expr: columnRef(column) });
      carried.set(name, columnRef(kept));
    }
    return {
      kind: 'spread',
      remote: {
        kind: 'project',
        input: input.remote,
        items: sent,
        columns: sent.map(({ column }) => column),
        place,
      },
      outs: items.map(({ column }, i) => outs[i] ?? { column, expr: substituted(exprs[i]!, carried) }),
      conditions: input.conditions.map((condition) => substituted(condition, carried)),
    };
  }

  /**
   * Operators that can be done there first and here again: `distinct`, `take`, `top`. What is left out here must be
   * left out for the whole of a target, or fewer than its first rows come.
   */
  private again(
    rel: Extract<Rel, { kind: 'distinct' | 'take' | 'sample' }>,
    input: Spread,
    keys: readonly { readonly expr: Expr; readonly desc: boolean; readonly nullsFirst: boolean }[],
  ): Split | undefined {
    if (!input.conditions.every(isOfTarget)) return undefined;
    if ('count' in rel && !(isConstantExpr(rel.count) && this.pushing.allows(rel.count))) return undefined;
    const made = madeOf(input.outs);
    const sortKeys = keys.map((key) => ({ ...key, expr: substituted(key.expr, made) }));
    if (!sortKeys.every(({ expr }) => this.pushing.allows(expr) && !isVolatile(expr))) return undefined;
    const shaped = rel.kind === 'distinct' ? this.shaped(input) : input;
    if (!shaped) return undefined;
    const { columns } = shaped.remote;
    // Without columns of its own a target would send as many empty rows as it has.
    if (rel.kind === 'distinct' && columns.length === 0) return undefined;
    const remote = (
      rel.kind === 'take'
        ? { ...rel, input: shaped.remote, keys: sortKeys, columns }
        : { ...rel, input: shaped.remote, columns }
    ) as Rel;
    const local = { ...rel, input: this.toLocal({ ...shaped, remote }) } as Rel;
    return { kind: 'local', rel: local };
  }

  /** The spread with a remote part of just the columns that `outs` show; undefined where they are computed here. */
  shaped(input: Spread): Spread | undefined {
    const shown = input.outs.filter(({ expr }) => !isOfTarget(expr));
    if (shown.some(({ expr }) => expr.kind !== 'column') || !input.conditions.every(isOfTarget)) return undefined;
    const names = shown.map(({ expr }) => (expr as { readonly name: string }).name);
    if (shown.some(({ column }, i) => !this.pushing.mayRename(names[i]!, column.name))) return undefined;
    const same =
      names.length === input.remote.columns.length && names.every((n, i) => n === input.remote.columns[i]!.name);
    if (same && shown.every(({ column }, i) => column.name === names[i])) return input;
    const taken = new Set<string>();
    const items = shown.map(({ column, expr }) => ({
      column: { name: freshName(this.pushing.nameOf(column.name), taken), type: column.type },
      expr,
    }));
    const own = new Map(shown.map(({ column }, i) => [column.name, items[i]!.column]));
    return {
      kind: 'spread',
      remote: {
        kind: 'project',
        input: input.remote,
        items,
        columns: items.map(({ column }) => column),
        place: input.remote.place,
      },
      outs: input.outs.map((out) => {
        const column = own.get(out.column.name);
        return column ? { column: out.column, expr: columnRef(column) } : out;
      }),
      conditions: input.conditions,
    };
  }

  /** The rows of a part, with what is done to each of them here. */
  private collect({ remote, outs, conditions }: Spread): Rel {
    const name = `part${this.parts.length + 1}`;
    const columns = [...ATTRIBUTION, ...remote.columns];
    const table = { name, columns };
    const leaf: Rel = { kind: 'table', database: { name: 'parts', tables: [] }, table, columns, place: NOWHERE };
    this.parts.push({ name, remote, only: conditions.filter(isOfTarget) });
    const filtered = conditions.reduce<Rel>(
      (input, condition) => ({ kind: 'filter', input, condition: this.localExpr(condition), columns, place: NOWHERE }),
      leaf,
    );
    return {
      kind: 'project',
      input: filtered,
      items: outs.map(({ column, expr }) => ({ column, expr: this.localExpr(expr) })),
      columns: outs.map(({ column }) => column),
      place: NOWHERE,
    };
  }

  /** The operator as it is, over rows collected here. */
  private here(rel: Rel): Rel {
    return Object.fromEntries(
      Object.entries(rel).map(([key, value]) => [key, LEAVES.has(key) ? value : this.deep<unknown>(value)]),
    ) as unknown as Rel;
  }
  private deep<T>(value: T): T {
    if (Array.isArray(value)) return value.map((item: unknown) => this.deep(item)) as T;
    if (typeof value !== 'object' || value === null) return value;
    if ('columns' in value && 'place' in value && 'kind' in value)
      return this.toLocal(this.split(value as unknown as Rel)) as T;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, LEAVES.has(key) ? inner : this.deep<unknown>(inner)]),
    ) as T;
  }
}

function isConstantExpr(expr: Expr): boolean {
  return columnNames(expr).length === 0 && relsOf(expr).every(isConstant) && !isVolatile(expr);
}

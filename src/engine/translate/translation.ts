import type { KqlType } from '../../model/kqlType.ts';
import type { QueryOptions } from '../face.ts';
import type { JsFunction, PlaceFinder, SqlExpr } from '../functions/contract.ts';
import type { Expr, Place, Rel } from '../../kql/plan.ts';
import { SQL, columnOf, joined } from '../sql/expression.ts';
import type { Identifier, Sql } from '../sql/expression.ts';
import { everything, select } from '../sql/statement.ts';
import { hiddenIds, quoteId } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';

/** How a scalar expression finds its columns: by KQL name, or by side in a join. */
export type ColumnLookup = (
  name: string,
  side?: 'left' | 'right',
) => { readonly sql: Sql; readonly type: KqlType } | undefined;

/** The translator's parts, so that operators can call one another without importing one another. */
export interface Translator {
  rel(rel: Rel): Relation;
  scalar(expr: Expr, lookup: ColumnLookup, order?: Sql): SqlExpr;
  /** As a condition in a place where null means false. */
  condition(expr: Expr, lookup: ColumnLookup): Sql;
}

/** What a query is translated with: what it was asked with, and what the engine has. */
export interface TranslationOptions extends QueryOptions {
  readonly places?: PlaceFinder;
}

let translations = 0;

/** The state of one query's translation. */
export class Translation {
  readonly now: bigint;
  readonly options: TranslationOptions;
  readonly functions = new Map<string, JsFunction>();
  /** Constant regular expressions in SQL, each with a place that uses it. */
  readonly patterns = new Map<Sql, Place>();
  readonly ctes: Sql[] = [];
  /** One of the shared parts refers to itself. */
  recursive = false;
  readonly subjects = new Map<number, Relation>();
  readonly shared = new Map<Rel, Relation>();
  readonly uses: ReadonlyMap<Rel, number>;
  private counter = 0;
  /** The number of this translation in the process. */
  readonly run = ++translations;

  constructor(now: bigint, options: TranslationOptions, uses: ReadonlyMap<Rel, number>) {
    this.now = now;
    this.options = options;
    this.uses = uses;
  }

  /** A fresh identifier for a hidden column. */
  hidden(prefix: string): Identifier {
    return quoteId(`#${prefix}${++this.counter}`);
  }
  /** A hidden column, which expressions find by its name. */
  hiddenColumn(prefix: string, type: KqlType): SqlColumn {
    const name = `#${prefix}${++this.counter}`;
    return { name, type, id: quoteId(name) };
  }
  /** Names a subquery so that it is evaluated once; the relation then reads from the name. */
  share(relation: Relation, materialized: boolean): Relation {
    return { ...relation, from: this.shareRows(relation.from, materialized) };
  }
  /** The same for rows that are no relation: gives the name. */
  shareRows(from: Sql, materialized: boolean): Sql {
    const name = SQL`${quoteId(`#cte${++this.counter}`)}`;
    const rows = select({ items: everything, from: [from, 'c'] });
    this.ctes.push(SQL`${name} AS ${materialized ? SQL`MATERIALIZED ` : ''}${rows}`);
    return name;
  }
  /** The whole statement: the shared parts before `body`. */
  statement(body: Sql): Sql {
    return this.ctes.length === 0
      ? body
      : SQL`WITH ${this.recursive ? SQL`RECURSIVE ` : ''}${joined(this.ctes, ',\n')}\n${body}`;
  }
}

/** Columns of `relation` by name, qualified by `alias`. */
export function lookupIn(relation: Relation, alias = 't'): ColumnLookup {
  const byName = new Map(relation.columns.map((c) => [c.name, c]));
  return (name) => {
    const found = byName.get(name);
    return found && { sql: columnOf(alias, found.id), type: found.type };
  };
}
/** A derived relation that keeps all rows and hidden columns and selects `items` besides. */
export function selectFrom(relation: Relation, items: readonly Sql[], where: readonly Sql[] = []): Sql {
  const hidden = hiddenIds(relation).map((id) => columnOf('t', id));
  return select({ items: [...items, ...hidden], from: [relation.from, 't'], where });
}

import type { KqlType } from '../../model/kqlType.ts';
import type { QueryOptions } from '../face.ts';
import type { JsFunction, PlaceFinder, SqlExpr } from '../functions/contract.ts';
import type { Expr, Place, Rel } from '../../kql/plan.ts';
import type { Relation } from './relation.ts';
import { hiddenIds, quoteId } from './relation.ts';

/** How a scalar expression finds its columns: by KQL name, or by side in a join. */
export type ColumnLookup = (
  name: string,
  side?: 'left' | 'right',
) => { readonly sql: string; readonly type: KqlType } | undefined;

/** The translator's parts, so that operators can call one another without importing one another. */
export interface Translator {
  rel(rel: Rel): Relation;
  scalar(expr: Expr, lookup: ColumnLookup, order?: string): SqlExpr;
  /** As a condition in a place where null means false. */
  condition(expr: Expr, lookup: ColumnLookup): string;
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
  readonly patterns = new Map<string, Place>();
  readonly ctes: string[] = [];
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
  hidden(prefix: string): string {
    return quoteId(`#${prefix}${++this.counter}`);
  }
  /** Names a subquery so that it is evaluated once; the relation then reads from the name. */
  share(relation: Relation, materialized: boolean): Relation {
    const name = quoteId(`#cte${++this.counter}`);
    this.ctes.push(`${name} AS ${materialized ? 'MATERIALIZED ' : ''}(SELECT * FROM ${relation.from})`);
    return { ...relation, from: name };
  }
  /** The whole statement: the shared parts before `body`. */
  statement(body: string): string {
    return this.ctes.length === 0
      ? body
      : `WITH ${this.recursive ? 'RECURSIVE ' : ''}${this.ctes.join(',\n')}\n${body}`;
  }
}

/** Columns of `relation` by name, qualified by `alias`. */
export function lookupIn(relation: Relation, alias = 't'): ColumnLookup {
  const byName = new Map(relation.columns.map((c) => [c.name, { sql: `${alias}.${c.id}`, type: c.type }]));
  return (name) => byName.get(name);
}
/** A derived relation that keeps all rows and hidden columns and selects `items` besides. */
export function selectFrom(relation: Relation, items: readonly string[], clause = '', alias = 't'): string {
  const all = [...items, ...hiddenIds(relation).map((id) => `${alias}.${id}`)];
  return `(SELECT ${all.length === 0 ? '1 AS "#none"' : all.join(', ')} FROM ${relation.from} AS ${alias}${clause})`;
}

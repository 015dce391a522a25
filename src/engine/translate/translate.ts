import { refusal } from '../../kql/bind/refusal.ts';
import type { Expr, Place, Plan, Rel } from '../../kql/plan.ts';
import { inputsOf, pruneUnions } from '../../kql/prune.ts';
import type { JsFunction, SqlExpr } from '../functions/contract.ts';
import { columnOf, printSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { renamed, statement } from '../sql/statement.ts';
import type { Source } from '../sql/statement.ts';
import { orderSql, quoteId } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { aggregateSql } from './aggregate.ts';
import { joinSql, unionSql } from './combine.ts';
import { mvApplySql, mvExpandSql, partitionSql } from './expand.ts';
import { ipLookupSql } from './ipLookup.ts';
import { makeSeriesSql } from './makeSeries.ts';
import { parseKvSql, parseSql } from './parse.ts';
import { pluginSql } from './plugins.ts';
import {
  distinctSql,
  filterSql,
  projectSql,
  sampleSql,
  schemaSql,
  serializeSql,
  sortSql,
  spreadSql,
  takeSql,
} from './rows.ts';
import { conditionSql, scalarSql } from './scalars.ts';
import { scanSql } from './scan.ts';
import { rangeSql, tableSql, valuesSql } from './sources.ts';
import { dependsOnSubject } from './subjects.ts';
import { topNestedSql } from './topNested.ts';
import { Translation } from './translation.ts';
import type { ColumnLookup, TranslationOptions, Translator } from './translation.ts';
import { bagUnpackSql, narrowSql, pivotSql } from './unpack.ts';

/** A query in SQL: a statement per result, whose columns have the identifiers given, in the order the rows have. */
export interface SqlQuery {
  readonly results: readonly { readonly name: string; readonly sql: string; readonly columns: readonly SqlColumn[] }[];
  /** JavaScript functions the statements call. */
  readonly functions: readonly JsFunction[];
  /** Constant regular expressions of the statements in SQL, each with a place that uses it. */
  readonly patterns: ReadonlyMap<string, Place>;
}

/** DuckDB's own column of every table. */
const ROW_ID = quoteId('rowid');

/** Translates a bound plan. `now` is the instant of the query in ticks. */
export function translatePlan(plan: Plan, options: TranslationOptions, now: bigint): SqlQuery {
  const functions = new Map<string, JsFunction>();
  const patterns = new Map<string, Place>();
  const results = pruneUnions(plan).results.map(({ name, rel }) => {
    const translation = new Translation(now, options, countUses(rel));
    const relation = new PlanTranslator(translation).rel(rel);
    // A column called rowid would hide the row numbers of the table the answer is put in.
    const columns = relation.columns.map((c) => (c.id.toLowerCase() === ROW_ID ? { ...c, id: quoteId('#rowid') } : c));
    const items = columns.map((c, i) => renamed(columnOf('t', relation.columns[i]!.id), relation.columns[i]!.id, c.id));
    const order = relation.order.length > 0 ? orderSql(relation.order) : undefined;
    for (const [id, fn] of translation.functions) functions.set(id, fn);
    for (const [sql, place] of translation.patterns) patterns.set(printSql(sql), place);
    const body = statement({ items, from: [relation.from, 't'], order });
    return { name, sql: printSql(translation.statement(body)), columns };
  });
  return { results, functions: [...functions.values()], patterns };
}

/**
 * One scalar question over a relation, for finding the columns of a plugin: `ask` gets the value's SQL over rows named
 * t.
 */
export function translateQuestion(
  input: Rel,
  value: Expr,
  options: TranslationOptions,
  now: bigint,
  ask: (value: SqlExpr, from: Source) => Sql,
): { readonly sql: string; readonly functions: readonly JsFunction[] } {
  const translation = new Translation(now, options, countUses(input));
  const translator = new PlanTranslator(translation);
  const relation = translator.rel(input);
  const columns = new Map(relation.columns.map((c) => [c.name, { sql: columnOf('t', c.id), type: c.type }]));
  const sql = ask(
    translator.scalar(value, (name) => columns.get(name)),
    [relation.from, 't'],
  );
  return { sql: printSql(translation.statement(sql)), functions: [...translation.functions.values()] };
}

class PlanTranslator implements Translator {
  private readonly translation: Translation;
  constructor(translation: Translation) {
    this.translation = translation;
  }

  scalar(expr: Expr, lookup: ColumnLookup, order?: Sql): SqlExpr {
    return scalarSql(expr, lookup, this.translation, this, order);
  }
  condition(expr: Expr, lookup: ColumnLookup): Sql {
    return conditionSql(expr, lookup, this.translation, this);
  }

  /** The relation of a plan node; nodes used more than once are evaluated once. */
  rel(rel: Rel): Relation {
    const found = this.translation.shared.get(rel);
    if (found) return found;
    const made = this.operator(rel);
    const shares =
      rel.kind === 'materialize' ||
      ((this.translation.uses.get(rel) ?? 0) > 1 && rel.kind !== 'table' && rel.kind !== 'subject');
    if (!shares || made.partition.length > 0 || dependsOnSubject(rel)) return made;
    const shared = this.translation.share(made, rel.kind === 'materialize');
    this.translation.shared.set(rel, shared);
    return shared;
  }

  private operator(rel: Rel): Relation {
    const { translation } = this;
    switch (rel.kind) {
      case 'table':
        return tableSql(rel, translation);
      case 'values':
        return valuesSql(rel, translation, this);
      case 'range':
        return rangeSql(rel, translation, this);
      case 'filter':
        return filterSql(rel, translation, this);
      case 'project':
        return projectSql(rel, translation, this);
      case 'spread':
        return spreadSql(rel, translation, this);
      case 'aggregate':
        return aggregateSql(rel, translation, this);
      case 'distinct':
        return distinctSql(rel, this);
      case 'sort':
        return sortSql(rel, translation, this);
      case 'take':
        return takeSql(rel, translation, this);
      case 'sample':
        return sampleSql(rel, translation, this);
      case 'serialize':
        return serializeSql(rel, translation, this);
      case 'materialize':
        return this.rel(rel.input);
      case 'union':
        return unionSql(rel, this);
      case 'join':
        return joinSql(rel, translation, this);
      case 'mvExpand':
        return mvExpandSql(rel, translation, this);
      case 'mvApply':
        return mvApplySql(rel, translation, this);
      case 'partition':
        return partitionSql(rel, translation, this);
      case 'subject': {
        const subject = translation.subjects.get(rel.subject.id);
        if (!subject) throw refusal('A subquery outside its operator', rel.place);
        return subject;
      }
      case 'parse':
        return parseSql(rel, translation, this);
      case 'parseKv':
        return parseKvSql(rel, translation, this);
      case 'makeSeries':
        return makeSeriesSql(rel, translation, this);
      case 'bagUnpack':
        return bagUnpackSql(rel, translation, this);
      case 'pivot':
        return pivotSql(rel, translation, this);
      case 'narrow':
        return narrowSql(rel, translation, this);
      case 'schemaOf':
        if (dependsOnSubject(rel.input)) throw refusal('getschema inside a subquery', rel.place);
        return schemaSql(rel, translation);
      case 'plugin':
        return pluginSql(rel, translation, this);
      case 'scan':
        return scanSql(rel, translation, this);
      case 'topNested':
        return topNestedSql(rel, translation, this);
      case 'reduce':
        throw refusal('The operator `reduce`', rel.place);
      case 'ipLookup':
        return ipLookupSql(rel, translation, this);
    }
  }
}

/** How often each node is stood on: what is used more than once is shared. */
function countUses(root: Rel): Map<Rel, number> {
  const uses = new Map<Rel, number>();
  const visit = (rel: Rel): void => {
    const seen = uses.get(rel) ?? 0;
    uses.set(rel, seen + 1);
    if (seen === 0) for (const input of inputsOf(rel)) visit(input);
  };
  visit(root);
  return uses;
}

import { AppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Cell, Column, DataTable, KqlType } from '../../model/kqlType.ts';
import { bindQuery, originalOffset, queryText, withDiscovery } from '../../kql/bind/query.ts';
import { refusal } from '../../kql/bind/refusal.ts';
import { NeedsDiscovery } from '../../kql/bind/evaluate.ts';
import { withViewsNamed } from '../../kql/bind/wildcardViews.ts';
import { EPOCH_TICKS } from '../../kql/literal.ts';
import { lineColumn } from '../../kql/kusto.ts';
import type { Plan } from '../../kql/plan.ts';
import type { KqlSchema } from '../../kql/schema.ts';
import type { EngineOptions, EngineTable, LocalEngine, QueryAnswer, QueryOptions, QueryResult } from '../face.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { assignIds, quoteId, sqlType } from '../translate/relation.ts';
import type { SqlColumn } from '../translate/relation.ts';
import { translatePlan } from '../translate/translate.ts';
import type { SqlQuery } from '../translate/translate.ts';
import { discoverColumns } from './discover.ts';
import { Database, UNREADABLE_REGEX } from './duckdb.ts';
import { encodeCell } from './encode.ts';
import { appendRows } from './ingest.ts';
import { loadFile } from './files.ts';

/** Opens an engine: memory or a file, with bounded memory, spilling to `tempDirectory`. Nothing a query says reaches files or the network. */
export async function openEngine(options: EngineOptions = {}): Promise<LocalEngine> {
  const database = await Database.open(options);
  // Answers of an earlier life of a database file are nobody's.
  await database.run('DROP SCHEMA IF EXISTS "#results" CASCADE');
  await database.run('CREATE SCHEMA "#results"');
  return new DuckDBEngine(database);
}

class DuckDBEngine implements LocalEngine {
  private readonly database: Database;
  private results = 0;
  constructor(database: Database) { this.database = database; }

  async query(text: string, options: QueryOptions): Promise<QueryAnswer> {
    const { plan, sql, inText } = await this.prepare(text, options);
    await this.database.register(sql.functions);
    const tables: QueryResult[] = [];
    try {
      for (const result of sql.results) tables.push(await this.run(result, options));
    } catch (thrown) {
      for (const table of tables) await table.dispose();
      throw inText(await this.namingRegex(thrown, sql.patterns));
    }
    return { tables, ...(plan.render ? { render: plan.render } : {}) };
  }

  async explain(text: string, options: QueryOptions): Promise<string> {
    const { sql } = await this.prepare(text, options);
    return sql.results.map((r) => r.sql).join(';\n\n');
  }

  /** Binds and translates; where columns depend on the data, finds them and binds again. */
  private async prepare(text: string, options: QueryOptions): Promise<{ plan: Plan; sql: SqlQuery; inText: (thrown: unknown) => unknown }> {
    const now = options.now ?? BigInt(Date.now()) * 10_000n + EPOCH_TICKS;
    const schema: KqlSchema = { database: options.database, ...(options.resolve ? { resolve: options.resolve } : {}), ...(options.external ? { external: options.external } : {}) };
    let query = withViewsNamed(queryText(text), schema);
    const inText = (thrown: unknown): unknown => placed(thrown, text, (offset) => originalOffset(query, offset));
    for (let round = 0; ; round++) {
      try {
        const plan = bindQuery(query, schema);
        return { plan, sql: translatePlan(plan, options, now), inText };
      } catch (thrown) {
        if (!(thrown instanceof NeedsDiscovery) || round > 20) throw inText(thrown);
        const found = await discoverColumns(thrown.discovery, options, now, this.database);
        query = withDiscovery(query, thrown.discovery, found);
      }
    }
  }

  /** The refusal of a regular expression with the place of the first that cannot be read: only the database can tell which it is. */
  private async namingRegex(thrown: unknown, patterns: SqlQuery['patterns']): Promise<unknown> {
    if (!(thrown instanceof AppError) || thrown.data?.construct !== UNREADABLE_REGEX) return thrown;
    for (const [sql, place] of patterns) {
      try { await this.database.run(`SELECT regexp_matches('', ${sql})`); } catch {
        const shown = sql.length > 82 ? `${sql.slice(0, 80)}...'` : sql;
        return refusal(`The regular expression ${shown}`, place, `RE2, which reads it, says: ${String(thrown.data.reason)}.`);
      }
    }
    return thrown;
  }

  private async run(result: SqlQuery['results'][number], options: QueryOptions): Promise<QueryResult> {
    const id = `"#results"."q${++this.results}"`;
    const limit = options.maxRows === undefined ? '' : `\nLIMIT ${options.maxRows + 1}`;
    const columns = result.columns;
    // An interrupted CREATE TABLE AS leaves no table behind.
    await this.database.run(`CREATE TABLE ${id} AS ${result.sql}${limit}`, options.signal);
    const [count] = await this.database.columns(`SELECT count(*) FROM ${id}`);
    const stored = Number(count?.[0] ?? 0);
    const kept = options.maxRows === undefined ? stored : Math.min(stored, options.maxRows);
    const database = this.database;
    const list = columns.map((c) => c.id).join(', ') || '1 AS "#none"';
    let disposed = false;
    return {
      name: result.name, columns: columns.map(({ name, type }) => ({ name, type })), rowCount: kept, truncated: stored > kept,
      source: `(SELECT ${list}, rowid AS __ord FROM ${id}${stored > kept ? ` WHERE rowid < ${kept}` : ''})`,
      async rows(first = 0, wanted = kept) {
        const last = Math.min(kept, first + wanted);
        const values = await database.columns(`SELECT ${list} FROM ${id} WHERE rowid >= ${first} AND rowid < ${last} ORDER BY rowid`);
        return transpose(values, columns, Math.max(0, last - first));
      },
      async dispose() {
        if (disposed) return;
        disposed = true;
        await database.run(`DROP TABLE IF EXISTS ${id}`);
      },
    };
  }

  async createTable(schema: string, name: string, columns: readonly Column[]): Promise<EngineTable> {
    const source = `${quoteId(schema)}.${quoteId(name)}`;
    await this.database.run(`CREATE SCHEMA IF NOT EXISTS ${quoteId(schema)}`);
    const list = assignIds(columns).map((c) => `${c.id} ${sqlType(c.type)}${c.type === 'string' ? " DEFAULT ''" : ''}`).join(', ');
    await this.database.run(`CREATE OR REPLACE TABLE ${source} (${list || '"#none" INTEGER'})`);
    return { name, columns: [...columns], source };
  }
  append(table: EngineTable, rows: Iterable<readonly Cell[]>): Promise<void> { return appendRows(this.database, table, rows); }
  loadFile(path: string, schema: string, name: string, columns?: readonly Column[]): Promise<EngineTable> { return loadFile(this, path, schema, name, columns); }
  async dropTable(table: EngineTable): Promise<void> { await this.database.run(`DROP TABLE IF EXISTS ${table.source}`); }
  async sql(text: string, signal?: CancelSignal): Promise<DataTable> {
    const { names, types, rows } = await this.database.run(text, signal);
    const columns = names.map((name, i): Column => ({ name, type: kqlTypeOfSql(types[i] ?? '') }));
    return { columns, rows: rows.map((row) => row.map((value, i) => sqlCell(value, columns[i]!.type))) };
  }
  close(): Promise<void> { this.database.close(); return Promise.resolve(); }
}

function transpose(values: readonly (readonly PhysicalValue[])[], columns: readonly SqlColumn[], count: number): Cell[][] {
  return Array.from({ length: count }, (_, r) => columns.map((c, i) => encodeCell(values[i]?.[r] ?? null, c.type)));
}
function kqlTypeOfSql(type: string): KqlType {
  if (type === 'BOOLEAN') return 'bool';
  if (type === 'INTEGER') return 'int';
  if (/^(BIGINT|UBIGINT|HUGEINT)$/.test(type)) return 'long';
  return /^(DOUBLE|FLOAT)$/.test(type) ? 'real' : 'string';
}
function sqlCell(value: unknown, type: KqlType): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return encodeCell(value as PhysicalValue, type === 'string' ? 'dynamic' : type);
  return typeof value === 'string' ? value : String(value);
}
/** Errors that name a place get its line and column in the text as written. */
function placed(thrown: unknown, text: string, original: (offset: number) => number): unknown {
  if (!(thrown instanceof AppError) || typeof thrown.data?.start !== 'number' || thrown.data.line !== undefined) return thrown;
  const start = original(thrown.data.start);
  const { line, column } = lineColumn(text, start);
  const message = thrown.code === 'query.unsupported' ? `${thrown.message} (line ${line}, column ${column})` : thrown.message;
  return new AppError(thrown.code, message, { retryable: thrown.retryable, data: { ...thrown.data, start, line, column }, cause: thrown });
}

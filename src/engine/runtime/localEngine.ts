import { setImmediate } from 'node:timers/promises';
import { AppError, cancelled } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Cell, Column, DataTable, KqlType } from '../../model/kqlType.ts';
import { bindQuery } from '../../kql/bind/query.ts';
import { originalOffset, queryText, withDiscovery, withText } from '../../kql/bind/queryText.ts';
import { NeedsText } from '../../kql/bind/splitNames.ts';
import { withPackAll } from '../../kql/bind/packAll.ts';
import { refusal } from '../../kql/bind/refusal.ts';
import { NeedsDiscovery } from '../../kql/bind/evaluate.ts';
import type { Discovery } from '../../kql/bind/evaluate.ts';
import { NeedsFile } from '../../kql/bind/external.ts';
import { withViewsNamed } from '../../kql/bind/wildcardViews.ts';
import { lineColumn } from '../../kql/kustoAnalysis.ts';
import type { Plan } from '../../kql/plan.ts';
import type { KqlSchema } from '../../kql/schema.ts';
import type { EngineTable, LocalEngine, QueryAnswer, QueryOptions, QueryResult } from '../face.ts';
import type { Database } from '../database/database.ts';
import { UNREADABLE_REGEX } from '../database/errors.ts';
import { columnDefinition, kqlTypeOfSql } from '../database/types.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { assignIds, missing, quoteId } from '../translate/relation.ts';
import { translatePlan } from '../translate/translate.ts';
import type { SqlQuery } from '../translate/translate.ts';
import type { TranslationOptions } from '../translate/translation.ts';
import { BesideQuery, EXTERNAL_SCHEMA } from './besideQuery.ts';
import { discoverColumns } from './discover.ts';
import { encodeCell } from './encode.ts';
import { isUnknownFailure, refusedWhereItFails } from './failurePlace.ts';
import { appendRows } from './ingest.ts';
import { FORGET_RESULTS, RESULTS_SCHEMA } from './results.ts';
import { slimPlan } from './slimPlan.ts';
import { loadFile } from './files.ts';
import { PlaceFile } from './placeFile.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';

/**
 * An engine on this database: one for each, because what it answers lies in the database's schema "#results". Tables of
 * the database that somebody else keeps (the rows of runs) are the engine's where its queries are told of them.
 * Its `close` forgets its answers and leaves the database open, unless `closing` says what else to do.
 */
export async function startEngine(
  database: Database,
  geoDatabase?: string,
  closing = async (): Promise<unknown> => database.run(FORGET_RESULTS),
): Promise<LocalEngine> {
  const places = geoDatabase === undefined ? undefined : await PlaceFile.at(geoDatabase);
  await database.run(FORGET_RESULTS);
  await database.run(`CREATE SCHEMA ${RESULTS_SCHEMA}`);
  await database.run(`DROP SCHEMA IF EXISTS ${quoteId(EXTERNAL_SCHEMA)} CASCADE`);
  return new DuckDBEngine(database, places, closing);
}

/** How often a query is bound anew for what its binding has to know. */
const MOST_ROUNDS = 40;
interface Prepared {
  readonly plan: Plan;
  /** The plan without legs that have no rows, which is what runs. */
  readonly slim: Plan;
  readonly asked: TranslationOptions;
  readonly now: bigint;
  readonly sql: SqlQuery;
  /** All columns of each result: its rows are stored without those nobody fills. */
  readonly columns: readonly (readonly Column[])[];
  /** An error with its place in the text as written. */
  readonly inText: (thrown: unknown) => unknown;
}

class DuckDBEngine implements LocalEngine {
  private readonly database: Database;
  private results = 0;
  private readonly places: PlaceFile | undefined;
  private readonly closing: () => Promise<unknown>;
  constructor(database: Database, places: PlaceFile | undefined, closing: () => Promise<unknown>) {
    this.database = database;
    this.places = places;
    this.closing = closing;
  }

  async query(text: string, options: QueryOptions): Promise<QueryAnswer> {
    return this.withFiles(options, async (beside) => this.answer(await this.prepare(text, options, beside), options));
  }
  /** A failure nobody knows as a refusal with the place of what fails; all others as they are. */
  private async known(
    thrown: unknown,
    plan: Plan | undefined,
    asked: TranslationOptions,
    now: bigint,
  ): Promise<unknown> {
    return isUnknownFailure(thrown) ? refusedWhereItFails(thrown, plan, asked, now, this.database) : thrown;
  }
  /** Files that `externaldata` reads are there as long as the query runs. */
  private async withFiles<T>(options: QueryOptions, work: (beside: BesideQuery | undefined) => Promise<T>): Promise<T> {
    const beside =
      options.beside === undefined || options.external
        ? undefined
        : new BesideQuery(this, options.beside, options.signal);
    try {
      return await work(beside);
    } finally {
      await beside?.close();
    }
  }
  private async answer(
    { plan, slim, sql, columns, asked, now, inText }: Prepared,
    options: QueryOptions,
  ): Promise<QueryAnswer> {
    const tables: QueryResult[] = [];
    try {
      await this.database.register(sql.functions);
      for (const [i, result] of sql.results.entries()) tables.push(await this.run(result, columns[i]!, options));
    } catch (thrown) {
      for (const table of tables) await table.dispose();
      throw inText(await this.known(await this.namingRegex(thrown, sql.patterns), slim, asked, now));
    }
    return { tables, ...(plan.render ? { render: plan.render } : {}) };
  }

  async explain(text: string, options: QueryOptions): Promise<string> {
    const { sql } = await this.withFiles(options, (beside) => this.prepare(text, options, beside));
    return sql.results.map((r) => r.sql).join(';\n\n');
  }

  /** Binds and translates; where columns depend on the data or rows on a file, finds them and binds again. */
  private async prepare(text: string, options: QueryOptions, beside: BesideQuery | undefined): Promise<Prepared> {
    const now = options.now ?? ticksOfMs(Date.now());
    const schema: KqlSchema = {
      database: options.database,
      ...(options.resolve ? { resolve: options.resolve } : {}),
      external: externalOf(options, beside),
    };
    const asked: TranslationOptions = this.places ? { ...options, places: this.places } : options;
    let query = withPackAll(withViewsNamed(queryText(text), schema));
    const inText = (thrown: unknown): unknown => placed(thrown, text, (offset) => originalOffset(query, offset));
    for (let round = 0; ; round++) {
      let plan: Plan | undefined;
      await heard(options.signal);
      try {
        plan = bindQuery(query, schema);
        const slim = await slimPlan(plan, asked, now, this.database);
        const sql = translatePlan(slim.plan, asked, now);
        await heard(options.signal);
        return { plan, slim: slim.plan, sql, columns: slim.columns, asked, now, inText };
      } catch (thrown) {
        if (beside && thrown instanceof NeedsFile && round < MOST_ROUNDS) {
          await beside.load(thrown.file);
          continue;
        }
        if (thrown instanceof NeedsText && round < MOST_ROUNDS) {
          query = withText(query, thrown.rewriting);
          continue;
        }
        if (!(thrown instanceof NeedsDiscovery) || round > MOST_ROUNDS)
          throw inText(await this.known(thrown, plan, asked, now));
        const { discovery } = thrown;
        const found = await this.discovered(discovery, asked, now, inText);
        query = withDiscovery(query, discovery, found);
      }
    }
  }

  /** The columns a plugin makes of its rows; where finding them fails, so does what stands before the plugin. */
  private async discovered(
    discovery: Discovery,
    asked: TranslationOptions,
    now: bigint,
    inText: Prepared['inText'],
  ): Promise<Column[]> {
    try {
      return await discoverColumns(discovery, asked, now, this.database);
    } catch (thrown) {
      throw inText(await this.known(thrown, { results: [{ name: '', rel: discovery.input }] }, asked, now));
    }
  }

  /**
   * The refusal of a regular expression with the place of the first that cannot be read: only the database can tell
   * which it is.
   */
  private async namingRegex(thrown: unknown, patterns: SqlQuery['patterns']): Promise<unknown> {
    if (!(thrown instanceof AppError) || thrown.data?.construct !== UNREADABLE_REGEX) return thrown;
    for (const [sql, place] of patterns) {
      try {
        await this.database.run(`SELECT regexp_matches('', ${sql})`);
      } catch {
        const shown = sql.length > 82 ? `${sql.slice(0, 80)}...'` : sql;
        return refusal(
          `The regular expression ${shown}`,
          place,
          `RE2, which reads it, says: ${String(thrown.data.reason)}.`,
        );
      }
    }
    return thrown;
  }

  private async run(
    result: SqlQuery['results'][number],
    all: readonly Column[],
    options: QueryOptions,
  ): Promise<QueryResult> {
    const schema = options.resultsIn === undefined ? RESULTS_SCHEMA : `${options.resultsIn}.${RESULTS_SCHEMA}`;
    if (options.resultsIn !== undefined) await this.database.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    const id = `${schema}."q${++this.results}"`;
    const limit = options.maxRows === undefined ? '' : `\nLIMIT ${options.maxRows + 1}`;
    const columns = result.columns;
    const stored = await this.database.materialize(id, `${result.sql}${limit}`, options.signal);
    const kept = options.maxRows === undefined ? stored : Math.min(stored, options.maxRows);
    const database = this.database;
    const slots = slotsOf(all, columns);
    const list = columns.map((c) => c.id).join(', ') || '1 AS "#none"';
    const whole =
      columns.length === all.length
        ? list
        : assignIds(all)
            .map((c, i) => (slots[i]! < 0 ? `${missing(c.type)} AS ${c.id}` : `${columns[slots[i]!]!.id} AS ${c.id}`))
            .join(', ');
    let disposed = false;
    return {
      name: result.name,
      columns: slots.map((slot, i) => ({ name: all[i]!.name, type: slot < 0 ? all[i]!.type : columns[slot]!.type })),
      rowCount: kept,
      truncated: stored > kept,
      source: `(SELECT ${whole.replace('"#rowid"', '"#rowid" AS rowid')}, rowid AS __ord FROM ${id}${stored > kept ? ` WHERE rowid < ${kept}` : ''})`,
      async rows(first = 0, wanted = kept) {
        const last = Math.min(kept, first + wanted);
        const values = await database.columns(
          `SELECT ${list} FROM ${id} WHERE rowid >= ${first} AND rowid < ${last} ORDER BY rowid`,
        );
        return transpose(
          slots.map((slot) => values[slot]),
          slots.map((slot, i) => columns[slot] ?? all[i]!),
          Math.max(0, last - first),
        );
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
    const list = assignIds(columns)
      .map((c) => columnDefinition(c.id, c.type))
      .join(', ');
    await this.database.run(`CREATE OR REPLACE TABLE ${source} (${list || '"#none" INTEGER'})`);
    return { name, columns: [...columns], source };
  }
  append(table: EngineTable, rows: Iterable<readonly Cell[]>, signal?: CancelSignal): Promise<void> {
    return appendRows(this.database, table, rows, signal);
  }
  loadFile(
    path: string,
    schema: string,
    name: string,
    columns?: readonly Column[],
    signal?: CancelSignal,
  ): Promise<EngineTable> {
    return loadFile(this, path, schema, name, columns, signal);
  }
  async dropTable(table: EngineTable): Promise<void> {
    await this.database.run(`DROP TABLE IF EXISTS ${table.source}`);
  }
  async sql(text: string, signal?: CancelSignal): Promise<DataTable> {
    const { names, types, rows } = await this.database.run(text, signal);
    const columns = names.map((name, i): Column => ({ name, type: kqlTypeOfSql(types[i] ?? '') }));
    return { columns, rows: rows.map((row) => row.map((value, i) => sqlCell(value, columns[i]!.type))) };
  }
  async close(): Promise<void> {
    await this.closing();
  }
}

/** Binding holds the thread: who stopped the query meanwhile is heard before anything else begins. */
async function heard(signal: CancelSignal | undefined): Promise<void> {
  if (!signal) return;
  await setImmediate();
  if (signal.aborted) throw cancelled();
}

function transpose(
  values: readonly (readonly PhysicalValue[] | undefined)[],
  columns: readonly Column[],
  count: number,
): Cell[][] {
  return Array.from({ length: count }, (_, r) => columns.map((c, i) => encodeCell(values[i]?.[r] ?? null, c.type)));
}
function sqlCell(value: unknown, type: KqlType): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint')
    return encodeCell(value as PhysicalValue, type === 'string' ? 'dynamic' : type);
  return typeof value === 'string' ? value : String(value);
}
/** For each of all columns which of the stored ones it is, in the same order; -1 for those nobody fills. */
function slotsOf(all: readonly Column[], stored: readonly Column[]): number[] {
  let next = 0;
  return all.map((column) => (all.length === stored.length || stored[next]?.name === column.name ? next++ : -1));
}
function externalOf({ external }: QueryOptions, beside: BesideQuery | undefined): KqlSchema['external'] {
  return external ? (file) => external(file.uri, file.columns) : beside && ((file) => beside.find(file));
}
/** Errors that name a place get its line and column in the text as written. */
function placed(thrown: unknown, text: string, original: (offset: number) => number): unknown {
  if (!(thrown instanceof AppError) || typeof thrown.data?.start !== 'number' || thrown.data.line !== undefined)
    return thrown;
  const start = original(thrown.data.start);
  const { line, column } = lineColumn(text, start);
  const message =
    thrown.code === 'query.unsupported' || thrown.code === 'engine.unsupported'
      ? `${thrown.message} (line ${line}, column ${column})`
      : thrown.message;
  return new AppError(thrown.code, message, {
    retryable: thrown.retryable,
    data: { ...thrown.data, start, line, column },
    cause: thrown,
  });
}

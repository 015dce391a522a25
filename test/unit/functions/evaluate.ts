import type { LiteralValue } from '../../../src/kql/literal.ts';
import type { KqlType } from '../../../src/model/kqlType.ts';
import type { EmitContext, JsFunction, PhysicalValue, SqlExpr } from '../../../src/engine/functions/contract.ts';
import { convertExpr, literalExpr } from '../../../src/engine/functions/convert.ts';
import { scriptCall } from '../../../src/engine/functions/define.ts';
import { findAggregate, findScalar } from '../../../src/engine/functions/registry.ts';
import { Database } from '../../../src/engine/database/database.ts';
import { SQL, named, printSql } from '../../../src/engine/sql/expression.ts';
import { parseDatetime } from '../../../src/model/values/datetime.ts';
import { parseTimespan } from '../../../src/model/values/timespan.ts';

/** The instant of every query in these tests. */
export const NOW = ticks('2024-02-29 12:00');

export function ticks(text: string): bigint {
  const value = parseDatetime(text);
  if (value === undefined) throw new Error(`no datetime: ${text}`);
  return value;
}

export function span(text: string): bigint {
  const value = parseTimespan(text);
  if (value === undefined) throw new Error(`no timespan: ${text}`);
  return value;
}

/** A literal of a type; `column` gives the same value without telling the functions what it is. */
export const value = (type: KqlType, literal: LiteralValue): SqlExpr => literalExpr(literal, type);
export const column = (type: KqlType, literal: LiteralValue): SqlExpr => ({
  sql: literalExpr(literal, type).sql,
  type,
});
export const str = (text: string) => value('string', text);
export const dyn = (json: unknown) => value('dynamic', typeof json === 'string' ? json : JSON.stringify(json));
export const long = (number: bigint | number) => value('long', BigInt(number));
export const real = (number: number) => value('real', number);
export const datetime = (text: string) => value('datetime', ticks(text));
export const timespan = (text: string) => value('timespan', span(text));
export const NULL = (type: KqlType) => value(type, null);

class Refused extends Error {}

/** A database and the functions a query over it has asked for. */
export class Bench {
  private readonly database: Database;
  private constructor(database: Database) {
    this.database = database;
  }

  static async open(): Promise<Bench> {
    return new Bench(await Database.open({ memoryLimitMb: 512, threads: 1 }));
  }

  close(): void {
    this.database.close();
  }

  /** The value of a scalar function over literals, in its physical form. */
  async scalar(name: string, args: readonly SqlExpr[], result: KqlType, from = ''): Promise<PhysicalValue> {
    const fn = findScalar(name);
    if (!fn) throw new Error(`no function ${name}`);
    return (await this.rows((ctx) => `SELECT ${printSql(fn.emit(args, ctx, result))} ${from}`))[0]?.[0] ?? null;
  }

  /** The form for conditions. */
  async filter(name: string, args: readonly SqlExpr[]): Promise<PhysicalValue> {
    const fn = findScalar(name);
    return (await this.rows((ctx) => `SELECT ${printSql(fn?.filter?.(args, ctx) ?? SQL`no_filter`)}`))[0]?.[0] ?? null;
  }

  /** An aggregate over rows of literals, one array a row; `order` keeps them in the order given. */
  async aggregate(
    name: string,
    types: readonly KqlType[],
    rows: readonly (readonly LiteralValue[])[],
    constants: readonly SqlExpr[] = [],
    result: KqlType = 'long',
  ): Promise<PhysicalValue> {
    const fn = findAggregate(name);
    if (!fn) throw new Error(`no aggregate ${name}`);
    const table =
      rows.length === 0
        ? `(SELECT ${types.map((type, i) => `${printSql(literalExpr(null, type).sql)} AS c${i}`).join(', ')}, 0 AS ord) WHERE false`
        : `(VALUES ${rows.map((row, r) => `(${row.map((cell, i) => printSql(literalExpr(cell, types[i] ?? 'long').sql)).join(', ')}, ${r})`).join(', ')}) t(${types.map((_, i) => `c${i}`).join(', ')}, ord)`;
    const columns = types.map((type, i): SqlExpr => ({ sql: named(`c${i}`), type }));
    return (
      (
        await this.rows(
          (ctx) => `SELECT ${printSql(fn.emit([...columns, ...constants], ctx, result))} FROM ${table}`,
          'ord',
        )
      )[0]?.[0] ?? null
    );
  }

  private async rows(write: (ctx: EmitContext) => string, order?: string): Promise<PhysicalValue[][]> {
    const functions = new Map<string, JsFunction>();
    const ctx: EmitContext = {
      now: NOW,
      js: (fn, ...args) => {
        functions.set(fn.name, fn);
        return scriptCall(fn, args);
      },
      convert: (expr, type) => convertExpr(expr, type, ctx),
      refuse: (what) => {
        throw new Refused(what);
      },
      ...(order ? { order: named(order) } : {}),
    };
    const sql = write(ctx);
    await this.database.register([...functions.values()]);
    return (await this.database.run(sql)).rows as PhysicalValue[][];
  }
}

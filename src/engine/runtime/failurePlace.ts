import { AppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Expr, Place, Plan, Rel } from '../../kql/plan.ts';
import { inputsOf } from '../../kql/prune.ts';
import type { Database } from '../database/database.ts';
import { dependsOnSubject } from '../translate/subjects.ts';
import { translatePlan } from '../translate/translate.ts';
import type { TranslationOptions } from '../translate/translation.ts';

/** How long a failed query is looked through for what failed, in milliseconds: a name is worth no second wait. */
const LOOK_MS = 3_000;

/** What a query calls its operators, by the kind of their node. */
const WORDS: Readonly<Record<Rel['kind'], string>> = {
  table: 'the table',
  values: '`datatable`',
  range: '`range`',
  filter: '`where`',
  project: '`extend`, `project` or `print`',
  spread: '`extend` of several columns at once',
  aggregate: '`summarize`',
  distinct: '`distinct`',
  sort: '`sort`',
  take: '`take` or `top`',
  sample: '`sample`',
  serialize: '`serialize`',
  materialize: '`materialize`',
  union: '`union`',
  join: '`join` or `lookup`',
  mvExpand: '`mv-expand`',
  mvApply: '`mv-apply`',
  subject: 'the subquery',
  parse: '`parse`',
  parseKv: '`parse-kv`',
  makeSeries: '`make-series`',
  bagUnpack: '`evaluate bag_unpack`',
  pivot: '`evaluate pivot`',
  narrow: '`evaluate narrow`',
  ipLookup: '`evaluate ipv4_lookup` or `ipv6_lookup`',
  partition: '`partition`',
  scan: '`scan`',
  topNested: '`top-nested`',
  reduce: '`reduce`',
  plugin: '`evaluate`',
  schemaOf: '`getschema`',
};

/**
 * Whether a failure is none that the engine knows: the database could not do what it was asked, or a part of ours
 * broke. A database that is broken itself (data.fatal) is another matter.
 */
export function isUnknownFailure(thrown: unknown): boolean {
  if (!(thrown instanceof AppError)) return true;
  return (thrown.code === 'engine.failed' && thrown.data?.fatal !== true) || thrown.family === 'bug';
}

/**
 * `engine.unsupported` in place of a failure of the database that nobody knows: a query that binds is refused, with the
 * operator or function that fails, and its place. It is found by running the parts of the plan each by itself, the
 * inner ones first, for a few seconds at most; where none fails alone, the query as a whole is named.
 */
export async function refusedWhereItFails(
  failure: unknown,
  plan: Plan | undefined,
  options: TranslationOptions,
  now: bigint,
  database: Database,
): Promise<AppError> {
  const probe = new Probe(options, now, database);
  let found: Found | undefined;
  for (const { rel } of plan?.results ?? []) found ??= await probe.failing(rel);
  probe.close();
  const construct = found?.name ?? 'this query';
  const place = found && { start: found.place.start, length: found.place.length };
  return new AppError(
    'engine.unsupported',
    `The local engine fails at ${construct}, so there is no answer. Write it in another way, or ask the service.`,
    { data: { construct, ...place }, cause: failure },
  );
}

interface Found {
  readonly name: string;
  readonly place: Place;
}

/** Runs parts of a plan, to see whether they fail. */
class Probe {
  private readonly options: TranslationOptions;
  private readonly now: bigint;
  private readonly database: Database;
  private readonly stop = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly seen = new Set<Rel>();

  constructor(options: TranslationOptions, now: bigint, database: Database) {
    this.options = options;
    this.now = now;
    this.database = database;
    this.timer = setTimeout(() => {
      this.close();
    }, LOOK_MS);
    if (options.signal?.aborted) this.stop.abort();
  }
  /** Looks no further. */
  close(): void {
    clearTimeout(this.timer);
    this.stop.abort();
  }

  /** The innermost part of a relation that fails by itself; undefined where it does not fail, or time is up. */
  async failing(rel: Rel): Promise<Found | undefined> {
    if (this.seen.has(rel) || dependsOnSubject(rel) || !(await this.fails(rel))) return undefined;
    this.seen.add(rel);
    for (const input of inputsOf(rel)) {
      const inner = await this.failing(input);
      if (inner) return inner;
    }
    return (await this.failingValue(rel)) ?? { name: WORDS[rel.kind], place: rel.place };
  }

  /** The innermost call of a node's expressions that fails over the rows below it. */
  private async failingValue(rel: Rel): Promise<Found | undefined> {
    if (rel.kind !== 'filter' && rel.kind !== 'project') return undefined;
    const values = rel.kind === 'filter' ? [rel.condition] : rel.items.map((item) => item.expr);
    for (const value of values) {
      const found = await this.failingCall(value, rel.input);
      if (found) return found;
    }
    return undefined;
  }
  private async failingCall(expr: Expr, input: Rel): Promise<Found | undefined> {
    if (expr.kind !== 'call' && expr.kind !== 'convert') return undefined;
    const column = { name: 'value', type: expr.type };
    const alone: Rel = {
      kind: 'project',
      input,
      items: [{ column, expr }],
      columns: [column],
      place: expr.place,
    };
    if (!(await this.fails(alone))) return undefined;
    for (const inner of expr.kind === 'call' ? expr.args : [expr.value]) {
      const found = await this.failingCall(inner, input);
      if (found) return found;
    }
    const name = expr.kind === 'convert' ? `the conversion to ${expr.type}` : nameOf(expr.name);
    return { name, place: expr.place };
  }

  private async fails(rel: Rel): Promise<boolean> {
    if (this.stop.signal.aborted) return false;
    const signal: CancelSignal = this.stop.signal;
    try {
      const { results, functions } = translatePlan({ results: [{ name: 'probe', rel }] }, this.options, this.now);
      await this.database.register(functions);
      for (const { sql } of results) await this.database.drain(sql, signal);
      return false;
    } catch (thrown) {
      return isUnknownFailure(thrown);
    }
  }
}
function nameOf(name: string): string {
  return /^[a-z]\w*$/.test(name) ? `${name}()` : `the operator \`${name}\``;
}

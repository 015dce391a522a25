import { SQL, atom, bind, withFacts } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, JsFunction, PhysicalType, PhysicalValue, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, scalar } from './define.ts';

/**
 * What a query draws from where its seed is fixed: a stream of 32-bit numbers for each place that draws (mulberry32,
 * public domain).
 */
const streams = new Map<string, () => number>();
const MAX_STREAMS = 256;

function stream(run: PhysicalValue | undefined, seed: PhysicalValue | undefined): () => number {
  const key = `${run}:${seed}`;
  const found = streams.get(key);
  if (found) return found;
  let state = Number(seed) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  // Queries end without telling; the oldest have ended.
  const [oldest] = streams.keys();
  if (streams.size >= MAX_STREAMS && oldest !== undefined) streams.delete(oldest);
  streams.set(key, next);
  return next;
}

/** Version 4, variant 1 (RFC 9562), as the service's are. */
function guidOf(next: () => number): string {
  const hex = Array.from({ length: 4 }, () => next().toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const drawing = (name: string, returns: PhysicalType, draw: (next: () => number) => PhysicalValue): JsFunction => ({
  name,
  params: ['BIGINT', 'BIGINT'],
  returns,
  volatile: true,
  call: (run, seed) => draw(stream(run, seed)),
});
const UNIFORM = drawing(
  'kql_volatile_rand',
  'DOUBLE',
  (next) => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 2 ** 53,
);
const GUID = drawing('kql_volatile_guid', 'VARCHAR', guidOf);

/** A new draw for each row: DuckDB's own, or of the query's stream where a seed fixes it. */
function drawn(ctx: EmitContext, free: Sql, seeded: JsFunction): Sql {
  return ctx.seed
    ? ctx.js(seeded, atom`${ctx.seed.run}`, atom`${ctx.seed.value}`)
    : withFacts(free, { volatile: true });
}

function emitRand(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const uniform = drawn(ctx, SQL`random()`, UNIFORM);
  if (args.length === 0) return uniform;
  const count = ctx.convert(argument(args, 0, ctx), 'long');
  if (typeof count.literal === 'bigint' && count.literal <= 0n) ctx.refuse('rand() of fewer than one number');
  return bind([count.sql], (n) => SQL`CASE WHEN ${n} > 0 THEN floor(${uniform} * ${n}) END`);
}

/** rand() and new_guid(): another value for each row, the same ones again where the query's seed is fixed. */
export const randomFunctions: readonly ScalarFunction[] = [
  ...scalar('rand', emitRand),
  ...scalar('new_guid', (_, ctx) => drawn(ctx, SQL`gen_random_uuid()::VARCHAR`, GUID)),
];

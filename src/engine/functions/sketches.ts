import type { KqlType } from '../../model/kqlType.ts';
import { SQL, atom } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { filter } from './aggregates.ts';
import type { AggregateFunction, EmitContext, PhysicalValue, ScalarFunction, SqlExpr } from './contract.ts';
import { convertValue } from './convert.ts';
import { aggregate, argument, callJs, jsFunction, physicalType, scalar, scripted } from './define.ts';
import { canonicalText, dynamicValue, jsonNumber, jsonText, type Json } from './json.ts';
import { xxhash64 } from './xxhash64.ts';

/**
 * The state of hll(): `[[1024,14],[hashes],[registers]]`. Up to 1,024 values their hashes are kept and the count is
 * exact; beyond, 2^14 registers (standard error 0.8 %). The form is this engine's own.
 */
interface Hll {
  hashes: Set<bigint>;
  registers: Uint8Array | undefined;
}

const SPARSE = 1024,
  BITS = 14,
  SIZE = 1 << BITS;
const items = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

function addHash(hll: Hll, hash: bigint): void {
  if (!hll.registers) {
    hll.hashes.add(hash);
    if (hll.hashes.size <= SPARSE) return;
    hll.registers = new Uint8Array(SIZE);
    for (const one of hll.hashes) register(hll.registers, one);
    hll.hashes.clear();
    return;
  }
  register(hll.registers, hash);
}

function register(registers: Uint8Array, hash: bigint): void {
  const index = Number(hash >> BigInt(64 - BITS)),
    rest = hash & ((1n << BigInt(64 - BITS)) - 1n);
  const rank = 64 - BITS - rest.toString(2).length + (rest === 0n ? 2 : 1);
  if (rank > (registers[index] ?? 0)) registers[index] = rank;
}

function readHll(state: Json): Hll | undefined {
  if (!Array.isArray(state) || state.length !== 3) return undefined;
  const packed = items(state[2]);
  const registers = packed.length > 0 ? Uint8Array.from(packed, (rank) => Number(rank)) : undefined;
  return { hashes: new Set(items(state[1]).map((hash) => BigInt.asUintN(64, BigInt(String(hash))))), registers };
}

function writeHll({ hashes, registers }: Hll): string {
  return jsonText([
    [BigInt(SPARSE), BigInt(BITS)],
    [...hashes].map((hash) => BigInt.asIntN(64, hash).toString()),
    registers ? [...registers].map(BigInt) : [],
  ]);
}

function mergeHll(states: readonly (Hll | undefined)[]): Hll {
  const merged: Hll = { hashes: new Set(), registers: undefined };
  for (const state of states) {
    if (!state) continue;
    if (state.registers) {
      merged.registers ??= new Uint8Array(SIZE);
      for (const hash of merged.hashes) register(merged.registers, hash);
      merged.hashes.clear();
      for (const [i, rank] of state.registers.entries())
        if (rank > (merged.registers[i] ?? 0)) merged.registers[i] = rank;
    }
    for (const hash of state.hashes) addHash(merged, hash);
  }
  return merged;
}

/** The estimate: exact while sparse, linear counting while registers are empty, the harmonic mean beyond. */
function countHll({ hashes, registers }: Hll): bigint {
  if (!registers) return BigInt(hashes.size);
  const empty = registers.filter((rank) => rank === 0).length;
  const estimate = ((0.7213 / (1 + 1.079 / SIZE)) * SIZE * SIZE) / registers.reduce((sum, rank) => sum + 2 ** -rank, 0);
  return BigInt(Math.round(estimate <= 2.5 * SIZE && empty > 0 ? SIZE * Math.log(SIZE / empty) : estimate));
}

const BUILD_HLL = jsFunction('kql_hll', ['dynamic'], 'dynamic', (list) => {
  const hll: Hll = { hashes: new Set(), registers: undefined };
  // Nulls are no values; of none there is no state.
  const values = items(dynamicValue(list)).filter((item) => item !== null);
  for (const item of values) addHash(hll, xxhash64(new TextEncoder().encode(canonicalText(item))));
  return values.length === 0 ? null : writeHll(hll);
});

function emitHll(x: SqlExpr, predicate: SqlExpr | undefined, ctx: EmitContext): Sql {
  const json = ctx.convert(x, 'dynamic').sql;
  return ctx.js(
    BUILD_HLL,
    SQL`coalesce(CAST(to_json(list(DISTINCT CAST(${json} AS JSON))${predicate ? filter(predicate, ctx) : ''}) AS VARCHAR), '[]')`,
  );
}

/**
 * The state of tdigest(): `[[7],[means],[weights]]`, sorted by mean. Up to 1,000 different values it is exact; beyond,
 * neighbours are joined so that the tails stay finer than the middle.
 */
type Centroid = readonly [mean: number, weight: number];
const MAX_CENTROIDS = 1000;

function compress(centroids: Centroid[]): Centroid[] {
  const sorted: [number, number][] = [];
  for (const [mean, weight] of centroids.toSorted(([a], [b]) => a - b)) {
    const last = sorted.at(-1);
    if (last && last[0] === mean) last[1] += weight;
    else sorted.push([mean, weight]);
  }
  if (sorted.length <= MAX_CENTROIDS) return sorted;
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0),
    joined: [number, number][] = [];
  let seen = 0;
  for (const [mean, weight] of sorted) {
    const last = joined.at(-1),
      q = (seen + weight / 2) / total;
    const room = (4 * total * q * (1 - q)) / MAX_CENTROIDS;
    if (last && last[1] + weight <= room) {
      last[0] += ((mean - last[0]) * weight) / (last[1] + weight);
      last[1] += weight;
    } else joined.push([mean, weight]);
    seen += weight;
  }
  return joined;
}

const readDigest = (state: Json): Centroid[] => {
  const [, means, weights] = items(state);
  return items(means).flatMap((mean, i): Centroid[] => {
    const m = jsonNumber(mean),
      w = jsonNumber(items(weights)[i]);
    return m === undefined || w === undefined ? [] : [[m, w]];
  });
};
const writeDigest = (centroids: readonly Centroid[]) =>
  jsonText([[7n], centroids.map(([mean]) => mean), centroids.map(([, weight]) => weight)]);

const BUILD_DIGEST = jsFunction('kql_tdigest', ['dynamic'], 'dynamic', (list) => {
  const centroids = items(dynamicValue(list)).flatMap((pair): Centroid[] => {
    const [value, weight] = pair instanceof Map ? [...pair.values()] : [];
    const mean = jsonNumber(value),
      count = jsonNumber(weight);
    return mean === undefined || count === undefined || count <= 0 ? [] : [[mean, count]];
  });
  return centroids.length === 0 ? null : writeDigest(compress(centroids));
});

/** The mean of the centroid that holds the wanted rank. */
function digestPercentile(centroids: readonly Centroid[], percentage: number): number | undefined {
  const total = centroids.reduce((sum, [, weight]) => sum + weight, 0);
  let seen = 0;
  for (const [mean, weight] of centroids)
    if ((seen += weight) >= (total * percentage) / 100 - 1e-9 * total) return mean;
  return undefined;
}

/** How many percent of the values do not exceed `value`. */
function digestRank(centroids: readonly Centroid[], value: number): number | null {
  const total = centroids.reduce((sum, [, weight]) => sum + weight, 0);
  return total === 0
    ? null
    : (100 * centroids.reduce((sum, [mean, weight]) => sum + (mean <= value ? weight : 0), 0)) / total;
}

const listOf = (sql: Sql) =>
  SQL`CAST(to_json(list(CAST(${sql} AS JSON)) FILTER (WHERE ${sql} IS NOT NULL)) AS VARCHAR)`;
const MERGE_HLL = jsFunction('kql_hll_merge_all', ['dynamic'], 'dynamic', (list) =>
  writeHll(mergeHll(items(dynamicValue(list)).map(readHll))),
);
const MERGE_DIGEST = jsFunction('kql_tdigest_merge_all', ['dynamic'], 'dynamic', (list) =>
  writeDigest(compress(items(dynamicValue(list)).flatMap(readDigest))),
);
const states = (args: readonly (PhysicalValue | undefined)[]) => args.map(dynamicValue);

/**
 * percentile_tdigest(state, percentage [, typeof]): the values are doubles inside, and ticks come back as whole ones.
 */
function emitPercentile(args: readonly SqlExpr[], ctx: EmitContext, result: KqlType): Sql {
  const type = result === 'dynamic' ? 'real' : result;
  return callJs(
    ctx,
    `kql_percentile_tdigest_${result}`,
    args.slice(0, 2),
    ['dynamic', 'real'],
    result,
    (state, percentage) => {
      const found =
        typeof percentage === 'number' ? digestPercentile(readDigest(dynamicValue(state)), percentage) : undefined;
      if (found === undefined) return null;
      const value = convertValue(found, 'real', type) ?? null;
      return result === 'dynamic'
        ? jsonText(found)
        : physicalType(type) === 'INTEGER' && value !== null
          ? Number(value)
          : value;
    },
  );
}

/** Scalar functions over the states of hll() and tdigest(): merging them, and reading counts and percentiles. */
export const sketchFunctions: readonly ScalarFunction[] = [
  ...scripted('hll_merge', { params: [], rest: 'dynamic', returns: 'dynamic' }, (...args) =>
    writeHll(mergeHll(states(args).map(readHll))),
  ),
  ...scripted('dcount_hll', { params: ['dynamic'], returns: 'long' }, (state) => {
    const hll = readHll(dynamicValue(state));
    return hll ? countHll(hll) : null;
  }),
  ...scripted(
    'tdigest_merge merge_tdigest merge_tdigests',
    { params: [], rest: 'dynamic', returns: 'dynamic' },
    (...args) => writeDigest(compress(states(args).flatMap(readDigest))),
  ),
  ...scalar('percentile_tdigest', emitPercentile),
  ...scripted(
    'percentiles_array_tdigest',
    { params: ['dynamic'], rest: 'dynamic', returns: 'dynamic' },
    (state, ...wanted) => {
      const digest = readDigest(dynamicValue(state));
      return jsonText(
        states(wanted)
          .flat(1)
          .map((percentage) => digestPercentile(digest, jsonNumber(percentage) ?? Number.NaN) ?? null),
      );
    },
  ),
  ...scripted('rank_tdigest', { params: ['dynamic', 'real'], returns: 'long' }, (state, value) => {
    const digest = readDigest(dynamicValue(state));
    return typeof value === 'number'
      ? BigInt(Math.round(digest.reduce((sum, [mean, weight]) => sum + (mean <= value ? weight : 0), 0)))
      : null;
  }),
  ...scripted('percentrank_tdigest', { params: ['dynamic', 'real'], returns: 'real' }, (state, value) =>
    typeof value === 'number' ? digestRank(readDigest(dynamicValue(state)), value) : null,
  ),
];

/** hll(), tdigest() and their merges: states that can be kept and merged later, as dynamic. */
export const sketchAggregates: readonly AggregateFunction[] = [
  ...aggregate('hll', (args, ctx) => emitHll(argument(args, 0, ctx), undefined, ctx)),
  ...aggregate('hll_if', (args, ctx) => emitHll(argument(args, 0, ctx), argument(args, 1, ctx), ctx)),
  ...aggregate('hll_merge', (args, ctx) => ctx.js(MERGE_HLL, listOf(argument(args, 0, ctx).sql))),
  ...aggregate('tdigest', (args, ctx) => {
    const x = argument(args, 0, ctx),
      weight = args[1];
    // A mean is a double, which does not hold the ticks of a date.
    if (x.type === 'datetime' || x.type === 'timespan') ctx.refuse(`tdigest() of ${x.type}`, 'percentile() takes it');
    return ctx.js(
      BUILD_DIGEST,
      SQL`coalesce(CAST(to_json(list({v: ${ctx.convert(x, 'real').sql}, w: ${weight ? ctx.convert(weight, 'real').sql : atom`1e0`}})) AS VARCHAR), '[]')`,
    );
  }),
  ...aggregate('tdigest_merge merge_tdigest merge_tdigests', (args, ctx) =>
    ctx.js(MERGE_DIGEST, listOf(argument(args, 0, ctx).sql)),
  ),
];

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BatchAnswer } from '../../src/engine/batch.ts';
import type { Column, KqlType } from '../../src/model/kqlType.ts';
import { readSpan, readTime } from './times.ts';

/** What a query must answer. `rows` undefined: only their number counts (`rowCount`), as after `take`. */
export interface Expected {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  readonly ordered: boolean;
  readonly anyRows?: boolean;
}
/** `refused`: the engine said no; `wrong`: it answered something else, the one thing that must not happen. */
export interface Verdict {
  readonly verdict: 'right' | 'wrong' | 'refused';
  readonly why: string;
}
/** A case of the real engine's answers, of a tier: core, advanced, geo or rare. */
export interface RealCase {
  readonly id: string;
  readonly tier: string;
  readonly query: string;
  readonly expected: Expected;
}

/**
 * Holds an answer against what was expected: names and types of columns in order, rows in order or as a multiset,
 * numbers to a millionth.
 */
export function judge(expected: Expected, answer: BatchAnswer): Verdict {
  if (!answer.ok) return { verdict: 'refused', why: `${answer.code}: ${answer.message}` };
  const wrong = (why: string): Verdict => ({ verdict: 'wrong', why });
  const shape = (columns: readonly Column[]): string => columns.map((c) => `${c.name}:${family(c.type)}`).join(', ');
  if (shape(answer.columns) !== shape(expected.columns))
    return wrong(`columns ${shape(answer.columns)}; want ${shape(expected.columns)}`);
  if (answer.rows.length !== expected.rows.length)
    return wrong(`${answer.rows.length} rows, want ${expected.rows.length}; first ${show(answer.rows[0])}`);
  if (expected.anyRows) return { verdict: 'right', why: '' };
  const same = (want: readonly unknown[], got: readonly unknown[] | undefined): boolean =>
    got !== undefined && expected.columns.every((c, i) => cellEquals(c.type, want[i], got[i]));
  if (expected.ordered) {
    const at = expected.rows.findIndex((row, i) => !same(row, answer.rows[i]));
    return at < 0
      ? { verdict: 'right', why: '' }
      : wrong(`row ${at} is ${show(answer.rows[at])}, want ${show(expected.rows[at])}`);
  }
  const left = [...answer.rows];
  for (const row of expected.rows) {
    const at = left.findIndex((got) => same(row, got));
    if (at < 0) return wrong(`no row ${show(row)} among ${left.slice(0, 4).map(show).join(' ')}`);
    left.splice(at, 1);
  }
  return { verdict: 'right', why: '' };
}

/**
 * The recorded answers of the real engine: the file the environment names, else the one beside the checkout; undefined
 * where there is none.
 */
export function loadRealCases(): RealCase[] | undefined {
  const path =
    process.env.TENANTSCOPE_KUSTO_ANSWERS ??
    fileURLToPath(new URL('../../../shared/kql-corpora/kusto-engine-answers.jsonl', import.meta.url));
  if (!existsSync(path)) return undefined;
  interface Line {
    id: string;
    tier: string;
    query: string;
    expected: { columns: string[]; column_types: string[]; rows: unknown[][] };
  }
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
    .map(({ id, tier, query, expected }) => ({
      id,
      tier,
      query,
      expected: {
        columns: expected.columns.map((name, i) => ({
          name,
          type: NET_TYPES[expected.column_types[i] ?? ''] ?? 'dynamic',
        })),
        rows: expected.rows,
        ordered: endsSorted(query),
        anyRows: isArbitrary(query),
      },
    }));
}
const NET_TYPES: Readonly<Record<string, KqlType>> = {
  Int64: 'long',
  Int32: 'int',
  DateTime: 'datetime',
  Double: 'real',
  String: 'string',
  Object: 'dynamic',
  SByte: 'bool',
  Boolean: 'bool',
  Guid: 'guid',
  TimeSpan: 'timespan',
  SqlDecimal: 'decimal',
};
/** Sketches differ in their noise, `take` takes any rows: only names, types and the number of rows are promised. */
function isArbitrary(query: string): boolean {
  return (
    /\b(dcount|percentile|tdigest|hll)\w*\s*\(/.test(query) ||
    (/\|\s*(take|limit)\b/.test(query) && !/\|\s*(sort|order|top)\b/.test(query))
  );
}
function endsSorted(query: string): boolean {
  return /\|\s*(sort|order|top)\b[^|]*$/.test(query.replace(/\|\s*render\b[\s\S]*$/, ''));
}

/** The real engine's answers come through two clients that write int as long and decimal as real. */
function family(type: KqlType): string {
  return type === 'int' ? 'long' : type === 'decimal' ? 'real' : type;
}
function show(row: unknown): string {
  return JSON.stringify(row, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))?.slice(0, 200) ?? 'nothing';
}

function cellEquals(type: KqlType, want: unknown, got: unknown): boolean {
  if (want === null || want === undefined) return got === null || (type === 'string' && got === '');
  if (got === null || got === undefined) return type === 'string' && want === '';
  switch (type) {
    case 'datetime':
      return readTime(String(want)) === readTime(String(got));
    case 'timespan':
      return readSpan(String(want)) === readSpan(String(got));
    case 'real':
    case 'decimal':
      return close(numberOf(want), numberOf(got));
    case 'int':
    case 'long':
      return (
        String(want) === String(got) ||
        (Math.abs(Number(want)) > Number.MAX_SAFE_INTEGER && Number(want) === Number(got))
      );
    case 'bool':
      return Boolean(want) === got;
    case 'dynamic':
      return sameValue(jsonOf(want), jsonOf(got));
    default:
      return String(want) === String(got);
  }
}
function numberOf(value: unknown): number {
  return value === 'NaN' ? Number.NaN : Number(value);
}
function close(a: number, b: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
}
function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return close(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    const [left, right] = [Object.entries(a), b as Record<string, unknown>];
    return (
      !Array.isArray(b) &&
      left.length === Object.keys(right).length &&
      left.every(([key, value]) => key in right && sameValue(value, right[key]))
    );
  }
  if (typeof a === 'string' && typeof b === 'string' && a !== b) return readTime(a) === readTime(b);
  return a === b;
}

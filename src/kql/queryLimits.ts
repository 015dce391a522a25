import { AppError } from '../base/errors.ts';
import { codeOf } from './codeOf.ts';

/**
 * Brackets in brackets. Microsoft's parser takes time with the square of the depth (10,000 never end), and binds
 * nothing past some 250 to 500 levels of its tree.
 */
export const MOST_BRACKETS = 300;
/** Signs before one value: `- - - 1`. The parser reads each of them anew for all that follow. */
export const MOST_SIGNS = 100;
/**
 * Values of all `datatable [...]` and `dynamic([...])` of a query: 20,000 are read in some 0.9 s, 40,000 in six, 50,000
 * in twelve. Lists in parentheses (`in (...)`) are quick and have no such bound.
 */
export const MOST_VALUES = 20_000;
/** Operators of one pipe, and terms of one expression: both are a tree as deep as they are long. */
export const MOST_STEPS = 1_000;
/** Terms of one expression (`a or b or c`): a tree as deep as it is long. */
export const MOST_TERMS = 10_000;
/**
 * Calls of a query's own functions, those behind them counted: each is bound anew. Some 4 ms and 200 KB each, so that
 * a chain of ten that doubles is refused, and hundreds of plain calls are not.
 */
export const MOST_CALLS = 1_000;
/** The same for names of `let` that stand for other names. */
export const MOST_NAMES = 10_000;

type Bound = 'brackets' | 'values' | 'signs' | 'steps' | 'terms' | 'calls' | 'names';
const SAID: Readonly<Record<Bound, readonly [what: string, remedy: string]>> = {
  brackets: ['brackets inside one another', 'Name inner parts with let.'],
  values: ['values in square brackets', 'Put them into a table, a watchlist or in (...).'],
  signs: ['signs before one value', 'Write one sign at most.'],
  steps: ['operators in one pipe', 'Join steps that do the same, or split the query.'],
  terms: ['terms in one expression', 'Use in (...) or a datatable for long lists.'],
  calls: ['calls of its own functions, those behind them counted', 'Call each once and name what it gives with let.'],
  names: ['uses of its own names, those behind them counted', 'Use each once, or name less with let.'],
};

/**
 * Refuses a text that the parser would not get through in a moment, before it begins: `query.tooComplex`, data {bound,
 * count, most, start, length}. Strings and comments do not count. Time grows with the length of the text alone.
 */
export function checkDepth(text: string): void {
  const code = codeOf(text);
  const levels = [{ steps: 0, terms: 0 }];
  let signs = 0;
  /** The outermost square bracket that is open, by its level, and the values within all so far. */
  let [list, values] = [0, 0];
  for (let i = 0; i < code.length; i++) {
    const c = code[i]!;
    const level = levels.at(-1)!;
    if (c === '-' || c === '+') {
      if (++signs > MOST_SIGNS) throw tooComplex('signs', signs, MOST_SIGNS, i);
    } else if (c !== ' ' && c !== '\n' && c !== '\r' && c !== '\t') signs = 0;
    if (c === '(' || c === '[' || c === '{') {
      levels.push({ steps: 0, terms: 0 });
      if (levels.length > MOST_BRACKETS + 1) throw tooComplex('brackets', levels.length - 1, MOST_BRACKETS, i);
      if (c === '[' && list === 0) [list, values] = [levels.length, values + 1];
    } else if (c === ')' || c === ']' || c === '}') {
      if (levels.length > 1) levels.pop();
      if (levels.length < list) list = 0;
    } else if (c === ';') {
      level.steps = level.terms = 0;
    } else if (c === ',') {
      level.terms = 0;
      if (list > 0 && ++values > MOST_VALUES) throw tooComplex('values', values, MOST_VALUES, i);
    } else if (c === '|') {
      level.terms = 0;
      if (++level.steps > MOST_STEPS) throw tooComplex('steps', level.steps, MOST_STEPS, i);
    } else if (isTerm(code, i) && ++level.terms > MOST_TERMS) throw tooComplex('terms', level.terms, MOST_TERMS, i);
  }
}

function isTerm(code: string, i: number): boolean {
  const c = code[i]!;
  if (c === '+' || c === '-' || c === '*' || c === '/' || c === '%' || c === '.') return true;
  return (c === 'o' || c === 'a') && /\s/.test(code[i - 1] ?? '') && /^(?:or|and)\s/.test(code.slice(i, i + 4));
}

/** A literal, or one call of plain arguments: `5`, `ago(1d)`, `dynamic([1, 2])`, a text (which is blanks here). */
const LITERAL = /^\s*-?[\w.]*\s*(?:\([^()|]*\))?\s*$/;

/**
 * Refuses a text whose own functions and names, written out, would be more than can be bound: as `checkDepth` does. By
 * the text alone: names are those that a `let` has declared before.
 */
export function checkExpansion(text: string): void {
  const code = codeOf(text);
  if (!code.includes('let')) return;
  const known = new Map<string, Uses>();
  let total: Uses = { calls: 0, names: 0 };
  let start = 0;
  for (const statement of statementsOf(code)) {
    const [, name, value] = /^\s*let\s+([A-Za-z_]\w*)\s*=([^]*)$/.exec(statement) ?? [];
    const behind = usesIn(value ?? statement, known);
    if (name === undefined || value === undefined) total = sum(total, behind);
    else if (/^\s*(?:view\s*)?\([^]*\{/.test(value)) known.set(name, sum(behind, { calls: 1, names: 0 }));
    else if (behind.calls + behind.names > 0 || !LITERAL.test(value))
      known.set(name, sum(behind, { calls: 0, names: 1 }));
    else known.delete(name);
    const most = sum(total, known.get(name ?? '') ?? { calls: 0, names: 0 });
    if (most.calls > MOST_CALLS) throw tooComplex('calls', most.calls, MOST_CALLS, start, statement.length);
    if (most.names > MOST_NAMES) throw tooComplex('names', most.names, MOST_NAMES, start, statement.length);
    start += statement.length + 1;
  }
}

/** Why a text is refused by `checkDepth` or `checkExpansion`; undefined where it is not. */
export function findComplexity(text: string): AppError | undefined {
  try {
    checkDepth(text);
    checkExpansion(text);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}

/** How many calls of functions and uses of names there are in something, written out. */
interface Uses {
  readonly calls: number;
  readonly names: number;
}
const sum = (a: Uses, b: Uses): Uses => ({ calls: a.calls + b.calls, names: a.names + b.names });

function usesIn(code: string, known: ReadonlyMap<string, Uses>): Uses {
  let [calls, names] = [0, 0];
  for (const [word] of code.matchAll(/(?<![\w.])[A-Za-z_]\w*/g)) {
    const uses = known.get(word);
    if (!uses) continue;
    calls += uses.calls;
    names += uses.names;
  }
  return { calls, names };
}

/** The parts between semicolons that stand outside of brackets. */
function statementsOf(code: string): string[] {
  const found: string[] = [];
  let [depth, from] = [0, 0];
  for (let i = 0; i < code.length; i++) {
    const c = code[i]!;
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
    else if (c === ';' && depth <= 0) {
      found.push(code.slice(from, i));
      from = i + 1;
    }
  }
  found.push(code.slice(from));
  return found;
}

function tooComplex(bound: Bound, count: number, most: number, start: number, length = 1): AppError {
  const [what, remedy] = SAID[bound];
  const many =
    count > most + 1
      ? `${Math.min(count, 1e9).toLocaleString('en-US')} `
      : `more than ${most.toLocaleString('en-US')} `;
  return new AppError(
    'query.tooComplex',
    `The query has ${many}${what}; at most ${most.toLocaleString('en-US')} are read. ${remedy}`,
    { data: { bound, count: Math.min(count, 1e9), most, start, length } },
  );
}

/** The error of a text whose tree is deeper than can be walked, found too late for a number. */
export function tooDeep(length: number): AppError {
  return new AppError(
    'query.tooComplex',
    'The query is nested more deeply than can be read. Name inner parts with let, and use in (...) for long lists.',
    { data: { bound: 'depth', start: 0, length } },
  );
}

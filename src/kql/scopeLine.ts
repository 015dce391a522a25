import type { Scope, Selector } from '../model/scope.ts';
import { lineEnd, ownLineStart, scan } from './scan.ts';

/** Selector kinds in the order they are offered. */
export const SCOPE_KINDS = [
  'group',
  'customer',
  'tenant',
  'workspace',
  'tag',
  'region',
] as const satisfies readonly Selector['kind'][];

/** What is wrong with a scope line, and where: offsets in UTF-16 units. */
export interface ScopeError {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A `// @scope` line: its place in the text (without the line break) and what it says. Exactly one of `scope` and
 * `error` is there.
 */
export interface ScopeLine {
  readonly scope?: Scope;
  readonly error?: ScopeError;
  /** Zero-based. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

const DIRECTIVE = /^[ \t]*\/\/[ \t]*@scope(?![\w-])/i;

/** The first `// @scope` line of a text that is one query: a comment on a line of its own. Later ones do not count. */
export function findScopeLine(text: string): ScopeLine | undefined {
  return findScopeLines(text)[0];
}

/** Every `// @scope` line of a text; which query follows which is said by `readDocumentScopes`. */
export function findScopeLines(text: string): ScopeLine[] {
  if (!/@scope/i.test(text)) return [];
  const found: ScopeLine[] = [];
  let line = 0,
    counted = 0;
  for (const span of scan(text).spans) {
    if (span.kind !== 'comment') continue;
    const start = ownLineStart(text, span.start);
    if (start === undefined) continue;
    const end = lineEnd(text, span.start);
    const head = DIRECTIVE.exec(text.slice(start, end));
    if (!head) continue;
    for (; counted < start; counted++)
      if (text[counted] === '\n' || (text[counted] === '\r' && text[counted + 1] !== '\n')) line++;
    found.push({ ...parseScope(text.slice(start, end), start, head[0].length), line, start, end });
  }
  return found;
}

/**
 * Reads what follows `@scope`. `base` is added to the places of errors; reading begins at `from` of `text`. Never
 * throws.
 */
export function parseScope(
  text: string,
  base = 0,
  from = 0,
): { readonly scope: Scope; readonly error?: never } | { readonly error: ScopeError; readonly scope?: never } {
  const include: Selector[] = [],
    except: Selector[] = [];
  let all = false,
    excluding: Word | undefined;
  const fail = (message: string, at: { start: number; end: number }): { error: ScopeError } => ({
    error: { message, start: base + at.start, end: base + at.end },
  });
  const whole = { start: text.search(/\S/) < 0 ? 0 : text.search(/\S/), end: text.trimEnd().length };
  for (const word of words(text, from)) {
    if (word.unclosed) return fail('A quotation mark is not closed.', word);
    const bare = word.quoted ? undefined : word.text.toLowerCase();
    if (bare === 'except') {
      if (excluding) return fail('"except" can stand only once; list everything to leave out after it.', word);
      excluding = word;
    } else if (bare === 'all') {
      if (excluding) return fail('"except all" would leave nothing. Name what to leave out.', word);
      if (all || include.length) return fail('"all" stands alone: it already includes everything.', word);
      all = true;
    } else {
      const colon = word.colon;
      const kind = SCOPE_KINDS.find((known) => known === word.text.slice(0, colon).toLowerCase());
      if (colon < 0)
        return fail(
          `"${word.text}" needs to say what it is: customer:${word.text}, group:${word.text}, tenant:, workspace:, tag: or region:.`,
          word,
        );
      if (!kind)
        return fail(`"${word.text.slice(0, colon)}" is not a kind of scope. Use ${SCOPE_KINDS.join(', ')} or all.`, {
          start: word.start,
          end: word.start + colon,
        });
      const value = word.text.slice(colon + 1).trim();
      if (value === '') return fail(`${kind}: needs a name, e.g. ${kind}:${EXAMPLE[kind]}.`, word);
      if (all && !excluding) return fail('"all" stands alone: it already includes everything.', word);
      (excluding ? except : include).push({ kind, value });
    }
  }
  if (excluding && !except.length) return fail('"except" names nothing to leave out.', excluding);
  if (!all && !include.length) {
    return fail(
      excluding
        ? 'The scope begins with "except": write "all except ..." to start from everything.'
        : 'The scope is empty. Write e.g. "// @scope all" or "// @scope group:gold".',
      excluding ?? whole,
    );
  }
  return { scope: { include: all ? 'all' : include, except } };
}

/** A selector of a scope line, and where it is written in the document. */
export interface PlacedSelector {
  readonly selector: Selector;
  readonly start: number;
  readonly end: number;
}

/** The selectors of a scope line that says a scope, in their order; `text` is the document it was found in. */
export function placedSelectors(text: string, { scope, start, end }: ScopeLine): readonly PlacedSelector[] {
  if (!scope) return [];
  const line = text.slice(start, end);
  const selectors = [...(scope.include === 'all' ? [] : scope.include), ...scope.except];
  const places = [...words(line, DIRECTIVE.exec(line)![0].length)].filter(({ colon }) => colon >= 0);
  return places.flatMap((word, i) => {
    const selector = selectors[i];
    return selector ? [{ selector, start: start + word.start, end: start + word.end }] : [];
  });
}

const EXAMPLE: Readonly<Record<Selector['kind'], string>> = {
  group: 'gold',
  customer: 'contoso',
  tenant: 'contoso.onmicrosoft.com',
  workspace: 'law-prod',
  tag: 'env=prod',
  region: 'westeurope',
};

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  readonly unclosed: boolean;
  /** Index in `text` of the first `:` outside quotation marks. */ readonly colon: number;
}

/** Words parted by blanks and commas; a part in quotation marks may hold both, and a doubled mark stands for itself. */
function* words(text: string, from: number): Generator<Word> {
  let i = from;
  while (i < text.length) {
    if (/[\s,]/.test(text[i]!)) {
      i++;
      continue;
    }
    const start = i;
    let value = '',
      quoted = false,
      unclosed = false,
      colon = -1;
    while (i < text.length && !/[\s,]/.test(text[i]!)) {
      const c = text[i]!;
      if (c !== '"' && c !== "'") {
        if (c === ':' && colon < 0) colon = value.length;
        value += c;
        i++;
        continue;
      }
      quoted = true;
      unclosed = true;
      for (i++; i < text.length; i++) {
        if (text[i] !== c) {
          value += text[i];
          continue;
        }
        if (text[i + 1] === c) {
          value += c;
          i++;
          continue;
        }
        unclosed = false;
        i++;
        break;
      }
    }
    yield { text: value, start, end: i, quoted, unclosed, colon };
  }
}

/**
 * What stands after `// @scope `: `group:gold except customer:"Contoso Ltd"`. An empty include list prints as "", which
 * does not parse back.
 */
export function printScope(scope: Scope): string {
  const include = scope.include === 'all' ? ['all'] : scope.include.map(printSelector);
  return [...include, ...(scope.except.length ? ['except', ...scope.except.map(printSelector)] : [])].join(' ');
}
/** The comment line that says a scope; `findScopeLine` reads the same scope from it. */
export function printScopeLine(scope: Scope): string {
  return `// @scope ${printScope(scope)}`;
}

/** A selector as it is written in a scope line: `kind:value`, quoted where the value needs it. */
export function printSelector(selector: Selector): string {
  const value = selector.value.replace(/[\r\n]+/g, ' ');
  return `${selector.kind}:${/[\s,"']/.test(value) ? `"${value.replaceAll('"', '""')}"` : value}`;
}

/** The change that makes a document say this scope: a line of it replaced, or where it has none a new first one. */
export function scopeLineChange(
  text: string,
  scope: Scope,
  line: Pick<ScopeLine, 'start' | 'end'> | undefined,
): { readonly start: number; readonly end: number; readonly newText: string } {
  if (line) return { start: line.start, end: line.end, newText: printScopeLine(scope) };
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  return { start, end: start, newText: `${printScopeLine(scope)}${text.includes('\r\n') ? '\r\n' : '\n'}` };
}

import type { TimeRange } from '../../model/timeRange.ts';
import { parseTimeRange } from '../../model/timeRangeText.ts';
import { codeStart } from '../scan.ts';
import { findScopeLine, parseScope, printScope } from '../scopeLine.ts';
import type { ScopeLine } from '../scopeLine.ts';
import type { Scope } from '../../model/scope.ts';
import { markdownSpans } from './markdownSpans.ts';
import { positionOf } from './places.ts';
import type { FileQuery, QueryFile } from './queryFile.ts';

/** What the front matter of a Markdown file says for all its queries; with `problem`, a sentence, none may run. */
export interface FrontMatter {
  /** Places are those of the value, in the text that was read. */
  readonly scope?: ScopeLine;
  readonly time?: TimeRange;
  readonly problem?: string;
}

const ENTRY = /^(scope|time)[ \t]*:[ \t]*(.*)$/gm;

/**
 * Reads the lines between the marks of front matter: `scope: group:gold` and `time: 7d`, each on one line, in quotes or
 * without; everything else is somebody else's. `base` is added to the places. Never throws.
 */
export function readFrontMatter(body: string, base = 0): FrontMatter {
  const found: { scope?: ScopeLine; time?: TimeRange; problem?: string } = {};
  for (const entry of body.matchAll(ENTRY)) {
    const [line, key, rest] = entry;
    const { value, skipped } = scalarOf(rest!);
    const start = base + entry.index + line.length - rest!.length;
    if (key === 'scope' && !found.scope)
      found.scope = {
        ...parseScope(value, start + skipped),
        line: body.slice(0, entry.index).split('\n').length - 1,
        start,
        end: start + rest!.trimEnd().length,
      };
    if (key === 'time' && !found.time) {
      const time = parseTimeRange(value.trim());
      if (typeof time !== 'string') found.time = time;
      else
        found.problem ??=
          'The "time" of its front matter is a duration (30m, 24h, 7d, PT1H) or two times, 2024-01-01/2024-01-02.';
    }
  }
  return found;
}

/** How a scope is written as the value of `scope:`: in quotes where YAML would read it otherwise. */
export function printFrontMatterScope(scope: Scope): string {
  const text = printScope(scope);
  return /^[\w:][^#'"]*$/.test(text) && !/:\s/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

/**
 * The queries of a Markdown file, those without a scope of their own with the file's: that of the front matter, else
 * the one at the top, above the first query, as in a file of KQL. `time` likewise, of the front matter alone.
 */
export function withFileScope(text: string, { queries, problems }: QueryFile): QueryFile {
  const { scope, time, problem } = frontMatterOf(text);
  const [first] = queries;
  const line = first && findScopeLine(first.text);
  const top = scope ?? (line && line.start < codeStart(first!.text) ? first!.scope : undefined);
  if (!top && !time && problem === undefined) return { queries, problems };
  return {
    problems,
    queries: queries.map((query): FileQuery => ({
      ...(top ? { scope: top } : {}),
      ...(time ? { time } : {}),
      ...(problem === undefined ? {} : { refusal: problem }),
      ...query,
    })),
  };
}

/** What the front matter of a whole Markdown file says; nothing where it has none. */
export function frontMatterOf(text: string): FrontMatter {
  const span = markdownSpans(text).find(({ kind }) => kind === 'frontMatter');
  if (span?.kind !== 'frontMatter') return {};
  const { start, length } = span.body;
  const read = readFrontMatter(text.slice(start, start + length), start);
  return read.scope ? { ...read, scope: { ...read.scope, line: positionOf(text, read.scope.start).line - 1 } } : read;
}

/** The text of a value on one line of YAML, and how many characters stand before it. */
function scalarOf(rest: string): { readonly value: string; readonly skipped: number } {
  const single = /^'((?:[^']|'')*)'/.exec(rest);
  if (single) return { value: single[1]!.replaceAll("''", "'"), skipped: 1 };
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
  if (double) return { value: double[1]!.replaceAll(/\\(["\\/])/g, '$1'), skipped: 1 };
  return { value: rest.replace(/(?:^|[ \t])#.*$/, '').trimEnd(), skipped: 0 };
}

import type { RunSource } from '../model/run.ts';
import { lineEnd, ownLineStart, scan } from './scan.ts';

/** How Resource Graph is named in a `// @source` line and on the command line. */
export const RESOURCE_GRAPH = 'resource-graph';
/** How the workspaces of the scope are named there, which is what a query without the line asks. */
export const WORKSPACES = 'workspaces';

/** How the rows that roll-ups have stored on this machine are named there. */
export const LAKE = 'lake';

/** What a `// @source` line can name. */
export const SOURCES = [RESOURCE_GRAPH, LAKE, WORKSPACES] as const;

/** What a run asks by each name. */
export const RUN_SOURCES: Readonly<Record<(typeof SOURCES)[number], RunSource>> = {
  [RESOURCE_GRAPH]: 'resourceGraph',
  [LAKE]: 'lake',
  [WORKSPACES]: 'workspaces',
};

/**
 * A `// @source` line among the comments of a query: what it asks. Places are offsets in UTF-16 units, without the line
 * break; `source` is undefined where the line names none of `SOURCES`.
 */
export interface SourceLine {
  readonly start: number;
  readonly end: number;
  readonly source: (typeof SOURCES)[number] | undefined;
  /** What it names, which may be empty. */
  readonly name: { readonly text: string; readonly start: number; readonly end: number };
}

const DIRECTIVE = /^[ \t\uFEFF]*\/\/[ \t]*@source(?![\w-])[ \t]*/i;

/** Every `// @source` line of a text: comments on lines of their own, wherever they stand. */
export function findSourceLines(text: string): SourceLine[] {
  if (!/@source/i.test(text)) return [];
  const found: SourceLine[] = [];
  // A mark at the beginning of a file is no text before the comment.
  const body = text.replace(/^\uFEFF/, ' ');
  for (const span of scan(body).spans) {
    if (span.kind !== 'comment') continue;
    const start = ownLineStart(body, span.start);
    if (start === undefined) continue;
    const line = text.slice(start, lineEnd(text, span.start)).trimEnd();
    const head = DIRECTIVE.exec(line);
    if (!head) continue;
    const named = /^[^\s,]*/.exec(line.slice(head[0].length))![0];
    const from = start + head[0].length;
    found.push({
      start,
      end: start + line.length,
      source: SOURCES.find((source) => source === named.toLowerCase()),
      name: { text: named, start: from, end: from + named.length },
    });
  }
  return found;
}

/** The line that heads a query: the first of its text, which is one query. Later ones do not count. */
export function findSourceLine(query: string): SourceLine | undefined {
  return findSourceLines(query)[0];
}

/** Whether the text of one query asks Resource Graph. */
export function asksResourceGraph(query: string): boolean {
  return findSourceLine(query)?.source === RESOURCE_GRAPH;
}

/** Whether the text of one query asks what roll-ups have stored. */
export function asksLake(query: string): boolean {
  return findSourceLine(query)?.source === LAKE;
}

/** What is wrong with the `// @source` lines of a document, each at its place. */
export function sourceLineProblems(
  text: string,
): { readonly message: string; readonly start: number; readonly end: number }[] {
  return findSourceLines(text).flatMap(({ source, name, start, end }) => {
    if (source) return [];
    const place = name.text === '' ? { start, end } : { start: name.start, end: name.end };
    const said = name.text === '' ? 'This line names no source.' : `There is no source "${name.text.slice(0, 60)}".`;
    return [{ message: `${said} Write ${SOURCES.slice(0, -1).join(', ')} or ${SOURCES.at(-1)!}.`, ...place }];
  });
}

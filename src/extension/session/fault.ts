import type { AppErrorData } from '../../base/errors.ts';
import { offsetInFile } from '../../kql/queryFiles/places.ts';
import type { Segment } from '../../kql/queryFiles/places.ts';
import { offsetBefore } from '../../kql/textEdits.ts';
import type { Edit } from '../../kql/textEdits.ts';
import { scan } from '../../kql/scan.ts';

/** Where a query stood in its document when it was run: its first character, as an offset and as a line and column. */
export interface QueryOrigin {
  readonly uri: string;
  /** What people call the document. */
  readonly name: string;
  readonly start: number;
  /** Zero-based, as the editor counts. */
  readonly line: number;
  readonly character: number;
  /** Present where the document has another text there than the one that was run. */
  readonly written?: WrittenQuery;
}

/** How the text that was run came of a document: parameters have values, or it stands in a file of another form. */
export interface WrittenQuery {
  /** What stands in the document from the origin's start on. */
  readonly raw: string;
  /** What made the text that was run of the query as written. */
  readonly edits: readonly Edit[];
  /** Where the query as written stands in the document. */
  readonly segments: readonly Segment[];
  /** All of the document, as it was then. */
  readonly file: string;
}

/**
 * What is wrong in a document, and where it stood then: offsets in UTF-16 units, line and column from 1, and the line
 * itself.
 */
export interface Fault {
  readonly origin: QueryOrigin;
  readonly query: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly code: string;
}

/** The fault that an error of a query speaks of; undefined where it names no place of it. */
export function faultOf(error: AppErrorData, query: string, origin: QueryOrigin): Fault | undefined {
  const place = placeIn(error, query);
  if (!place) return undefined;
  const { written } = origin;
  if (written) {
    const at = (offset: number): number =>
      Math.min(offsetInFile(written.segments, offsetBefore(written.edits, offset)), written.file.length);
    const start = at(place.start);
    return faultInText(written.file, { start, end: Math.max(start, at(place.end)) }, query, origin);
  }
  const before = query.slice(0, place.start).split(/\r\n|\r|\n/);
  const column = before.at(-1)!.length;
  return {
    origin,
    query,
    start: origin.start + place.start,
    end: origin.start + place.end,
    line: origin.line + before.length,
    column: column + (before.length === 1 ? origin.character : 0) + 1,
    code: lineAt(query, place.start),
  };
}

/** A fault of a document beside the query that was run, e.g. in its scope line. */
export function faultInText(
  text: string,
  place: Pick<Fault, 'start' | 'end'>,
  query: string,
  origin: QueryOrigin,
): Fault {
  const before = text.slice(0, place.start).split(/\r\n|\r|\n/);
  const { start, end } = place;
  const column = before.at(-1)!.length + 1;
  return { origin, query, start, end, line: before.length, column, code: lineAt(text, start) };
}

/**
 * Where a fault stands in its document now: where the query has moved as a whole, the fault moved with it. Undefined
 * where its place is not there any more.
 */
export function placeNow(
  { origin, query, start, end }: Fault,
  text: string,
): { start: number; end: number } | undefined {
  const raw = origin.written?.raw ?? query;
  const found = text.startsWith(raw, origin.start) ? origin.start : text.indexOf(raw);
  const shift = found < 0 ? 0 : found - origin.start;
  return start + shift > text.length ? undefined : { start: start + shift, end: Math.min(end + shift, text.length) };
}

/** Ours say offsets; the service says line and column from 1, or only a name that it does not know. */
function placeIn(error: AppErrorData, query: string): { start: number; end: number } | undefined {
  const { start, length, line, pos, unresolved } = error.data ?? {};
  const within = (at: number, long: unknown): { start: number; end: number } | undefined =>
    at >= 0 && at <= query.length
      ? { start: at, end: Math.min(at + (typeof long === 'number' ? long : 0), query.length) }
      : undefined;
  if (typeof start === 'number') return within(start, length);
  const name = (unresolved as { readonly name?: unknown } | undefined)?.name;
  const long = typeof name === 'string' ? name.length : 0;
  if (typeof line === 'number' && typeof pos === 'number') {
    const lines = [0, ...[...query.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
    return lines[line - 1] === undefined ? undefined : within(lines[line - 1]! + pos - 1, long);
  }
  return typeof name === 'string' ? wordIn(query, name) : undefined;
}

function wordIn(query: string, name: string): { start: number; end: number } | undefined {
  const { spans } = scan(query);
  for (let at = query.indexOf(name); at >= 0; at = query.indexOf(name, at + 1)) {
    const end = at + name.length;
    const whole = !/[\w$]/.test(query[at - 1] ?? '') && !/[\w$]/.test(query[end] ?? '');
    if (whole && !spans.some((span) => span.start <= at && at < span.end)) return { start: at, end };
  }
  return undefined;
}

function lineAt(text: string, offset: number): string {
  const from = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[^\r\n]*/.exec(text.slice(from))![0];
}

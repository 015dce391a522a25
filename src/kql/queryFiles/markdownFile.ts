import { alignLines } from './places.ts';
import { lineAfter, markdownSpans } from './markdownSpans.ts';
import type { FileQuery, QueryFile } from './queryFile.ts';
import { toFileQuery } from './toFileQuery.ts';

const HEADING = /^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$/;

/** A longer line is no heading that names something. */
const MAX_HEADING = 500;

/** The fenced blocks of a Markdown file that say they are KQL, each named by the heading above it. */
export function readMarkdownFile(name: string, text: string): QueryFile {
  const queries: FileQuery[] = [];
  let heading = name,
    ofHeading = 0;
  for (const span of markdownSpans(text)) {
    if (span.kind === 'text') {
      const title = lastHeading(text, span.start, span.end);
      if (title === undefined) continue;
      heading = title || name;
      ofHeading = 0;
    } else if (span.kind === 'fence' && span.kql) {
      const { start, length } = span.body;
      const own = withoutIndent(text.slice(start, start + length), span.indent);
      if (own.trim() === '') continue;
      ofHeading++;
      queries.push(
        toFileQuery({
          name: ofHeading > 1 ? `${heading} ${ofHeading}` : heading,
          text: own,
          place: span.body,
          certain: true,
          segments: span.indent === '' ? [{ at: 0, file: start }] : alignLines(text, start, start + length, own),
        }),
      );
    }
  }
  return { queries, problems: [] };
}

/** Lines without the blanks that the fence around them has before it, as far as they have them. */
export function withoutIndent(text: string, indent: string): string {
  return indent === '' ? text : text.replace(new RegExp(`^[ \\t]{1,${indent.length}}`, 'gm'), '');
}

/** The words of the last heading of a part of a file; empty where it has only marks, undefined where there is none. */
function lastHeading(text: string, start: number, end: number): string | undefined {
  let found: string | undefined;
  for (let at = start; at < end; at = lineAfter(text, at)) {
    const line = text.slice(at, Math.min(end, lineAfter(text, at))).trimEnd();
    const title = line.length <= MAX_HEADING ? HEADING.exec(line)?.[1] : undefined;
    if (title) found = title.replaceAll(/[*_`]+/g, '').trim();
  }
  return found;
}

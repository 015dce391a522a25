import { alignLines } from './places.ts';
import type { FileQuery, QueryFile } from './queryFile.ts';
import { toFileQuery } from './toFileQuery.ts';

const FENCE = /^([ \t]{0,100})(`{3,}|~{3,})[ \t]*(.*)$/;
const LANGUAGE = /^\{?\.?(?:kql|kusto|csl|kustoquery)\b(?![-+#.])/i;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$/;

/** A longer line is no heading that names something. */
const MAX_HEADING = 500;

/** The fenced blocks of a Markdown file that say they are KQL, each named by the heading above it. */
export function readMarkdownFile(name: string, text: string): QueryFile {
  const queries: FileQuery[] = [];
  let heading = name,
    ofHeading = 0;
  let fence:
    | { readonly mark: string; readonly indent: string; readonly kql: boolean; readonly start: number }
    | undefined;
  const add = (end: number): void => {
    if (!fence?.kql) return;
    const raw = text.slice(fence.start, end);
    const indent = fence.indent;
    const own = indent === '' ? raw : raw.replace(new RegExp(`^[ \\t]{1,${indent.length}}`, 'gm'), '');
    if (own.trim() === '') return;
    ofHeading++;
    queries.push(
      toFileQuery({
        name: ofHeading > 1 ? `${heading} ${ofHeading}` : heading,
        text: own,
        place: { start: fence.start, length: raw.length },
        certain: true,
        segments: indent === '' ? [{ at: 0, file: fence.start }] : alignLines(text, fence.start, end, own),
      }),
    );
  };
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, next).trimEnd();
    const found = FENCE.exec(line);
    if (fence) {
      if (found && found[3] === '' && found[2]!.startsWith(fence.mark)) {
        add(at);
        fence = undefined;
      }
    } else if (found && !(found[2]!.startsWith('`') && found[3]!.includes('`')))
      fence = { mark: found[2]!, indent: found[1]!, kql: LANGUAGE.test(found[3]!), start: next };
    else {
      const title = line.length <= MAX_HEADING ? HEADING.exec(line)?.[1] : undefined;
      if (title) {
        heading = title.replaceAll(/[*_`]+/g, '').trim() || name;
        ofHeading = 0;
      }
    }
    at = next;
  }
  // A fence that is never closed reaches to the end, as Markdown has it.
  add(text.length);
  return { queries, problems: [] };
}

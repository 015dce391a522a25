/** What the rows of a result are called in a query about them. */
export const RESULTS = 'Results';

/**
 * The `// @result` line of a document: its queries ask the rows of that run, here, and no workspace. Places are offsets
 * in UTF-16 units, without the line break.
 */
export interface ResultLine {
  readonly start: number;
  readonly end: number;
  /** The run's id as it stands there, which may be anything; undefined where the line names none. */
  readonly run: { readonly id: string; readonly start: number; readonly end: number } | undefined;
}

const DIRECTIVE = /^[ \t\uFEFF]*\/\/[ \t]*@result(?![\w-])[ \t]*/i;
/** Ids of runs are guids; a longer text, or one of other characters, names none. */
const RUN_ID = /^[\w-]{1,64}(?=[ \t]|$)/;

/** The document's line, which stands above all of its queries: among blank lines and comments at its head. */
export function findResultLine(text: string): ResultLine | undefined {
  for (const { 0: line, index: start } of text.matchAll(/^.*$/gm)) {
    const directive = DIRECTIVE.exec(line);
    if (directive) {
      const at = directive[0].length;
      const id = RUN_ID.exec(line.slice(at))?.[0];
      const from = start + at;
      const end = start + line.trimEnd().length;
      return { start, end, run: id === undefined ? undefined : { id, start: from, end: from + id.length } };
    }
    if (!/^[\s\uFEFF]*(?:\/\/.*)?$/.test(line)) return undefined;
  }
  return undefined;
}

/** A document that asks a run's result: the line that names it, and a query to begin with. */
export function printResultQuery({ id, title }: { readonly id: string; readonly title: string }): string {
  return `// @result ${id}  ${title.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}\n\n${RESULTS}\n| take 100`;
}

/** What the rows of a result are called in a query about them, where its line gives them no other name. */
export const RESULTS = 'Results';

/** Something of a document's head, and where it is written. */
export interface PlacedText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A `// @result RUN` line of a document: its queries ask the rows of that run, here, and no workspace. Places are
 * offsets in UTF-16 units, without the line break.
 */
export interface ResultLine {
  readonly start: number;
  readonly end: number;
  /** The run's id as it stands there, which may be anything; undefined where the line names none. */
  readonly run: PlacedText | undefined;
  /**
   * What the rows are called: `Inventory` of `// @result RUN as Inventory`. Its place is the whole line's without one.
   */
  readonly name: PlacedText;
}

const DIRECTIVE = /^[ \t\uFEFF]*\/\/[ \t]*@result(?![\w-])[ \t]*/i;
/** Ids of runs are guids; a longer text, or one of other characters, names none. */
const RUN_ID = /^[\w-]{1,64}(?=[ \t]|$)/;
/** Two words behind the id; what follows without them is a title for people. */
const NAME = /^[ \t]+as[ \t]+([A-Za-z_]\w{0,63})(?=[ \t]|$)/i;

/**
 * The document's lines, which stand above all of its queries: among blank lines and comments at its head. Each names a
 * run; a further line of the same name comes as well, see `findDoubleName`.
 */
export function findResultLines(text: string): ResultLine[] {
  const found: ResultLine[] = [];
  for (const { 0: line, index: start } of text.matchAll(/^.*$/gm)) {
    const directive = DIRECTIVE.exec(line);
    if (directive) found.push(readLine(line.trimEnd(), start, directive[0].length));
    else if (!/^[\s\uFEFF]*(?:\/\/.*)?$/.test(line)) break;
  }
  return found;
}

function readLine(line: string, start: number, at: number): ResultLine {
  const end = start + line.length;
  const id = RUN_ID.exec(line.slice(at))?.[0];
  const from = start + at;
  if (id === undefined) return { start, end, run: undefined, name: { text: RESULTS, start, end } };
  const run = { text: id, start: from, end: from + id.length };
  const as = NAME.exec(line.slice(at + id.length));
  if (!as) return { start, end, run, name: { text: RESULTS, start, end } };
  const nameEnd = run.end + as[0].length;
  return { start, end, run, name: { text: as[1]!, start: nameEnd - as[1]!.length, end: nameEnd } };
}

/** The first line whose rows would have the name of another line's; undefined where each has its own. */
export function findDoubleName(lines: readonly ResultLine[]): PlacedText | undefined {
  return lines.find(({ name }, i) => lines.slice(0, i).some((before) => before.name.text === name.text))?.name;
}

/** A document that asks a run's result: the line that names it, and a query to begin with. */
export function printResultQuery({ id, title }: { readonly id: string; readonly title: string }): string {
  const shown = title.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  // A title that begins like a name would be read as one.
  const name = NAME.test(`  ${shown}`) ? ` as ${RESULTS}` : '';
  return `// @result ${id}${name}  ${shown}\n\n${RESULTS}\n| take 100`;
}

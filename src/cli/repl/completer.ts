import type { CompletionItem, LanguageService } from '../../kql/language/face.ts';
import { ATTRIBUTION } from '../../kql/language/scopeModel.ts';
import { safeText } from '../output/safeText.ts';

/** The schema of the loaded tables in the language service. */
export const SCHEMA_ID = 'local';
/** More than a screen of possibilities helps nobody. */
const MOST = 60;

/** What readline wants: the texts that may stand for `typed`, which is the end of the line. */
export type Completions = [hits: string[], typed: string];

/** Columns that the scope's schema adds to every table: only rows of many workspaces have them. */
const ADDED = new Set<string>(ATTRIBUTION.map(({ name }) => name));

/**
 * Microsoft's completion at the end of `text`, of which the last line is being typed. `own`: names of columns the
 * tables really have.
 */
export async function completeQuery(
  language: Pick<LanguageService, 'completion'>,
  text: string,
  own: ReadonlySet<string>,
): Promise<Completions> {
  const { range, items } = await language.completion({ text, offset: text.length, schemaId: SCHEMA_ID });
  const typed = text.slice(range.start);
  if (typed.includes('\n')) return [[], ''];
  const fitting = items
    .filter(
      ({ kind, filterText }) =>
        kind !== 'snippet' &&
        filterText.toLowerCase().startsWith(typed.toLowerCase()) &&
        (!ADDED.has(filterText) || own.has(filterText)),
    )
    .map(plainText);
  return [shown(fitting.length === 1 ? fitting : fitting.map((each) => each.trimEnd())), typed];
}

/** Words that begin with `typed`. */
export function completeWord(words: readonly string[], typed: string): Completions {
  return [shown(words.filter((word) => word.toLowerCase().startsWith(typed.toLowerCase()))), typed];
}

/**
 * Names from files may hold anything; such are not offered. A mark that fits nothing says that there are more, and
 * keeps readline from taking the beginning of these for that of all.
 */
function shown(texts: readonly string[]): string[] {
  const safe = [...new Set(texts)].filter((text) => text !== '' && safeText(text) === text);
  return safe.length > MOST ? [...safe.slice(0, MOST), '\u2026'] : safe;
}

/** What is inserted before the cursor: of a snippet what comes before its stop, of several lines the first. */
function plainText({ insertText, snippet }: CompletionItem): string {
  const stop = snippet ? insertText.search(/(?<!\\)\$0/) : -1;
  const text = snippet ? insertText.slice(0, stop < 0 ? undefined : stop).replaceAll(/\\([\\$}])/g, '$1') : insertText;
  return text.replace(/\s*\n[^]*$/, ' ').replace(/\(\s+$/, '(');
}

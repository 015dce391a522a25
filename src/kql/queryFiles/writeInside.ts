import type { FileQuery } from './queryFile.ts';

/**
 * A text as it has to be written where a query stands in its file, so that reading the file gives the text again:
 * escaped in quotation marks, as it is everywhere else. Undefined inside a text of a text, where nobody writes.
 */
export function writeInside(file: string, { place }: Pick<FileQuery, 'place'>, text: string): string | undefined {
  const opener = file[place.start - 1];
  if (opener === "'") return text.replaceAll("'", "''");
  if (opener !== '"') return text;
  return file[place.start - 2] === '\\' ? undefined : JSON.stringify(text).slice(1, -1);
}

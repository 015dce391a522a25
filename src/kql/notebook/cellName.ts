import { readFrontComment } from '../queryFiles/frontComment.ts';

/**
 * What later cells call the rows of a query: its first `// @name` line, exactly as it stands there. Undefined of one
 * without; a heading above it is no name.
 */
export function cellName(text: string): string | undefined {
  if (!/@name/i.test(text)) return undefined;
  const { names, name } = readFrontComment(text);
  return names.length > 0 ? name : undefined;
}

/** Whether a text holds a name as a word of its own. */
export function isSaidIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) return true;
  return false;
}

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

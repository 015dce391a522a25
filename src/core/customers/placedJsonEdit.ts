import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';

/** How our files are written: two blanks, a line each, ended as the others of the text. */
const FORMAT = { insertSpaces: true, tabSize: 2 } as const;
const formatOf = (text: string) => ({ ...FORMAT, eol: text.includes('\r\n') ? '\r\n' : '\n' });

/**
 * Adds a value to the end of the list at a path of names; the list is made where it is missing, and everything else of
 * the text stays as somebody wrote it.
 */
export function appendToList(text: string, path: readonly string[], value: object): string {
  const tree = parseTree(text);
  const last = tree && findNodeAtLocation(tree, [...path])?.children?.at(-1);
  if (!last)
    return applyEdits(
      text,
      modify(text, [...path, -1], value, { formattingOptions: formatOf(text), isArrayInsertion: true }),
    );
  // By hand: the library would write the neighbour anew, too.
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', last.offset) + 1))![0];
  const end = last.offset + last.length;
  const { eol } = formatOf(text);
  const added = JSON.stringify(value, null, FORMAT.tabSize).replaceAll('\n', `${eol}${indent}`);
  return `${text.slice(0, end)},${eol}${indent}${added}${text.slice(end)}`;
}

/** Sets the value at a path of names, and leaves everything else of the text as it is. */
export function setValue(text: string, path: readonly string[], value: object): string {
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: formatOf(text) }));
}

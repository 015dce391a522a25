import { applyEdits, modify } from 'jsonc-parser';

/** How our files are written: two blanks, a line each. */
const FORMAT = { insertSpaces: true, tabSize: 2, eol: '\n' } as const;

/**
 * Adds a value to the end of the list at a path of names; the list is made where it is missing, and everything else of
 * the text stays as somebody wrote it.
 */
export function appendToList(text: string, path: readonly string[], value: object): string {
  return applyEdits(text, modify(text, [...path, -1], value, { formattingOptions: FORMAT, isArrayInsertion: true }));
}

/** Sets the value at a path of names, and leaves everything else of the text as it is. */
export function setValue(text: string, path: readonly string[], value: object): string {
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: FORMAT }));
}

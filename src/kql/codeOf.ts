import { scan } from './scan.ts';

/** The text with blanks in place of its strings and comments: as long as it was, and every place is the same. */
export function codeOf(text: string): string {
  let [code, at] = ['', 0];
  for (const { start, end } of scan(text).spans) {
    code += text.slice(at, start) + ' '.repeat(end - start);
    at = end;
  }
  return code + text.slice(at);
}

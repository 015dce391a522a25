import { visibleText } from '../../base/visibleText.ts';

/** Text as a terminal may show it: one line that moves no cursor, changes no colour and turns no direction. */
export function safeText(text: string): string {
  return visibleText(text);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mark}/u;

/** Columns a text takes on a screen. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** At most `width` columns, the cut marked. */
export function fitText(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '',
    used = 0;
  for (const character of text) {
    const next = used + displayWidth(character);
    if (next > width - 1) break;
    kept += character;
    used = next;
  }
  return `${kept}\u2026`;
}

/** The text with blanks up to `width` columns of a terminal: before it where it is to stand right, else behind. */
export function padText(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
}

/** The text in lines of at most `width` columns, broken between words; a word that is wider is broken where it ends. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const put = (piece: string): void => {
    const longer = line === '' ? piece : `${line} ${piece}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      return;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of piece) {
      if (displayWidth(line + character) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  };
  for (const word of text.split(' ')) put(word);
  return [...lines, line];
}

/** C0 and C1 controls, marks that turn the direction of text, and characters that show nothing. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * Text of others as one line that says what it holds: what could move a cursor, change colours, turn or hide a part of
 * the line becomes a visible sign. The first half of every place's escape.
 */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : escaped(character);
  });
}

/** As `visibleText`, for text of several lines: line breaks and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : character === '\r' ? '' : visibleText(character),
  );
}

/**
 * JSON or CSV as a screen may show it: the characters of `visibleText` in JSON's own writing, so that JSON stays the
 * same value; line breaks and tabs are the format's.
 */
export function escapeUnseen(text: string): string {
  return text.replace(UNSAFE, (character) => (/[\t\n\r]/.test(character) ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

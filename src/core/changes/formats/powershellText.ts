/** Characters that PowerShell takes for single quotes. */
const SINGLE = /['\u2018-\u201b]/g;
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
/**
 * What is written by its number in double quotes: the unseen, what PowerShell takes for such a quote, and what readers
 * of colours take for the beginning of a comment.
 */
const NUMBERED = /["#\u201c-\u201e\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text as PowerShell 7 reads it back, on one line; what nobody would see is written by its number. */
export function powershellText(text: string): string {
  if (!UNSEEN.test(text)) return `'${text.replaceAll(SINGLE, '$&$&')}'`;
  const escaped = text
    .replaceAll(/[`$]/g, '`$&')
    .replaceAll(NUMBERED, (one) => `\`u{${one.codePointAt(0)!.toString(16)}}`);
  return `"${escaped}"`;
}

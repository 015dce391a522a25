/** Characters that PowerShell takes for single and for double quotes. */
const SINGLE = /['\u2018-\u201b]/g;
const DOUBLE = /["\u201c-\u201e`$]/g;
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** A text as PowerShell 7 reads it back, on one line; what nobody would see is written by its number. */
export function powershellText(text: string): string {
  if (!UNSEEN.test(text)) return `'${text.replaceAll(SINGLE, '$&$&')}'`;
  const escaped = text
    .replaceAll(DOUBLE, '`$&')
    .replaceAll(new RegExp(UNSEEN, 'gu'), (one) => `\`u{${one.codePointAt(0)!.toString(16)}}`);
  return `"${escaped}"`;
}

/**
 * The words of a text in a form in which spellings of a name are alike: letters and digits between anything else,
 * large, compatible forms and accents undone, invisible characters gone. `law-Contoso_01` is LAW, CONTOSO, 01.
 */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toUpperCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

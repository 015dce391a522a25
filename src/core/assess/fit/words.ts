/** A sentence of its own: first letter large, a full stop behind it. */
export function sentence(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** The same in the middle of a sentence. */
export function clause(text: string): string {
  const plain = text.replace(/[.]$/, '');
  return /^(The|It|Its|Only|None|Whether|No|What|Undeclared)\b/.test(plain)
    ? `${plain[0]!.toLowerCase()}${plain.slice(1)}`
    : plain;
}

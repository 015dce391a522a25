/** `18 %`, and one digit more below ten. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

/** `1 workspace`, `2 workspaces`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}

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

/** `1 row`, `1,234 rows`: a count with its noun, which takes an s unless the plural is given. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${whole(number)} ${number === 1 ? noun : plural}`;
}

/** A whole number as people read it: `1,234`. */
export function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

/** `12.3 GB`; below 1 GB with three digits behind the point, from 100 on without any. Less is said to be less. */
export function gigabytes(gb: number): string {
  if (gb > 0 && gb < 0.001) return 'less than 0.001 GB';
  const digits = gb >= 100 ? 0 : gb >= 1 ? 1 : 3;
  return `${gb.toLocaleString('en-US', { maximumFractionDigits: digits })} GB`;
}

/** US dollars without cents: `$1,234`. */
export function dollars(amount: number): string {
  if (amount > 0 && amount < 1) return 'less than $1';
  return `$${whole(amount)}`;
}

/** A share from 0 to 1 as `18 %`, cut and not rounded up, so that 9.96 % is never called 10 %. */
export function percent(share: number): string {
  const hundredths = Math.floor(share * 10_000 + 1e-9) / 100;
  return `${hundredths.toLocaleString('en-US', { maximumFractionDigits: hundredths < 10 ? 2 : 0 })} %`;
}

/** `A, B, C and 4 more`: at most `most` names, in the order they come. */
export function list(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)!}`;
}

/** An instant to the minute, in UTC: `2026-11-28 09:12 UTC`. */
export function minute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

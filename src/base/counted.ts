/** `1 row`, `0 rows`, `1,234 rows`: a count with its noun; `many` where the plural is no `s` more. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : many}`;
}

import { parseLong } from './numbers.ts';

/** `true` and `false` in any case, or a whole number (0 is false); undefined for any other text. */
export function parseBool(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  const number = parseLong(word);
  return number === undefined ? undefined : number !== 0n;
}

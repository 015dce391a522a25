/** Fractions of the cube roots of the first 64 primes, and of the square roots of the first eight (FIPS 180-4). */
const [ROUNDS, START] = constants();

/** SHA-256 of a text as UTF-8, in hexadecimal. For texts: it is no match for large data. */
export function sha256(text: string): string {
  const bytes = utf8(text);
  const words = padded(bytes);
  let state = START;
  for (let at = 0; at < words.length; at += 16) state = mixed(state, words.slice(at, at + 16));
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function constants(): readonly [rounds: readonly number[], start: readonly number[]] {
  const primes: number[] = [];
  for (let one = 2; primes.length < 64; one++) if (primes.every((prime) => one % prime !== 0)) primes.push(one);
  const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
  return [primes.map((one) => fraction(Math.cbrt(one))), primes.slice(0, 8).map((one) => fraction(Math.sqrt(one)))];
}

function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const one of text) {
    const code = one.codePointAt(0)!;
    // A half of a character has no bytes of its own.
    const whole = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (whole < 0x80) bytes.push(whole);
    else if (whole < 0x800) bytes.push(0xc0 | (whole >> 6), 0x80 | (whole & 63));
    else if (whole < 0x1_0000) bytes.push(0xe0 | (whole >> 12), 0x80 | ((whole >> 6) & 63), 0x80 | (whole & 63));
    else
      bytes.push(
        ...[0xf0 | (whole >> 18), 0x80 | ((whole >> 12) & 63), 0x80 | ((whole >> 6) & 63), 0x80 | (whole & 63)],
      );
  }
  return bytes;
}

function padded(bytes: readonly number[]): readonly number[] {
  const words = Array.from({ length: ((bytes.length + 8) >> 6) * 16 + 16 }, () => 0);
  for (const [at, byte] of [...bytes, 0x80].entries()) words[at >> 2]! |= byte << (24 - (at & 3) * 8);
  words[words.length - 2] = Math.floor((bytes.length * 8) / 2 ** 32);
  words[words.length - 1] = (bytes.length * 8) | 0;
  return words;
}

function mixed(state: readonly number[], block: readonly number[]): readonly number[] {
  const w = [...block];
  for (let t = 16; t < 64; t++) {
    const [a, b] = [w[t - 15]!, w[t - 2]!];
    const first = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
    const second = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
    w.push((w[t - 16]! + first + w[t - 7]! + second) | 0);
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (const [t, word] of w.entries()) {
    const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[t]! + word;
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((word, at) => (word + state[at]!) | 0);
}

function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

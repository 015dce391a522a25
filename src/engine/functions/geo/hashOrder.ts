const MASK = (1n << 64n) - 1n;
const SEED = 0xc70f6907n;
const MULTIPLIER = 0xc6a4a7935bd1e995n;
const mixed = (value: bigint) => value ^ (value >> 47n);

/** Murmur's hash of a text of ASCII, as the C++ library of GNU has it for std::string. */
function hashOf(text: string): bigint {
  const bytes = Buffer.from(text, 'latin1');
  let hash = (SEED ^ (BigInt(bytes.length) * MULTIPLIER)) & MASK,
    at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const data = (bytes.readBigUInt64LE(at) * MULTIPLIER) & MASK;
    hash = ((hash ^ ((mixed(data) * MULTIPLIER) & MASK)) * MULTIPLIER) & MASK;
  }
  if (at < bytes.length) {
    let rest = 0n;
    for (let i = bytes.length - 1; i >= at; i--) rest = (rest << 8n) | BigInt(bytes[i] ?? 0);
    hash = ((hash ^ rest) * MULTIPLIER) & MASK;
  }
  return mixed((mixed(hash) * MULTIPLIER) & MASK);
}

/** How many buckets that library takes for so many elements: the first of these that is no smaller. */
const BUCKETS = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 103, 109, 113, 127,
  137, 139, 149, 157, 167, 179, 193, 199, 211, 227, 241, 257, 277, 293, 313, 337, 359, 383, 409, 439, 467, 503, 541,
  577, 619, 661, 709, 761, 823, 887, 953, 1031, 1109, 1193, 1289, 1381, 1493, 1613, 1741, 1879, 2029, 2179, 2357, 2549,
  2753, 2971, 3209, 3469, 3739, 4027, 4349, 4703, 5087, 5503, 5953, 6427, 6949, 7517, 8123, 8783, 9497, 10273, 11113,
  12011, 12983, 14033, 15173, 16411, 17749, 19183, 20753, 22447, 24281, 26267, 28411, 30727, 33223, 35933, 38873, 42043,
  45481, 49201, 53201, 57557, 62233, 67307,
];

/**
 * The texts, each once, in the order std::unordered_set<std::string> made of them lists them: the real engine (as its
 * recorded answers show it) passes cells through one. The last comes first, those of a bucket stand together.
 */
export function inHashOrder(texts: readonly string[]): string[] {
  const count = BigInt(BUCKETS.find((size) => size >= texts.length) ?? texts.length);
  const buckets = new Map<bigint, string[]>();
  for (const text of new Set(texts)) {
    const bucket = hashOf(text) % count,
      found = buckets.get(bucket);
    if (found) found.unshift(text);
    else buckets.set(bucket, [text]);
  }
  return [...buckets.values()].reverse().flat();
}

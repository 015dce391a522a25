import { createHash } from 'node:crypto';

/** A GUID that is the same for the same seed and words, shaped like a random one (version 4). */
export function seededGuid(seed: number, ...words: (string | number)[]): string {
  const hex = createHash('sha256')
    .update([seed, ...words].join('\u0000'))
    .digest('hex');
  const variant = ((parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The directory of personal Microsoft accounts: they sign in there, and Resource Manager lists it to nobody. */
export const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** 64 bytes in base64, as workspace keys look. */
export function seededKey(seed: number, ...words: (string | number)[]): string {
  return createHash('sha512')
    .update([seed, ...words].join('\u0000'))
    .digest('base64');
}

/** The GUID for things that need to be new, not the same again: requests, codes. */
export { randomUUID as freshGuid } from 'node:crypto';

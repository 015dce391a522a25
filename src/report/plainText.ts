/**
 * Controls of a terminal (C0 without tab and line breaks, C1), other line breaks, and marks that turn the order in
 * which a line is read.
 */
// eslint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** A text in which nothing steers a terminal or the order of reading: such characters are written as `\u202e`. */
export function plainText(text: string): string {
  return text.replace(STEERING, (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

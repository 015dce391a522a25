import { escapeUnseen } from '../../base/visibleText.ts';

/**
 * Compact JSON with longs in full: a bigint is written as the number it is. What a screen would not show, or would act
 * on, is in JSON's own writing.
 */
export function toJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((entry) => toJson(entry ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => `${escapeUnseen(JSON.stringify(key))}:${toJson(entry)}`)
      .join(',')}}`;
  }
  return escapeUnseen(JSON.stringify(value));
}

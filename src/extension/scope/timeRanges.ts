import { AppError } from '../../base/errors.ts';
import { formatDatetimeMs, parseDatetime } from '../../model/values/datetime.ts';

/** The ranges offered first, in minutes. */
export const TIME_RANGES: readonly number[] = [
  30,
  60,
  4 * 60,
  12 * 60,
  24 * 60,
  2 * 1440,
  3 * 1440,
  7 * 1440,
  14 * 1440,
  30 * 1440,
  90 * 1440,
];

/** `90m`, `36h`, `10d`, `2w`: minutes. Throws `input.timeRange` on anything else. */
export function parseDuration(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(m|min|h|d|w)\s*$/i.exec(text);
  const minutes = match ? Math.round(Number(match[1]) * FACTORS[match[2]!.toLowerCase()]!) : 0;
  if (minutes < 1 || minutes > 1440 * 730)
    throw new AppError('input.timeRange', 'Write a duration such as 90m, 36h, 10d or 2w, up to 730 days.');
  return minutes;
}

const FACTORS: Readonly<Record<string, number>> = { m: 1, min: 1, h: 60, d: 1440, w: 7 * 1440 };

/**
 * A time as people type it (`2026-01-31`, `2026-01-31 14:00`, ISO), read as UTC unless it says otherwise: ISO text.
 * Throws `input.timeRange`.
 */
export function parseTime(text: string): string {
  const ticks = /^\s*\d{4}-\d{2}-\d{2}/.test(text) ? parseDatetime(text) : undefined;
  if (ticks === undefined)
    throw new AppError('input.timeRange', 'Write a time such as 2026-01-31 or 2026-01-31 14:00 (UTC).');
  return formatDatetimeMs(ticks);
}

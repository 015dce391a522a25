import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, callJs, literalText, scalar } from './define.ts';
import { EPOCH_TICKS, TICKS, dateParts, isDatetime } from '../../model/values/ticks.ts';

const TOKEN =
  /(?:d{1,2}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|M{1,2}|s{1,2}|y{4}(?!y)|y{1,2}(?!y)|tt(?!t)|[ /\-:,._[\]])/y;
const SPAN_TOKEN = /(?:d{1,8}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|s{1,2}|[ /\-:,._[\]])/y;

/**
 * The pieces of a format, each as long as a specifier can be: `dddd` is `dd` twice, there are no names of days.
 * Undefined where it says something that is not among the specifiers and delimiters.
 */
function pieces(format: string, isDate: boolean): string[] | undefined {
  const found: string[] = [];
  const token = isDate ? TOKEN : SPAN_TOKEN;
  for (token.lastIndex = 0; token.lastIndex < format.length;) {
    const piece = token.exec(format)?.[0];
    if (piece === undefined) return undefined;
    found.push(piece);
  }
  return found;
}

const pad = (value: number | bigint, piece: string) => String(value).padStart(piece.length, '0');

function clockPiece(piece: string, ticks: bigint, hour12: boolean): string {
  const fraction = String(ticks % TICKS.second)
    .padStart(7, '0')
    .slice(0, piece.length);
  const hour = Number((ticks / TICKS.hour) % 24n);
  switch (piece[0]) {
    case 'f':
      return fraction;
    case 'F':
      return fraction.replace(/0+$/, '');
    case 'h':
      return pad(hour12 ? ((hour + 11) % 12) + 1 : hour, piece);
    case 'H':
      return pad(hour, piece);
    case 'm':
      return pad((ticks / TICKS.minute) % 60n, piece);
    case 's':
      return pad((ticks / TICKS.second) % 60n, piece);
    case 't':
      return hour < 12 ? 'AM' : 'PM';
    default:
      return piece;
  }
}

function formatDate(ticks: bigint, format: readonly string[]): string {
  const { year, month, day } = dateParts(ticks);
  return format
    .map((piece) => {
      if (piece[0] === 'd') return pad(day, piece);
      if (piece[0] === 'M') return pad(month, piece);
      if (piece[0] === 'y') return piece.length === 4 ? pad(year, piece) : pad(year % 100, piece);
      return clockPiece(piece, ticks, true);
    })
    .join('');
}

function formatSpan(ticks: bigint, format: readonly string[]): string {
  const size = ticks < 0n ? -ticks : ticks;
  const text = format
    .map((piece) => (piece[0] === 'd' ? pad(size / TICKS.day, piece) : clockPiece(piece, size, false)))
    .join('');
  return ticks < 0n ? `-${text}` : text;
}

function emitFormat(name: 'format_datetime' | 'format_timespan', args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const isDate = name === 'format_datetime';
  const format = literalText(argument(args, 1, ctx)) ?? ctx.refuse(`${name}() with a format that is not a constant`);
  if (!pieces(format, isDate)) {
    ctx.refuse(
      `${name}() with the format '${format}'`,
      'use the specifiers d f F h H m M s y tt and the delimiters space / - : , . _ [ ]',
    );
  }
  return callJs(
    ctx,
    `kql_${name}`,
    [argument(args, 0, ctx), argument(args, 1, ctx)],
    [isDate ? 'datetime' : 'timespan', 'string'],
    'string',
    (ticks, text) =>
      typeof ticks === 'bigint' ? (isDate ? formatDate : formatSpan)(ticks, pieces(String(text), isDate) ?? []) : '',
  );
}

const zones = new Map<string, Intl.DateTimeFormat | undefined>();

function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (!zones.has(zone)) {
    try {
      zones.set(
        zone,
        new Intl.DateTimeFormat('en-US', {
          timeZone: zone,
          hourCycle: 'h23',
          year: 'numeric',
          month: '2-digit',
          day: '2-digit',
          hour: '2-digit',
          minute: '2-digit',
          second: '2-digit',
          era: 'short',
        }),
      );
    } catch {
      zones.set(zone, undefined);
    }
  }
  return zones.get(zone);
}

/** What the clocks of the zone are ahead of UTC at an instant, in milliseconds. */
function offsetAt(format: Intl.DateTimeFormat, utcMilliseconds: number): number {
  const parts = new Map(format.formatToParts(utcMilliseconds).map(({ type, value }) => [type, value]));
  const get = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return local - Math.floor(utcMilliseconds / 1000) * 1000;
}

const toMilliseconds = (ticks: bigint) => Number((ticks - EPOCH_TICKS) / TICKS.millisecond);

function shifted(ticks: bigint, milliseconds: number): bigint | null {
  const moved = ticks + BigInt(milliseconds) * TICKS.millisecond;
  return isDatetime(moved) ? moved : null;
}

/**
 * Where the clocks change the local time is read by the clock after, be it skipped (the real engine goes back an hour
 * there) or shown twice.
 */
function localToUtc(ticks: bigint, format: Intl.DateTimeFormat): bigint | null {
  const local = toMilliseconds(ticks),
    day = 86_400_000;
  const offsets = [offsetAt(format, local + day), offsetAt(format, local - day)];
  const exact = offsets.find((offset) => offsetAt(format, local - offset) === offset);
  return shifted(ticks, -(exact ?? offsets[0] ?? 0));
}

function emitZone(
  name: 'datetime_utc_to_local' | 'datetime_local_to_utc',
  args: readonly SqlExpr[],
  ctx: EmitContext,
): Sql {
  const zone = literalText(args[1]);
  if (zone !== undefined && !zoneFormat(zone))
    ctx.refuse(`the time zone '${zone}'`, 'use a name of the IANA list, such as Europe/Zurich');
  return callJs(ctx, `kql_${name}`, args, ['datetime', 'string'], 'datetime', (ticks, text) => {
    const format = zoneFormat(String(text));
    if (typeof ticks !== 'bigint' || !format) return null;
    return name === 'datetime_utc_to_local'
      ? shifted(ticks, offsetAt(format, toMilliseconds(ticks)))
      : localToUtc(ticks, format);
  });
}

/** Datetimes and timespans as text in a pattern, and UTC to local time and back. */
export const dateFormatFunctions: readonly ScalarFunction[] = [
  ...scalar('format_datetime', (args, ctx) => emitFormat('format_datetime', args, ctx)),
  ...scalar('format_timespan', (args, ctx) => emitFormat('format_timespan', args, ctx)),
  ...scalar('datetime_utc_to_local', (args, ctx) => emitZone('datetime_utc_to_local', args, ctx)),
  ...scalar('datetime_local_to_utc', (args, ctx) => emitZone('datetime_local_to_utc', args, ctx)),
];

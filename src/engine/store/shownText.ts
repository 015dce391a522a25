import type { ShownColumn } from './storedColumns.ts';

/** A column as people read it, in SQL: every value as the grid has it. Never null. */
export function textOf({ type, physical }: ShownColumn): string {
  switch (type) {
    case 'datetime':
      return `coalesce(iso_text(${physical}), '')`;
    case 'timespan':
      return `coalesce(span_text(${physical}), '')`;
    case 'bool':
      return `CASE WHEN ${physical} THEN 'true' WHEN NOT ${physical} THEN 'false' ELSE '' END`;
    case 'real':
      return `coalesce(real_text(${physical}), '')`;
    case 'int':
    case 'long':
      return `coalesce(${physical}::VARCHAR, '')`;
    default:
      return `coalesce(${physical}, '')`;
  }
}

/**
 * The condition, of one parameter, that a cell holds a text in any case: as it is shown, and a time also as it is
 * copied. Every letter is compared in the capital and then the small form, so that two small forms of one capital are
 * alike.
 */
export function holdsText(column: ShownColumn): string {
  const text =
    column.type === 'datetime'
      ? `coalesce(iso_text(${column.physical}) || chr(10) || shown_time(${column.physical}), '')`
      : textOf(column);
  return `contains(${anyCase(text)}, ${anyCase('?')})`;
}

/**
 * Whether a cell of the column could hold the text at all, as far as its letters tell: a word is in no number and in no
 * time, and writing those out to look for it costs more than all the texts.
 */
export function mayHold({ type }: ShownColumn, text: string): boolean {
  const letters = LETTERS[type];
  return letters === undefined || letters.test(text);
}
/** What a value is written with; letters beyond ASCII have forms of their own, which the database compares. */
const LETTERS: Readonly<Partial<Record<ShownColumn['type'], RegExp>>> = {
  bool: /^(?:[truefals]|[^\0-\x7f])*$/i,
  int: /^(?:[-\d]|[^\0-\x7f])*$/,
  long: /^(?:[-\d]|[^\0-\x7f])*$/,
  real: /^(?:[-+.\denaifty]|[^\0-\x7f])*$/i,
  timespan: /^(?:[-.:\d]|[^\0-\x7f])*$/,
  datetime: /^(?:[-.:\dtz \n]|[^\0-\x7f])*$/i,
};
function anyCase(text: string): string {
  return `lower(upper(${text}))`;
}

const DIGITS = `replace(split_part(abs(r)::VARCHAR, 'e', 1), '.', '')`;
const POWER = `split_part(abs(r)::VARCHAR, 'e', 2)::INTEGER`;
const SIGN = `CASE WHEN r < 0 THEN '-' ELSE '' END`;

/** Macros that these texts need, for every connection's database: ticks as the service writes them, reals as JSON. */
export const TEXT_MACROS = [
  `CREATE OR REPLACE MACRO fraction_text(t) AS CASE WHEN t % 10000000 = 0 THEN '' ELSE '.' || rtrim(lpad((t % 10000000)::VARCHAR, 7, '0'), '0') END`,
  `CREATE OR REPLACE MACRO iso_text(t) AS strftime(make_timestamp((t - 621355968000000000) // 10), '%Y-%m-%dT%H:%M:%S') || fraction_text(t) || 'Z'`,
  `CREATE OR REPLACE MACRO shown_time(t) AS strftime(make_timestamp((t - 621355968000000000) // 10), '%Y-%m-%d %H:%M:%S') || fraction_text(t)`,
  `CREATE OR REPLACE MACRO span_text(t) AS CASE WHEN t < 0 THEN '-' ELSE '' END || CASE WHEN abs(t) >= 864000000000 THEN (abs(t) // 864000000000)::VARCHAR || '.' ELSE '' END
     || lpad((abs(t) // 36000000000 % 24)::VARCHAR, 2, '0') || ':' || lpad((abs(t) // 600000000 % 60)::VARCHAR, 2, '0') || ':' || lpad((abs(t) // 10000000 % 60)::VARCHAR, 2, '0')
     || CASE WHEN abs(t) % 10000000 = 0 THEN '' ELSE '.' || lpad((abs(t) % 10000000)::VARCHAR, 7, '0') END`,
  `CREATE OR REPLACE MACRO real_text(r) AS CASE
     WHEN isnan(r) THEN 'NaN' WHEN isinf(r) THEN ${SIGN} || 'Infinity' WHEN r = 0 THEN '0'
     WHEN abs(r) >= 1e16 AND abs(r) < 1e21 THEN ${SIGN} || rpad(${DIGITS}, ${POWER} + 1, '0')
     WHEN abs(r) >= 1e-6 AND abs(r) < 1e-4 THEN ${SIGN} || '0.' || repeat('0', -1 - ${POWER}) || ${DIGITS}
     ELSE regexp_replace(regexp_replace(r::VARCHAR, '\\.0$', ''), 'e-0', 'e-') END`,
  // Decimals are kept as text and hold more digits than a number of DuckDB: their whole part and what is behind it.
  `CREATE OR REPLACE MACRO decimal_whole(d) AS CASE WHEN d = '' THEN NULL WHEN contains(lower(d), 'e') THEN TRY_CAST(trunc(TRY_CAST(d AS DOUBLE)) AS HUGEINT) ELSE TRY_CAST(split_part(d, '.', 1) AS HUGEINT) END`,
  `CREATE OR REPLACE MACRO decimal_rest(d) AS coalesce(CASE WHEN contains(lower(d), 'e') THEN TRY_CAST(TRY_CAST(d AS DOUBLE) - trunc(TRY_CAST(d AS DOUBLE)) AS DECIMAL(38, 37)) ELSE TRY_CAST(CASE WHEN starts_with(d, '-') THEN '-0.' ELSE '0.' END || split_part(d, '.', 2) || '0' AS DECIMAL(38, 37)) END, 0)`,
  `CREATE OR REPLACE MACRO decimal_order(d) AS CASE WHEN decimal_whole(d) IS NOT NULL THEN {'whole': decimal_whole(d), 'rest': decimal_rest(d)} END`,
];

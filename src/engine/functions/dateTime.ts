import type { KqlType } from '../../model/kqlType.ts';
import { SQL, atom, bind, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, callJs, literalText, scalar, scripted } from './define.ts';
import { EPOCH_TICKS, MAX_DATETIME_TICKS, TICKS, dateTicks, isDatetime } from '../../model/values/ticks.ts';

const EPOCH_MICROSECONDS = 62_135_596_800_000_000n;

/** The DuckDB timestamp of a ticks expression (its last digit is lost). */
export const timestamp = (ticks: Sql) => SQL`make_timestamp(${ticks} // 10 - ${EPOCH_MICROSECONDS})`;
/** The ticks of a DuckDB timestamp. */
const ticksOf = (stamp: Sql) => SQL`((epoch_us(${stamp}) + ${EPOCH_MICROSECONDS}) * 10)`;
/** Null where the ticks leave the years 1 to 9999. */
const within = (sql: Sql) =>
  bind([sql], (t) => SQL`(CASE WHEN ${t} BETWEEN 0 AND ${MAX_DATETIME_TICKS} THEN ${t} END)`);

const moment = (args: readonly SqlExpr[], index: number, ctx: EmitContext) =>
  ctx.convert(argument(args, index, ctx), 'datetime').sql;
const ZERO = atom`0`;
const whole = (arg: SqlExpr | undefined, ctx: EmitContext) => (arg ? SQL`(${ctx.convert(arg, 'long').sql})` : ZERO);

/** Start of a calendar period, `offset` periods on, or one tick before the next. */
function boundary(unit: 'day' | 'week' | 'month' | 'year', end: boolean): ScalarFunction[] {
  return scalar(`${end ? 'endof' : 'startof'}${unit}`, (args, ctx) => {
    const t = moment(args, 0, ctx);
    const shift = args.length > 1 || end ? SQL`(${whole(args[1], ctx)}${end ? SQL` + 1` : ''})` : undefined;
    const less = end ? SQL` - 1` : '';
    if (unit === 'month' || unit === 'year') {
      const start = SQL`date_trunc(${textSql(unit)}, ${timestamp(t)})`;
      const moved = shift
        ? SQL`(${start} + to_months(CAST(${shift}${unit === 'year' ? SQL` * 12` : ''} AS INTEGER)))`
        : start;
      return shift ? within(SQL`(${ticksOf(moved)}${less})`) : ticksOf(moved);
    }
    // Day 0 of the tick count is a Monday; Kusto's weeks start on Sunday.
    const size = unit === 'day' ? TICKS.day : 7n * TICKS.day,
      lead = unit === 'day' ? 0n : TICKS.day;
    const start = SQL`((${t} + ${lead}) // ${size} * ${size} - ${lead})`;
    return shift ? within(SQL`(${start} + ${shift} * ${size}${less})`) : start;
  });
}

type Period =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond'
  | 'nanosecond';
const PERIODS: readonly string[] = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
  'nanosecond',
];

function periodOf(arg: SqlExpr, name: string, ctx: EmitContext): Period {
  const period = literalText(arg)?.toLowerCase() ?? ctx.refuse(`${name}() with a period that is not a constant`);
  return PERIODS.includes(period) ? (period as Period) : ctx.refuse(`${name}() with the period '${period}'`);
}

/**
 * How many periods have begun since some fixed start, so that a difference counts the boundaries between two instants.
 */
function periodIndex(period: Period, t: Sql): Sql {
  switch (period) {
    case 'year':
      return SQL`year(${timestamp(t)})`;
    case 'quarter':
      return bind([timestamp(t)], (s) => SQL`(year(${s}) * 4 + quarter(${s}))`);
    case 'month':
      return bind([timestamp(t)], (s) => SQL`(year(${s}) * 12 + month(${s}))`);
    case 'week':
      return SQL`((${t} + ${TICKS.day}) // ${7n * TICKS.day})`;
    case 'nanosecond':
      return SQL`(${t} * 100)`;
    default:
      return SQL`(${t} // ${TICKS[period]})`;
  }
}

function emitDiff(args: readonly SqlExpr[], ctx: EmitContext, result: KqlType): Sql {
  const period = periodOf(argument(args, 0, ctx), 'datetime_diff', ctx);
  const a = moment(args, 1, ctx),
    b = moment(args, 2, ctx);
  if (period === 'nanosecond') return SQL`TRY_CAST((${a}::HUGEINT - ${b}) * 100 AS BIGINT)`;
  // Weeks the engine counts in reals.
  const type = result === 'real' ? SQL`DOUBLE` : SQL`BIGINT`;
  return SQL`CAST(${periodIndex(period, a)} - ${periodIndex(period, b)} AS ${type})`;
}

const MONTHS: Partial<Record<Period, number>> = { year: 12, quarter: 3, month: 1 };

function emitAdd(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const period = periodOf(argument(args, 0, ctx), 'datetime_add', ctx);
  const amount = whole(argument(args, 1, ctx), ctx),
    t = moment(args, 2, ctx);
  const months = MONTHS[period];
  if (months !== undefined)
    return within(
      bind(
        [t],
        (x) =>
          SQL`(${ticksOf(SQL`(${timestamp(x)} + to_months(CAST(${amount} * ${months} AS INTEGER)))`)} + ${x} % 10)`,
      ),
    );
  if (period === 'nanosecond') return within(SQL`(${t} + ${amount} // 100)`);
  const size = period === 'week' ? 7n * TICKS.day : TICKS[period as keyof typeof TICKS];
  return within(SQL`TRY_CAST(${t}::HUGEINT + ${amount}::HUGEINT * ${size} AS BIGINT)`);
}

/** Parts in SQL of a ticks expression, under the names datetime_part() takes. */
const PARTS: Readonly<Record<string, (t: Sql) => Sql>> = {
  year: (t) => SQL`year(${timestamp(t)})`,
  quarter: (t) => SQL`quarter(${timestamp(t)})`,
  month: (t) => SQL`month(${timestamp(t)})`,
  week_of_year: (t) => SQL`weekofyear(${timestamp(t)})`,
  weekofyear: (t) => SQL`weekofyear(${timestamp(t)})`,
  day: (t) => SQL`day(${timestamp(t)})`,
  dayofyear: (t) => SQL`dayofyear(${timestamp(t)})`,
  hour: (t) => SQL`(${t} // ${TICKS.hour} % 24)`,
  minute: (t) => SQL`(${t} // ${TICKS.minute} % 60)`,
  second: (t) => SQL`(${t} // ${TICKS.second} % 60)`,
  millisecond: (t) => SQL`(${t} // ${TICKS.millisecond} % 1000)`,
  microsecond: (t) => SQL`(${t} // 10 % 1000000)`,
  nanosecond: (t) => SQL`(${t} % ${TICKS.second} * 100)`,
};

function part(names: string, part: string): ScalarFunction[] {
  return scalar(
    names,
    (args, ctx, result) =>
      ctx.convert({ sql: SQL`CAST(${PARTS[part]!(moment(args, 0, ctx))} AS BIGINT)`, type: 'long' }, result).sql,
  );
}

/** The instant of the query, moved by a timespan. */
function atNow(sign: '+' | '-', ctx: EmitContext, span: SqlExpr | undefined): Sql {
  if (span === undefined) return atom`${ctx.now}::BIGINT`;
  const moved = ctx.convert(span, 'timespan');
  if (typeof moved.literal !== 'bigint')
    return within(SQL`TRY_CAST(${ctx.now}::HUGEINT ${sign} ${moved.sql} AS BIGINT)`);
  const ticks = sign === '+' ? ctx.now + moved.literal : ctx.now - moved.literal;
  return isDatetime(ticks) ? atom`${ticks}::BIGINT` : SQL`CAST(NULL AS BIGINT)`;
}

function fromUnix(name: string, ticksPerUnit: bigint): ScalarFunction[] {
  return scalar(name, (args, ctx) => {
    const value = argument(args, 0, ctx);
    const scaled =
      value.type === 'real'
        ? SQL`trunc(${value.sql} * ${ticksPerUnit})`
        : ticksPerUnit === 0n
          ? SQL`${ctx.convert(value, 'long').sql} // 100`
          : SQL`${ctx.convert(value, 'long').sql}::HUGEINT * ${ticksPerUnit}`;
    return within(SQL`(TRY_CAST(${scaled} AS BIGINT) + ${EPOCH_TICKS})`);
  });
}

const between = (value: number, low: number, high: number) => value >= low && value <= high;

function clock(hour: number, minute: number, second: number): bigint | null {
  if (!between(hour, 0, 23) || !between(minute, 0, 59) || !(second >= 0 && second < 60)) return null;
  return BigInt(hour) * TICKS.hour + BigInt(minute) * TICKS.minute + BigInt(Math.round(second * 1e7));
}

function emitMakeTimespan(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const types = args.map((_, i) => (i >= 2 && i === args.length - 1 ? ('real' as const) : ('long' as const)));
  return callJs(ctx, 'kql_make_timespan', args, types, 'timespan', (...values) => {
    if (values.includes(null)) return null;
    const [day, hour, minute, second] = (values.length === 4 ? values : [0, ...values]).map(Number);
    const time = clock(hour ?? 0, minute ?? 0, second ?? 0);
    return time === null ? null : BigInt(day ?? 0) * TICKS.day + time;
  });
}

/** now(), ago(), the borders of periods, and parts, sums and differences of datetimes, all on ticks of 100 ns. */
export const dateTimeFunctions: readonly ScalarFunction[] = [
  ...scalar('now', (args, ctx) => atNow('+', ctx, args[0])),
  ...scalar('ago', (args, ctx) => atNow('-', ctx, argument(args, 0, ctx))),
  ...(['day', 'week', 'month', 'year'] as const).flatMap((unit) => [...boundary(unit, false), ...boundary(unit, true)]),
  ...scalar('datetime_diff', emitDiff),
  ...scalar('datetime_add', emitAdd),
  ...scalar('datetime_part datepart', (args, ctx) => {
    const name =
      literalText(args[0])?.toLowerCase() ?? ctx.refuse('datetime_part() with a part that is not a constant');
    return SQL`CAST(${(PARTS[name] ?? ctx.refuse(`datetime_part() with the part '${name}'`))(moment(args, 1, ctx))} AS BIGINT)`;
  }),
  ...part('getyear', 'year'),
  ...part('monthofyear getmonth', 'month'),
  // The documentation calls weekofyear() an alias and a variant that counted otherwise; the engine's is ISO's.
  ...part('week_of_year weekofyear', 'week_of_year'),
  ...part('dayofmonth', 'day'),
  ...part('dayofyear', 'dayofyear'),
  ...part('hourofday', 'hour'),
  // Of the last day there is, whose end is beyond a datetime, the engine knows none.
  ...scalar('dayofweek', (args, ctx) =>
    bind(
      [moment(args, 0, ctx)],
      (t) =>
        SQL`(CASE WHEN ${t} <= ${MAX_DATETIME_TICKS - TICKS.day} THEN (${t} // ${TICKS.day} + 1) % 7 * ${TICKS.day} END)`,
    ),
  ),
  ...scripted(
    'make_datetime',
    { params: ['long', 'long', 'long', 'long', 'long', 'real'], optional: 3, returns: 'datetime' },
    (...parts) => {
      if (parts.includes(null)) return null;
      const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
      const date = dateTicks(year, month, day),
        time = clock(hour, minute, second);
      return date === undefined || time === null ? null : date + time;
    },
  ),
  ...scalar('make_timespan', emitMakeTimespan),
  ...fromUnix('unixtime_seconds_todatetime', TICKS.second),
  ...fromUnix('unixtime_milliseconds_todatetime', TICKS.millisecond),
  ...fromUnix('unixtime_microseconds_todatetime', TICKS.microsecond),
  ...fromUnix('unixtime_nanoseconds_todatetime', 0n),
];

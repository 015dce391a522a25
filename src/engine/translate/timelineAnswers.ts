import type { Expr, Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { SQL, columnOf, named } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, over, select } from '../sql/statement.ts';
import { failureSql } from './failure.ts';
import { quoteId } from './relation.ts';
import type { ColumnLookup } from './translation.ts';

type Plugin = Extract<Rel, { kind: 'plugin' }>;

/** What a timeline plugin is asked over: `rows` have the columns `x` (timeline), `v` (id or value) and dimensions. */
export interface Timeline {
  /** The dimensions. */
  readonly ids: readonly Sql[];
  readonly rows: Sql;
  readonly axis: KqlType;
  readonly value: KqlType;
  /** An argument that is the same for all rows. */
  readonly constant: (index: number, type: KqlType) => Sql;
  readonly scalar: (expr: Expr, at: ColumnLookup) => Sql;
}
/** What a timeline plugin makes of them. */
export interface Answer {
  /** A condition on a row that makes the answer depend on what the documentation leaves open. */
  readonly doubtful: Sql;
  /** Its rows: dimensions, `b` (start of the bin), and its measures. */
  readonly answer: Sql;
  readonly measures: readonly string[];
  /** The first and last bin an answer without gaps has. */
  readonly first: Sql;
  readonly last: Sql;
  readonly step: Sql;
  /** Whether bins without rows are known to be no rows of the answer. */
  readonly sparse?: true;
}

const [X, V, B, FRESH] = [SQL`x`, SQL`v`, SQL`b`, SQL`fresh`];
const COUNT = SQL`count(*) AS n`;
const DISTINCT = SQL`count(DISTINCT v) AS c`;
const ALL = SQL`*`;

/** What the plugin makes of its timeline. */
export function answerOf(rel: Plugin, timeline: Timeline): Answer {
  switch (rel.plugin) {
    case 'rolling_percentile':
      return rollingPercentile(rel, timeline);
    case 'session_count':
      return sessionCount(timeline);
    case 'sliding_window_counts':
      return slidingWindowCounts(timeline);
    case 'active_users_count':
      return activeUsersCount(timeline);
    default:
      return activityMetrics(timeline);
  }
}

function spanOf(axis: KqlType): KqlType {
  return axis === 'datetime' ? 'timespan' : axis;
}
/** The start of the bin a value is in, counted from zero. */
function binned(value: Sql, step: Sql): Sql {
  return SQL`(${value} - ((${value} % ${step}) + ${step}) % ${step})`;
}
/** The same, counted from `start`. */
function binnedFrom(start: Sql, value: Sql, step: Sql): Sql {
  return SQL`${start} + (${value} - ${start}) // ${step} * ${step}`;
}

/** The percentile of a window of bins, for every bin that has rows. */
function rollingPercentile(rel: Plugin, { ids, rows, axis, value, constant, scalar }: Timeline): Answer {
  const [step, bins] = [constant(3, spanOf(axis)), constant(4, 'long')];
  const own = binned(X, step);
  const end = (pick: Sql): Sql => select({ items: [SQL`${pick}(${own})`], from: [rows, 'r'] });
  const percentile = scalar(
    {
      kind: 'aggregate',
      name: 'percentile',
      args: [{ kind: 'column', name: 'v', type: value }, rel.args[1]!],
      type: rel.columns.at(-1)!.type,
      place: rel.place,
    },
    (name) => (name === 'v' ? { sql: columnOf('t', quoteId('v')), type: value } : undefined),
  );
  const windows = select({
    items: [SQL`r.* EXCLUDE (x)`, as(SQL`${binned(SQL`r.x`, step)} + i * ${step}`, B)],
    from: [rows, 'r'],
    beside: [[SQL`unnest(range(${bins}))`, 'u(i)']],
  });
  // A bin without rows of its own may or may not be a row of the answer.
  const bin = [...ids, B].map((id) => SQL`t.${id}`);
  const withRows = select({ items: [SQL`(${[...ids, own]})`], from: [rows, 'r'] });
  return {
    doubtful: SQL`${bins} < 1`,
    measures: ['p'],
    first: end(SQL`min`),
    last: end(SQL`max`),
    step,
    answer: select({
      items: [...bin, as(percentile, named('p'))],
      from: [windows, 't'],
      where: [SQL`(${bin}) IN ${withRows}`],
      group: [...ids, B],
    }),
  };
}

/** How many sessions begin in each bin: a row after a pause as long as the lookback begins one. */
function sessionCount({ ids, rows, axis, constant }: Timeline): Answer {
  const span = spanOf(axis);
  const [start, end, step, lookback] = [constant(2, axis), constant(3, axis), constant(4, span), constant(5, span)];
  const before = over(SQL`lag(x)`, { partition: [...ids, V], order: X });
  const marked = select({
    items: [ALL, as(SQL`coalesce(x - ${before} >= ${lookback}, TRUE)`, FRESH)],
    from: [rows, 'r'],
    where: [SQL`x >= ${start}`, SQL`x < ${end}`],
  });
  return {
    doubtful: SQL`(x >= ${start} - ${lookback} AND x < ${start}) OR x = ${end}`,
    measures: ['n'],
    first: binned(start, step),
    last: binned(SQL`(${end} - 1)`, step),
    step,
    answer: select({
      items: [...ids, as(binned(X, step), B), COUNT],
      from: [marked, 'r'],
      where: [FRESH],
      group: [...ids, B],
    }),
  };
}

/** Rows and ids of the window that ends with each bin. */
function slidingWindowCounts({ ids, rows, axis, constant }: Timeline): Answer {
  const span = spanOf(axis);
  const [start, end, lookback, step] = [constant(2, axis), constant(3, axis), constant(4, span), constant(5, span)];
  const last = SQL`(${binnedFrom(start, end, step)})`;
  const windows = select({
    items: [ALL, as(SQL`(${binnedFrom(start, X, step)}) + i * ${step}`, B)],
    from: [rows, 'r'],
    beside: [[SQL`unnest(range(${lookback} // ${step}))`, 'u(i)']],
    where: [SQL`x >= ${start}`, SQL`x <= ${end}`],
  });
  const [before, after] = [
    SQL`(x >= ${start} - ${lookback} AND x < ${start})`,
    SQL`(x > ${end} AND x < ${last} + ${step})`,
  ];
  return {
    doubtful: SQL`${before} OR ${after} OR ${lookback} % ${step} <> 0`,
    measures: ['n', 'c'],
    first: start,
    last,
    step,
    answer: select({
      items: [...ids, B, COUNT, DISTINCT],
      from: [windows, 'r'],
      where: [SQL`b <= ${end}`],
      group: [...ids, B],
    }),
  };
}

/** Rows, ids, and ids seen for the first time: in each bin, and up to it. */
function activityMetrics({ ids, rows, axis, constant }: Timeline): Answer {
  const [start, end, step] = [constant(2, axis), constant(3, axis), constant(4, spanOf(axis))];
  const last = SQL`(${binnedFrom(start, end, step)})`;
  const inBins = select({
    items: [ALL, as(binnedFrom(start, X, step), B)],
    from: [rows, 'r'],
    where: [SQL`x >= ${start}`, SQL`x <= ${end}`],
  });
  const marked = select({
    items: [ALL, as(SQL`b = ${over(SQL`min(b)`, { partition: [...ids, V] })}`, FRESH)],
    from: [inBins, 'r'],
  });
  const counted = select({
    items: [...ids, B, COUNT, DISTINCT, SQL`count(DISTINCT CASE WHEN fresh THEN v END) AS f`],
    from: [marked, 'r'],
    group: [...ids, B],
  });
  const sum = over(SQL`sum(f)`, { partition: ids, order: B });
  return {
    doubtful: SQL`x < ${start} OR (x > ${end} AND x < ${last} + ${step})`,
    measures: ['n', 'c', 'f', 'a'],
    first: start,
    last,
    step,
    answer: select({
      items: [...ids, B, ...['n', 'c', 'f'].map(named), as(SQL`(${sum})::BIGINT`, named('a'))],
      from: [counted, 'r'],
    }),
  };
}

/**
 * In each bin the ids that appeared in so many periods of a window that ends with one of their appearances. A recorded
 * answer shows that an appearance a whole window ago is too old; of one that is a period younger the documentation's
 * words and its numbers say different things, so the query stops where a count hangs on that.
 */
function activeUsersCount({ ids, rows, axis, constant }: Timeline): Answer {
  const span = spanOf(axis);
  const [start, end, window, period] = [constant(2, axis), constant(3, axis), constant(4, span), constant(5, span)];
  const [wanted, step] = [constant(6, 'long'), constant(7, span)];
  const seen = select({ items: [...ids, V, X], distinct: true, from: [rows, 'r'] });
  const active = (reach: Sql): Sql => {
    const order = SQL`x RANGE BETWEEN (${reach}) PRECEDING AND CURRENT ROW`;
    return SQL`${over(SQL`count(*)`, { partition: [...ids, V], order })} >= ${wanted}`;
  };
  const marked = select({
    items: [
      ALL,
      as(binnedFrom(start, X, step), B),
      as(active(SQL`greatest(${window} - ${period}, 0)`), named('wide')),
      as(active(SQL`greatest(${window} - 2 * ${period}, 0)`), named('narrow')),
    ],
    from: [seen, 'r'],
  });
  const stop = failureSql(
    'unsupported',
    'The local engine refuses active_users_count() here: a count hangs on an appearance at the far end of its window, which the documentation leaves open.',
  );
  const surely = SQL`count(DISTINCT v) = count(DISTINCT CASE WHEN narrow THEN v END)`;
  return {
    doubtful: SQL`x = ${end} OR x % ${period} <> 0 OR ${start} % ${period} <> 0 OR ${window} % ${period} <> 0`,
    measures: ['c'],
    first: start,
    last: start,
    step,
    sparse: true,
    answer: select({
      items: [...ids, B, as(SQL`CASE WHEN ${surely} THEN count(DISTINCT v) ELSE ${stop} END`, named('c'))],
      from: [marked, 'r'],
      where: [SQL`x >= ${start}`, SQL`x < ${end}`, SQL`wide`],
      group: [...ids, B],
    }),
  };
}

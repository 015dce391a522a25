import type { Expr, Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { INTERSECT_HLL } from '../functions/hllIntersect.ts';
import { failureSql } from './failure.ts';
import { assignIds } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn, selectFrom } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Plugin = Extract<Rel, { kind: 'plugin' }>;
const AXES: ReadonlySet<KqlType> = new Set(['int', 'long', 'datetime', 'timespan']);

/**
 * What a timeline plugin is made of: relations of SQL over the columns `x` (timeline), `v` (id or value) and the
 * dimensions.
 */
interface Answer {
  /** A condition on a row that makes the answer depend on what the documentation leaves open. */
  readonly doubtful: string;
  /** The answer: dimensions, `b` (start of the bin), and its measures, from the rows named. */
  readonly rows: (rows: string) => string;
  readonly measures: readonly string[];
  /** The first and last bin an answer without gaps has. */
  readonly first: string;
  readonly last: string;
  readonly step: string;
}

/** Plugins that need no rows but their own: counts over a timeline, and intersections of hll states. */
export function pluginSql(rel: Plugin, translation: Translation, translator: Translator): Relation {
  return rel.plugin === 'dcount_intersect'
    ? intersectSql(rel, translation, translator)
    : timelineSql(rel, translation, translator);
}

/** Beside every row the distinct count of its first state, of the first two in common, of the first three... */
function intersectSql(rel: Plugin, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const columns = assignIds(rel.columns);
  const lookup = lookupIn(input);
  const states = rel.args.map(
    (arg) => `coalesce(${context.convert(translator.scalar(arg, lookup), 'dynamic').sql}, 'null')`,
  );
  const list = translation.hidden('h');
  const counted = selectFrom(input, [
    ...input.columns.map((c) => `t.${c.id}`),
    `${context.js(INTERSECT_HLL, `'[' || concat_ws(',', ${states.join(', ')}) || ']'`)} AS ${list}`,
  ]);
  const items = columns.map((c, i) =>
    i < input.columns.length
      ? `t.${input.columns[i]!.id} AS ${c.id}`
      : `TRY_CAST(json_extract(t.${list}, '$[${i - input.columns.length}]') AS BIGINT) AS ${c.id}`,
  );
  return {
    from: selectFrom({ ...input, from: counted }, items),
    columns,
    order: input.order,
    partition: input.partition,
  };
}

function timelineSql(rel: Plugin, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  if (input.partition.length > 0) return context.refuse(`${rel.plugin}() inside a subquery`);
  const lookup = lookupIn(input);
  const columns = assignIds(rel.columns);
  const [valueAt, axisAt] = [0, rel.plugin === 'rolling_percentile' ? 2 : 1];
  const axis = translator.scalar(rel.args[axisAt]!, lookup);
  if (!AXES.has(axis.type)) return context.refuse(`${rel.plugin}() over a timeline of type ${axis.type}`);
  const span: KqlType = axis.type === 'datetime' ? 'timespan' : axis.type;
  const constant = (i: number, type: KqlType): string =>
    context.convert(
      translator.scalar(rel.args[i]!, () => undefined),
      type,
    ).sql;
  const value = translator.scalar(rel.args[valueAt]!, lookup);
  const dims = rel.dimensions.map((d, i) => ({ id: `d${i}`, sql: translator.scalar(d, lookup).sql }));
  const ids = dims.map((d) => d.id);
  const rows = translation.share(
    {
      from: `(SELECT ${[`${axis.sql} AS x`, `${value.sql} AS v`, ...dims.map((d) => `${d.sql} AS ${d.id}`)].join(', ')} FROM ${input.from} AS t)`,
      columns: [],
      order: [],
      partition: [],
    },
    true,
  ).from;

  const answer = ((): Answer => {
    switch (rel.plugin) {
      case 'rolling_percentile': {
        const [step, bins] = [constant(3, span), constant(4, 'long')];
        const first = `(SELECT min(${binned('x', step)}) FROM ${rows})`,
          last = `(SELECT max(${binned('x', step)}) FROM ${rows})`;
        const percentile: Expr = {
          kind: 'aggregate',
          name: 'percentile',
          args: [{ kind: 'column', name: 'v', type: value.type }, rel.args[1]!],
          type: columns.at(-1)!.type,
          place: rel.place,
        };
        const sql = translator.scalar(percentile, (name) =>
          name === 'v' ? { sql: 't.v', type: value.type } : undefined,
        ).sql;
        const windows = (from: string): string =>
          `SELECT r.* EXCLUDE (x), ${binned('r.x', step)} + i * ${step} AS b FROM ${from} AS r, unnest(range(${bins})) AS u(i)`;
        // A bin without rows of its own may or may not be a row of the answer.
        const own = list([...ids, 'b']);
        return {
          doubtful: `${bins} < 1`,
          measures: ['p'],
          first,
          last,
          step,
          rows: (from) =>
            `SELECT ${list([...ids.map((d) => `t.${d}`), 't.b', `${sql} AS p`])} FROM (${windows(from)}) AS t WHERE (${own
              .split(', ')
              .map((c) => `t.${c}`)
              .join(', ')}) IN (SELECT (${list([...ids, binned('x', step)])}) FROM ${from}) GROUP BY ${own}`,
        };
      }
      case 'session_count': {
        const [start, end, step, lookback] = [
          constant(2, axis.type),
          constant(3, axis.type),
          constant(4, span),
          constant(5, span),
        ];
        const over = `OVER (PARTITION BY ${list([...ids, 'v'])} ORDER BY x)`;
        return {
          doubtful: `(x >= ${start} - ${lookback} AND x < ${start}) OR x = ${end}`,
          measures: ['n'],
          first: binned(start, step),
          last: binned(`(${end} - 1)`, step),
          step,
          rows: (from) =>
            `SELECT ${list([...ids, `${binned('x', step)} AS b`, 'count(*) AS n'])} FROM (SELECT *, coalesce(x - lag(x) ${over} >= ${lookback}, TRUE) AS fresh FROM ${from} WHERE x >= ${start} AND x < ${end}) WHERE fresh GROUP BY ${list([...ids, 'b'])}`,
        };
      }
      case 'sliding_window_counts': {
        const [start, end, lookback, step] = [
          constant(2, axis.type),
          constant(3, axis.type),
          constant(4, span),
          constant(5, span),
        ];
        const bin = `(${start} + (x - ${start}) // ${step} * ${step})`;
        const last = `(${start} + (${end} - ${start}) // ${step} * ${step})`;
        return {
          doubtful: `(x >= ${start} - ${lookback} AND x < ${start}) OR (x > ${end} AND x < ${last} + ${step}) OR ${lookback} % ${step} <> 0`,
          measures: ['n', 'c'],
          first: start,
          last,
          step,
          rows: (from) =>
            `SELECT ${list([...ids, 'b', 'count(*) AS n', 'count(DISTINCT v) AS c'])} FROM (SELECT *, ${bin} + i * ${step} AS b FROM ${from}, unnest(range(${lookback} // ${step})) AS u(i) WHERE x >= ${start} AND x <= ${end}) WHERE b <= ${end} GROUP BY ${list([...ids, 'b'])}`,
        };
      }
      default: {
        const [start, end, step] = [constant(2, axis.type), constant(3, axis.type), constant(4, span)];
        const last = `(${start} + (${end} - ${start}) // ${step} * ${step})`;
        const by = list(ids);
        return {
          doubtful: `x < ${start} OR (x > ${end} AND x < ${last} + ${step})`,
          measures: ['n', 'c', 'f', 'a'],
          first: start,
          last,
          step,
          rows: (from) =>
            `SELECT ${list([...ids, 'b', 'n', 'c', 'f', `(sum(f) OVER (${by ? `PARTITION BY ${by} ` : ''}ORDER BY b))::BIGINT AS a`])} FROM (SELECT ${list([...ids, 'b', 'count(*) AS n', 'count(DISTINCT v) AS c', 'count(DISTINCT CASE WHEN fresh THEN v END) AS f'])} FROM (SELECT *, b = min(b) OVER (PARTITION BY ${list([...ids, 'v'])}) AS fresh FROM (SELECT *, ${start} + (x - ${start}) // ${step} * ${step} AS b FROM ${from} WHERE x >= ${start} AND x <= ${end})) GROUP BY ${list([...ids, 'b'])})`,
        };
      }
    }
  })();
  const stop = (why: string): string =>
    failureSql('unsupported', `The local engine refuses ${rel.plugin}() here: ${why}`, 'BOOLEAN');
  const checked = `SELECT ${list([`bool_or(${answer.step} <= 0) AS bad`, 'bool_or(x IS NULL OR v IS NULL) AS nulls', `bool_or(${answer.doubtful}) AS doubt`])} FROM ${rows}`;
  const made = translation.share({ from: `(${answer.rows(rows)})`, columns: [], order: [], partition: [] }, true).from;
  const group = ids.length > 0 ? ` GROUP BY ${list(ids)}` : '';
  const gaps = `EXISTS (SELECT 1 FROM (SELECT count(*) AS n, ${answer.first} AS a, ${answer.last} AS z FROM ${made}${group} HAVING count(*) > 0) WHERE n <> (z - a) // ${answer.step} + 1)`;
  const guard = `(SELECT CASE WHEN bad THEN ${stop('its bins are not above zero.')} WHEN nulls THEN ${stop('there are nulls among its ids or times.')} WHEN doubt THEN ${stop('the documentation leaves open what rows just outside of its range, or windows of broken bins, count for.')} WHEN ${gaps} THEN ${stop('there are bins without rows, which the documentation leaves open.')} ELSE TRUE END AS ok FROM (${checked}))`;
  const items = [
    `m.b AS ${columns[0]!.id}`,
    ...ids.map((d, i) => `m.${d} AS ${columns[1 + i]!.id}`),
    ...answer.measures.map((m, i) => `m.${m} AS ${columns[1 + ids.length + i]!.id}`),
  ];
  return {
    from: `(SELECT ${items.join(', ')} FROM ${made} AS m, ${guard} AS g WHERE coalesce(g.ok, TRUE))`,
    columns,
    order: [],
    partition: [],
  };
}
function list(items: readonly string[]): string {
  return items.join(', ');
}
/** The start of the bin a value is in, counted from zero. */
function binned(value: string, step: string): string {
  return `(${value} - ((${value} % ${step}) + ${step}) % ${step})`;
}

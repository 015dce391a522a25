import type { Expr, Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { EmitContext, SqlExpr } from '../functions/contract.ts';
import { SQL } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { select } from '../sql/statement.ts';
import { sqlType } from './relation.ts';
import { failureSql } from './failure.ts';

/** make-series makes no longer arrays than this. */
const MAX_POINTS = 1_048_576;
const AXES: ReadonlySet<KqlType> = new Set(['int', 'long', 'real', 'datetime', 'timespan']);

/** The axis of make-series. Its ends are undefined where the rows say where they are. */
export interface Axis {
  readonly value: Sql;
  readonly type: KqlType;
  readonly step: Sql;
  /** As they are given. */
  readonly from?: Sql | undefined;
  readonly to?: Sql | undefined;
  /** The first step, and the end it does not reach. */
  readonly first?: Sql | undefined;
  readonly last?: Sql | undefined;
}

/** `value` is the axis over the rows; the other expressions are the same for all of them (`constant`). */
export function axisOf(
  rel: Extract<Rel, { kind: 'makeSeries' }>,
  value: SqlExpr,
  constant: (expr: Expr, type: KqlType) => SqlExpr,
  context: EmitContext,
): Axis {
  const { type } = value;
  if (!AXES.has(type)) return context.refuse(`make-series over an axis of type ${type}`);
  const step = stepOf(constant(rel.step, type === 'datetime' ? 'timespan' : type), context);
  const from = rel.from && constant(rel.from, type).sql;
  const to = rel.to && constant(rel.to, type).sql;
  const axis = { value: value.sql, type, step, from, to };
  if (!rel.inclusive) return { ...axis, first: from, last: to };
  return { ...axis, first: from && binned(from, axis), last: to && SQL`(${binned(to, axis)} + ${step})` };
}

/** The step's SQL: above zero, or refused; where only the query knows it, the query fails. */
function stepOf(asked: SqlExpr, context: EmitContext): Sql {
  if (asked.literal === null || (asked.literal !== undefined && !(Number(asked.literal) > 0)))
    return context.refuse(
      `A step of ${asked.literal === null ? 'null' : String(asked.literal)} in make-series`,
      'Give a step above zero.',
    );
  if (asked.literal !== undefined) return asked.sql;
  const stop = failureSql('invalid', 'The step of make-series is not above zero', sqlType(asked.type));
  return SQL`(CASE WHEN ${asked.sql} > 0 THEN ${asked.sql} ELSE ${stop} END)`;
}

/** The start of the step a value is in, counted from zero. */
export function binned(value: Sql, { step, type }: Pick<Axis, 'step' | 'type'>): Sql {
  return type === 'real'
    ? SQL`floor(${value} / ${step}) * ${step}`
    : SQL`(${value} - ((${value} % ${step}) + ${step}) % ${step})`;
}
/** The number of the step a value is in, counted from `start`. */
export function bucket(value: Sql, start: Sql, step: Sql, type: KqlType): Sql {
  return type === 'real'
    ? SQL`floor((${value} - ${start}) / ${step} + 1e-9)::BIGINT`
    : SQL`(${value} - ${start}) // ${step}`;
}

/** How many steps there are, over rows with the columns start, stop and step; the query fails where it is not sure. */
export function stepCount(axis: Axis, doubt: Sql | undefined): Sql {
  const points = pointsOf(axis);
  const bounded = axis.first !== undefined && axis.last !== undefined;
  const cases = [
    ...(bounded
      ? [
          SQL`WHEN start IS NULL OR stop IS NULL THEN ${failureSql('invalid', 'An end of the axis of make-series is null')}`,
        ]
      : []),
    SQL`WHEN ${points} > ${MAX_POINTS} THEN ${failureSql('limit', `make-series is limited to ${MAX_POINTS} points`)}`,
    ...(doubt ? [SQL`WHEN ${doubt} THEN ${failureSql('unsupported', DOUBT)}`] : []),
  ].reduce((all, one) => SQL`${all} ${one}`);
  return SQL`CASE ${cases} ELSE greatest(coalesce(${points}, 0), 0) END`;
}
function pointsOf({ type, last }: Axis): Sql {
  // Without an end the last step is that of the last row, which counts.
  if (type === 'real')
    return last === undefined
      ? SQL`floor((stop - start) / step + 1e-9)::BIGINT + 1`
      : SQL`ceil((stop - start) / step - 1e-9)::BIGINT`;
  return last === undefined ? SQL`(stop - start) // step + 1` : SQL`(stop - start + step - 1) // step`;
}
const DOUBT =
  'The local engine refuses make-series ... in range() with ends that are not multiples of its step, or rows just beside them; use from and to';

/**
 * The documentation of in range() leaves open whether rows just beside its ends count, and where the last step is when
 * the ends stand askew. `at` is the axis in `rows`, which are called `t`.
 */
export function isDoubtful(axis: Axis, rows: Sql, at: Sql): Sql | undefined {
  const { from, to, first } = axis;
  if (!from || !to || !first) return undefined;
  const beside = select({
    items: [SQL`count(*)`],
    from: [rows, 't'],
    where: [SQL`${at} < ${from} OR ${at} > ${to}`],
  });
  return SQL`${to} - ${binned(to, axis)} < ${from} - ${first} OR ${beside} > 0`;
}

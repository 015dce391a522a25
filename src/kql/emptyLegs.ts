import type { Column } from '../model/kqlType.ts';
import { columnsUsed, inputsOf, LEAVES } from './prune.ts';
import type { Expr, Plan, Rel } from './plan.ts';

type Union = Extract<Rel, { kind: 'union' }>;
/** From this many legs on, a union is worth asking which of them have rows. */
const MANY_LEGS = 9;
/**
 * A plan without legs that have no rows: a result has only the columns somebody fills, `columns` are all of each result
 * in their order.
 */
export interface SlimPlan {
  readonly plan: Plan;
  readonly columns: readonly (readonly Column[])[];
}

/** The unions of many legs in a plan. */
export function wideUnions(plan: Plan): Union[] {
  const seen = new Set<Rel>();
  const visit = (rel: Rel): void => {
    if (seen.has(rel)) return;
    seen.add(rel);
    for (const input of inputsOf(rel)) visit(input);
  };
  for (const { rel } of plan.results) visit(rel);
  return [...seen].filter((rel): rel is Union => rel.kind === 'union' && rel.inputs.length >= MANY_LEGS);
}
/** The one table all rows of a leg come from, where it only filters and shapes them. */
export function tableOfLeg(rel: Rel): Extract<Rel, { kind: 'table' }> | undefined {
  return rel.kind === 'table'
    ? rel
    : rel.kind === 'filter' || rel.kind === 'project'
      ? tableOfLeg(rel.input)
      : undefined;
}

/**
 * Takes the legs in `empty` out of the unions they are in: `search *` over a workspace with a thousand tables has a few
 * dozen with rows, and of their eight thousand columns some hundred.
 */
export function withoutLegs(plan: Plan, empty: ReadonlySet<Rel>): SlimPlan {
  const columns = plan.results.map(({ rel }) => rel.columns);
  if (empty.size === 0) return { plan, columns };
  const slims = new Map<Rel, Slim>();
  const wholes = new Map<Rel, Rel>();
  const slim = (rel: Rel): Slim => keep(slims, rel, slimmed);
  const whole = (rel: Rel): Rel => keep(wholes, rel, () => restored(slim(rel), rel.columns));
  // Relations inside expressions and of other operators are wanted with all their columns; one object stays one object,
  // as it is evaluated once.
  const deep = <T>(value: T): T => {
    if (Array.isArray(value)) return value.map((item: unknown) => deep(item)) as T;
    if (typeof value !== 'object' || value === null) return value;
    if ('columns' in value && 'place' in value && 'kind' in value) return whole(value as unknown as Rel) as T;
    return fields(value);
  };
  const fields = <T extends object>(value: T): T =>
    Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, LEAVES.has(key) ? inner : deep<unknown>(inner)]),
    ) as T;
  function slimmed(rel: Rel): Slim {
    switch (rel.kind) {
      case 'union': {
        if (rel.inputs.length < MANY_LEGS) return { rel: fields(rel), absent: NONE };
        const legs = rel.inputs.filter((leg) => !empty.has(leg.rel));
        const offset = rel.source === undefined ? 0 : 1;
        const filled = new Set(legs.flatMap((leg) => leg.target.filter((to) => to >= 0).map((to) => to + offset)));
        if (offset === 1) filled.add(0);
        const kept = rel.columns.flatMap((c, i) => (filled.has(i) ? [{ c, i }] : []));
        const moved = new Map(kept.map(({ i }, at) => [i - offset, at - offset]));
        const inputs = legs.map((leg) => ({
          ...leg,
          rel: whole(leg.rel),
          target: leg.target.map((to) => moved.get(to) ?? -1),
        }));
        return {
          rel: { ...rel, inputs, columns: kept.map(({ c }) => c) },
          absent: rel.columns.filter((_, i) => !filled.has(i)),
        };
      }
      case 'filter':
      case 'sort':
      case 'take': {
        const { rel: input, absent } = used(
          slim(rel.input),
          rel.input.columns,
          rel.kind === 'filter' ? [rel.condition] : rel.keys.map((k) => k.expr),
        );
        const { input: _, ...own } = rel;
        return { rel: { ...fields(own), input, columns: input.columns } as Rel, absent };
      }
      case 'materialize':
      case 'serialize': {
        const { rel: input, absent } = slim(rel.input);
        return { rel: { ...rel, input, columns: input.columns }, absent };
      }
      case 'project': {
        const before = slim(rel.input);
        const gone = new Set(before.absent.map((c) => c.name));
        const dropped = new Set(rel.items.filter(({ expr }) => expr.kind === 'column' && gone.has(expr.name)));
        const items = rel.items.filter((item) => !dropped.has(item));
        const { rel: input } = used(
          before,
          rel.input.columns,
          items.map((i) => i.expr),
        );
        return {
          rel: {
            ...rel,
            input,
            items: items.map((item) => ({ ...item, expr: deep(item.expr) })),
            columns: items.map((i) => i.column),
          },
          absent: [...dropped].map((i) => i.column),
        };
      }
      default:
        return { rel: fields(rel), absent: NONE };
    }
  }
  return { plan: { ...plan, results: plan.results.map(({ name, rel }) => ({ name, rel: slim(rel).rel })) }, columns };
}
/**
 * A question after the legs whose rows come through to a result, where it is a union that is filtered, sorted, cut and
 * shaped row by row:
 * its only column names them by number. Undefined where an operator on the way looks at other rows too.
 */
export function contributingLegs(result: Rel): { readonly plan: Plan; readonly legs: readonly Rel[] } | undefined {
  let legs: readonly Rel[] | undefined;
  const number: Column = { name: '#leg', type: 'long' };
  const numbered = (rel: Rel): Rel | undefined => {
    if (rel.kind === 'union' && rel.inputs.length >= MANY_LEGS) {
      legs = rel.inputs.map((leg) => leg.rel);
      const inputs = rel.inputs.map((leg, i) => {
        const items = [
          ...leg.rel.columns.map((column) => ({ column, expr: { kind: 'column', ...column } as const })),
          { column: number, expr: { kind: 'literal', type: 'long', value: BigInt(i) } as const },
        ];
        return {
          ...leg,
          rel: {
            kind: 'project',
            input: leg.rel,
            items,
            columns: [...leg.rel.columns, number],
            place: rel.place,
          } as const,
          target: [...leg.target, rel.columns.length - (rel.source === undefined ? 0 : 1)],
        };
      });
      return { ...rel, inputs, columns: [...rel.columns, number] };
    }
    if (rel.kind !== 'filter' && rel.kind !== 'sort' && rel.kind !== 'take' && rel.kind !== 'project') return undefined;
    const exprs =
      rel.kind === 'filter'
        ? [rel.condition]
        : rel.kind === 'project'
          ? rel.items.map((i) => i.expr)
          : rel.keys.map((k) => k.expr);
    const input = exprs.some(looksAround) ? undefined : numbered(rel.input);
    if (!input) return undefined;
    return {
      ...rel,
      input,
      columns: [...rel.columns, number],
      ...(rel.kind === 'project'
        ? { items: [...rel.items, { column: number, expr: { kind: 'column', ...number } }] }
        : {}),
    } as Rel;
  };
  const rel = numbered(result);
  if (!rel || !legs) return undefined;
  const key = { column: number, expr: { kind: 'column', ...number } as const };
  return {
    plan: {
      results: [
        {
          name: 'legs',
          rel: { kind: 'aggregate', input: rel, keys: [key], items: [], columns: [number], place: result.place },
        },
      ],
    },
    legs,
  };
}
const AROUND = /^(prev|next|row_|rand$|new_guid$)/;
function looksAround(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call':
      return AROUND.test(expr.name) || expr.args.some(looksAround);
    case 'convert':
    case 'inQuery':
      return looksAround(expr.value);
    case 'inArray':
      return looksAround(expr.value) || looksAround(expr.array);
    default:
      return false;
  }
}

function keep<T>(known: Map<Rel, T>, rel: Rel, make: (rel: Rel) => T): T {
  const found = known.get(rel);
  if (found !== undefined) return found;
  const made = make(rel);
  known.set(rel, made);
  return made;
}

interface Slim {
  readonly rel: Rel;
  readonly absent: readonly Column[];
}
const NONE: readonly Column[] = [];

/** The rows with those of the absent columns that expressions look at, in the order of `all`. */
function used({ rel, absent }: Slim, all: readonly Column[], exprs: readonly Expr[]): Slim {
  const names = absent.length === 0 ? undefined : new Set(exprs.flatMap(columnsUsed));
  if (!names || !absent.some((c) => names.has(c.name))) return { rel, absent };
  const still = absent.filter((c) => !names.has(c.name));
  return {
    rel: restored(
      { rel, absent },
      all.filter((c) => !still.some((gone) => gone.name === c.name)),
    ),
    absent: still,
  };
}
/** The rows with all of `columns`, absent ones without a value. */
function restored({ rel, absent }: Slim, columns: readonly Column[]): Rel {
  if (absent.length === 0) return rel;
  const missing = new Set(absent.map((c) => c.name));
  const items = columns.map((column) => ({
    column,
    expr: missing.has(column.name)
      ? ({ kind: 'literal', type: column.type, value: column.type === 'string' ? '' : null } as const)
      : ({ kind: 'column', ...column } as const),
  }));
  return { kind: 'project', input: rel, items, columns, place: rel.place };
}

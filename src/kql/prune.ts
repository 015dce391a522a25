import type { Expr, Plan, Rel } from './plan.ts';

/** Unions of fewer legs are left as they are: the database drops unused columns well enough. */
const MANY_LEGS = 8;
type Need = Set<string> | 'all';

/**
 * Takes from wide unions (`union *`, `search *`) the columns nothing above them asks for. Plans without one come back
 * as they are.
 */
export function pruneUnions(plan: Plan): Plan {
  const roots = plan.results.map((r) => r.rel);
  if (!roots.some((rel) => hasWideUnion(rel, new Set()))) return plan;
  const needs = new Map<Rel, Need>();
  for (const rel of roots) collect(rel, 'all', needs);
  const made = new Map<Rel, Rel>();
  return { ...plan, results: plan.results.map((r) => ({ ...r, rel: rewrite(r.rel, needs, made) })) };
}

function hasWideUnion(rel: Rel, seen: Set<Rel>): boolean {
  if (seen.has(rel)) return false;
  seen.add(rel);
  return (
    (rel.kind === 'union' && rel.inputs.length > MANY_LEGS) || inputsOf(rel).some((input) => hasWideUnion(input, seen))
  );
}

/** What each node's rows are asked for, over all that stand on it. */
function collect(rel: Rel, asked: Need, needs: Map<Rel, Need>): void {
  const before = needs.get(rel);
  const now: Need = asked === 'all' || before === 'all' ? 'all' : new Set([...(before ?? []), ...asked]);
  if (before !== undefined && before !== 'all' && now !== 'all' && before.size === now.size) return;
  if (before === 'all') return;
  needs.set(rel, now);
  const exprs: Expr[] = [];
  switch (rel.kind) {
    case 'filter':
      exprs.push(rel.condition);
      collect(rel.input, plus(now, exprs), needs);
      break;
    case 'project': {
      const items = now === 'all' ? rel.items : rel.items.filter((i) => now.has(i.column.name));
      exprs.push(...items.map((i) => i.expr));
      collect(rel.input, plus(new Set(), exprs), needs);
      break;
    }
    case 'aggregate':
      exprs.push(...rel.keys.map((k) => k.expr), ...rel.items.map((i) => i.expr));
      collect(rel.input, plus(new Set(), exprs), needs);
      break;
    case 'sort':
      exprs.push(...rel.keys.map((k) => k.expr));
      collect(rel.input, plus(now, exprs), needs);
      break;
    case 'take':
      exprs.push(rel.count, ...rel.keys.map((k) => k.expr));
      collect(rel.input, plus(now, exprs), needs);
      break;
    case 'makeSeries': {
      exprs.push(
        rel.axis.expr,
        ...rel.items.flatMap((i) => [i.expr, ...(i.fill ? [i.fill] : [])]),
        ...rel.keys.map((k) => k.expr),
        rel.step,
        ...(rel.from ? [rel.from] : []),
        ...(rel.to ? [rel.to] : []),
      );
      collect(rel.input, plus(new Set(), exprs), needs);
      break;
    }
    case 'materialize':
    case 'serialize':
      collect(rel.input, now, needs);
      break;
    case 'union':
      for (const leg of rel.inputs)
        collect(
          leg.rel,
          now === 'all'
            ? 'all'
            : new Set(
                leg.rel.columns
                  .filter((_, i) => leg.target[i]! >= 0 && now.has(unionColumn(rel, leg.target[i]!)))
                  .map((c) => c.name),
              ),
          needs,
        );
      break;
    default:
      for (const input of inputsOf(rel)) collect(input, 'all', needs);
      return;
  }
  for (const sub of exprs.flatMap(subqueries)) collect(sub, 'all', needs);
}
function unionColumn(rel: Extract<Rel, { kind: 'union' }>, target: number): string {
  return rel.columns[target + (rel.source === undefined ? 0 : 1)]!.name;
}
function plus(need: Need, exprs: readonly Expr[]): Need {
  return need === 'all' ? 'all' : new Set([...need, ...exprs.flatMap(columnsUsed)]);
}
/** The columns of its row an expression looks at. */
export function columnsUsed(expr: Expr): string[] {
  switch (expr.kind) {
    case 'column':
      return [expr.name];
    case 'call':
    case 'aggregate':
      return expr.args.flatMap(columnsUsed);
    case 'convert':
    case 'inQuery':
      return columnsUsed(expr.value);
    case 'inArray':
      return [...columnsUsed(expr.value), ...columnsUsed(expr.array)];
    default:
      return [];
  }
}
function subqueries(expr: Expr): Rel[] {
  switch (expr.kind) {
    case 'subquery':
      return [expr.rel];
    case 'inQuery':
      return [expr.rel, ...subqueries(expr.value)];
    case 'call':
    case 'aggregate':
      return expr.args.flatMap(subqueries);
    case 'convert':
      return subqueries(expr.value);
    case 'inArray':
      return [...subqueries(expr.value), ...subqueries(expr.array)];
    default:
      return [];
  }
}

const inputs = new WeakMap<object, readonly Rel[]>();
/**
 * Every tabular expression a node stands on, those inside its expressions too. Nodes never change, so each is looked
 * through once.
 */
export function inputsOf(node: object): readonly Rel[] {
  let known = inputs.get(node);
  if (!known) inputs.set(node, (known = findInputs(node)));
  return known;
}
function findInputs(node: object): Rel[] {
  const found: Rel[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if ('columns' in value && 'place' in value && 'kind' in value) {
      found.push(value as Rel);
      return;
    }
    for (const [key, inner] of Object.entries(value)) if (!LEAVES.has(key)) visit(inner);
  };
  for (const [key, inner] of Object.entries(node)) if (!LEAVES.has(key)) visit(inner);
  return found;
}
/** Parts of a node that hold no tabular expression to go into. */
export const LEAVES: ReadonlySet<string> = new Set([
  'columns',
  'place',
  'table',
  'database',
  'column',
  'outputs',
  'rightColumns',
  'target',
  'subject',
]);

function rewrite<T extends Rel>(rel: T, needs: ReadonlyMap<Rel, Need>, made: Map<Rel, Rel>): Rel {
  const done = made.get(rel);
  if (done) return done;
  const deep = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    if ('columns' in value && 'place' in value && 'kind' in value) return rewrite(value as Rel, needs, made);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, LEAVES.has(key) ? inner : deep(inner)]),
    );
  };
  const need = needs.get(rel) ?? 'all';
  let next = Object.fromEntries(
    Object.entries(rel).map(([key, inner]) => [key, LEAVES.has(key) ? inner : deep(inner)]),
  ) as unknown as Rel;
  const keeps = (name: string): boolean => need === 'all' || need.has(name);
  if (next.kind === 'union' && rel.kind === 'union') {
    const offset = rel.source === undefined ? 0 : 1;
    const kept = rel.columns.map((c, i) => ({ c, i })).filter(({ c, i }) => (offset === 1 && i === 0) || keeps(c.name));
    const place = new Map(kept.map(({ i }, at) => [i - offset, at - offset]));
    // Legs may have lost columns too: targets follow their names.
    const inputs = next.inputs.map((leg, k) => ({
      ...leg,
      target: leg.rel.columns.map(
        (c) =>
          place.get(rel.inputs[k]!.target[rel.inputs[k]!.rel.columns.findIndex((own) => own.name === c.name)]!) ?? -1,
      ),
    }));
    next = { ...next, inputs, columns: kept.map(({ c }) => c) };
  } else if (next.kind === 'project') {
    const items = next.items.filter((i) => keeps(i.column.name));
    next = { ...next, items, columns: items.map((i) => i.column) };
  } else if (
    next.kind === 'filter' ||
    next.kind === 'sort' ||
    next.kind === 'take' ||
    next.kind === 'materialize' ||
    next.kind === 'serialize'
  )
    next = { ...next, columns: next.input.columns };
  made.set(rel, next);
  return next;
}

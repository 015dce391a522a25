import type { Expr, Rel } from '../plan.ts';
import { columnNames, columnRef, isAttribution, isOfTarget } from './expressions.ts';
import { isConstant } from './pushing.ts';
import type { Split, Splitting, Spread } from './splitting.ts';

/** An operator on one row at a time whose input's columns pass through it. */
export function spreadRowWise(
  rel: Extract<Rel, { kind: 'mvExpand' | 'parse' | 'parseKv' | 'spread' | 'bagUnpack' }>,
  input: Spread,
  splitter: Splitting,
): Split | undefined {
  const shaped = splitter.shaped(input);
  if (!shaped) return undefined;
  // The operator knows its input by the names that the remote part has for it.
  const renamed = shaped.outs.some(
    ({ column, expr }) => expr.kind === 'column' && !isAttribution(expr.name) && expr.name !== column.name,
  );
  const ofTarget = new Map(shaped.outs.filter(({ expr }) => isOfTarget(expr)).map((out) => [out.column.name, out]));
  const exprs = exprsOf(rel);
  const made = new Set(madeBy(rel));
  if (
    renamed ||
    !splitter.pushing.allowsOperator(rel) ||
    !exprs.every((expr) => splitter.pushing.allows(expr)) ||
    exprs.some((expr) => columnNames(expr).some((name) => ofTarget.has(name))) ||
    [...ofTarget.keys()].some((name) => made.has(name))
  )
    return undefined;
  const columns = rel.columns.filter(({ name }) => !ofTarget.has(name));
  if (columns.some(({ name }) => isAttribution(name))) return undefined;
  return {
    kind: 'spread',
    remote: { ...rel, input: shaped.remote, columns } as Rel,
    outs: rel.columns.map((column) => ofTarget.get(column.name) ?? { column, expr: columnRef(column) }),
    conditions: shaped.conditions,
  };
}

/** A union of spread rows is spread, where each leg has attribution or none has. */
export function spreadUnion(rel: Extract<Rel, { kind: 'union' }>, splitter: Splitting): Split | undefined {
  const { pushing } = splitter;
  const names = [...rel.columns, ...(rel.source === undefined ? [] : rel.inputs)].map(({ name }) => name);
  if (names.some((name) => pushing.nameOf(name) !== name)) return undefined;
  const legs: Spread[] = [];
  for (const { rel: leg } of rel.inputs) {
    const split = splitter.split(leg);
    const shaped = split.kind === 'spread' ? splitter.shaped(split) : undefined;
    if (!shaped || shaped.conditions.length > 0) return undefined;
    legs.push(shaped);
  }
  const offset = rel.source === undefined ? 0 : 1;
  // Columns that every leg has as the same attribution need not be sent; others that are no column would.
  const ofTarget = new Map<number, Expr>();
  for (const [k, leg] of legs.entries())
    for (const [i, { column, expr }] of leg.outs.entries()) {
      if (!isOfTarget(expr)) continue;
      if (expr.kind !== 'column' || expr.name !== column.name) return undefined;
      ofTarget.set(rel.inputs[k]!.target[i]! + offset, expr);
    }
  ofTarget.delete(offset - 1);
  const everywhere = [...ofTarget].every(([at, expr]) =>
    legs.every((leg, k) =>
      leg.outs.some(
        (out, i) =>
          rel.inputs[k]!.target[i]! + offset === at &&
          out.expr.kind === 'column' &&
          out.expr.name === (expr as { name?: string }).name,
      ),
    ),
  );
  if (!everywhere) return undefined;
  const kept = rel.columns.flatMap((column, i) => (ofTarget.has(i) ? [] : [{ column, i }]));
  if (kept.some(({ column }) => isAttribution(column.name))) return undefined;
  const moved = new Map(kept.map(({ i }, at) => [i - offset, at - offset]));
  const inputs = legs.map((leg, k) => ({
    ...rel.inputs[k]!,
    rel: leg.remote,
    target: leg.outs.flatMap(({ expr }, i) => (isOfTarget(expr) ? [] : [moved.get(rel.inputs[k]!.target[i]!) ?? -1])),
  }));
  return {
    kind: 'spread',
    remote: { ...rel, inputs, columns: kept.map(({ column }) => column) },
    outs: rel.columns.map((column, i) => ({ column, expr: ofTarget.get(i) ?? columnRef(column) })),
    conditions: [],
  };
}

/** Kinds of join that never look at two rows of the left side together, nor at what the right side has alone. */
const ROW_WISE_JOINS: ReadonlySet<string> = new Set(['inner', 'leftouter', 'leftsemi', 'leftanti']);

/** A join with rows that are the same everywhere looks at one row of the left at a time. */
export function spreadJoin(rel: Extract<Rel, { kind: 'join' }>, splitter: Splitting): Split | undefined {
  if (!ROW_WISE_JOINS.has(rel.flavor) || !isConstant(rel.right) || !splitter.pushing.allowsRel(rel.right))
    return undefined;
  return splitter.ofSpread(rel.left, (input) => {
    const shaped = splitter.shaped(input);
    if (!shaped || shaped.conditions.length > 0) return undefined;
    const ofTarget = new Map(shaped.outs.filter(({ expr }) => isOfTarget(expr)).map((out) => [out.column.name, out]));
    const passes = shaped.outs.every(
      ({ column, expr }) => ofTarget.has(column.name) || (expr.kind === 'column' && expr.name === column.name),
    );
    if (!passes || !rel.on.every(([left, right]) => splitter.pushing.allows(left) && splitter.pushing.allows(right)))
      return undefined;
    if (rel.on.some(([left]) => columnNames(left).some((name) => ofTarget.has(name)))) return undefined;
    // Left columns keep their names and places in a join; those of the target stand before the same ones again.
    const width = rel.left.columns.length;
    const columns = rel.columns.filter((column, i) => i >= width || !ofTarget.has(column.name));
    if (columns.some(({ name }) => isAttribution(name))) return undefined;
    return {
      kind: 'spread',
      remote: { ...rel, left: shaped.remote, columns },
      outs: rel.columns.map(
        (column, i) => (i < width ? ofTarget.get(column.name) : undefined) ?? { column, expr: columnRef(column) },
      ),
      conditions: [],
    };
  });
}

/** Names of the columns that an operator on one row at a time makes, or makes anew. */
function madeBy(rel: Extract<Rel, { kind: 'mvExpand' | 'parse' | 'parseKv' | 'spread' | 'bagUnpack' }>): string[] {
  switch (rel.kind) {
    case 'mvExpand':
      return [...rel.items.map(({ column }) => column.name), ...(rel.indexName === undefined ? [] : [rel.indexName])];
    case 'parse':
      return rel.parts.flatMap((part) => (part.kind === 'column' ? [part.column.name] : []));
    case 'parseKv':
      return rel.keys.map(({ name }) => name);
    case 'spread':
      return rel.outputs.map(({ name }) => name);
    case 'bagUnpack':
      return rel.outputs.map(({ column }) => column.name);
  }
}

/** The scalar expressions of an operator on one row at a time. */
function exprsOf(rel: Extract<Rel, { kind: 'mvExpand' | 'parse' | 'parseKv' | 'spread' | 'bagUnpack' }>): Expr[] {
  switch (rel.kind) {
    case 'mvExpand':
      return [...rel.items.map(({ expr }) => expr), ...(rel.limit ? [rel.limit] : [])];
    case 'parse':
    case 'parseKv':
      return [rel.value];
    case 'spread':
      return [rel.expr];
    case 'bagUnpack':
      return [rel.bag];
  }
}

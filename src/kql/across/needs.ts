import type { Expr, Rel } from '../plan.ts';
import { inputsOf } from '../prune.ts';
import { columnNames, relsOf } from './expressions.ts';

/** Columns of some rows that what stands on them looks at. */
export type Need = ReadonlySet<string> | 'all';

/** What is asked of every tabular expression below a result, of which these columns are wanted. */
export function needsOf(result: Rel, wanted: Need = 'all'): ReadonlyMap<Rel, Need> {
  const needs = new Map<Rel, Need>();
  ask(result, wanted, needs);
  return needs;
}

function ask(rel: Rel, wanted: Need, needs: Map<Rel, Need>): void {
  const before = needs.get(rel);
  const asked = atLeastOne(rel, wanted);
  const now: Need = asked === 'all' || before === 'all' ? 'all' : new Set([...(before ?? []), ...asked]);
  if (before === 'all' || (before !== undefined && now !== 'all' && before.size === now.size)) return;
  needs.set(rel, now);
  const plus = (exprs: readonly Expr[], need: Need = new Set()): Need =>
    need === 'all' ? 'all' : new Set([...need, ...exprs.flatMap(columnNames)]);
  const keeps = (name: string): boolean => now === 'all' || now.has(name);
  const within = (exprs: readonly Expr[]): void => {
    // `in` and `toscalar` look at the first column, which stays before all others.
    for (const inner of exprs.flatMap(relsOf))
      ask(inner, new Set(inner.columns.slice(0, 1).map(({ name }) => name)), needs);
  };
  switch (rel.kind) {
    case 'filter':
      within([rel.condition]);
      return ask(rel.input, plus([rel.condition], now), needs);
    case 'project': {
      const exprs = rel.items.filter(({ column }) => keeps(column.name)).map(({ expr }) => expr);
      within(exprs);
      return ask(rel.input, plus(exprs), needs);
    }
    case 'aggregate': {
      const exprs = [...rel.keys, ...rel.items].map(({ expr }) => expr);
      within(exprs);
      return ask(rel.input, plus(exprs), needs);
    }
    case 'makeSeries': {
      const { axis, items, keys, step, from, to } = rel;
      const exprs = [axis, ...items, ...keys].map(({ expr }) => expr);
      const all = [...exprs, ...items.flatMap(({ fill }) => fill ?? []), step, ...[from, to].flatMap((e) => e ?? [])];
      within(all);
      return ask(rel.input, plus(all), needs);
    }
    case 'sort':
    case 'take': {
      const exprs = rel.keys.map(({ expr }) => expr);
      within(exprs);
      return ask(rel.input, plus(exprs, now), needs);
    }
    case 'sample':
    case 'serialize':
    case 'materialize':
      return ask(rel.input, now, needs);
    case 'mvExpand':
    case 'parse':
    case 'parseKv': {
      const exprs =
        rel.kind === 'mvExpand'
          ? [...rel.items.map(({ expr }) => expr), ...(rel.limit ? [rel.limit] : [])]
          : [rel.value];
      const made = new Set(
        rel.kind === 'mvExpand'
          ? rel.items.map(({ column }) => column.name)
          : rel.columns.filter(({ name }) => !rel.input.columns.some((c) => c.name === name)).map(({ name }) => name),
      );
      const passing = now === 'all' ? 'all' : new Set([...now].filter((name) => !made.has(name)));
      within(exprs);
      return ask(rel.input, plus(exprs, passing), needs);
    }
    case 'union': {
      const offset = rel.source === undefined ? 0 : 1;
      for (const { rel: leg, target } of rel.inputs) {
        const wanted = leg.columns.filter((_, i) => target[i]! >= 0 && keeps(rel.columns[target[i]! + offset]!.name));
        ask(leg, now === 'all' ? 'all' : new Set(wanted.map(({ name }) => name)), needs);
      }
      return;
    }
    case 'join':
      return askSides(rel, keeps, needs);
    default:
      for (const input of inputsOf(rel)) ask(input, 'all', needs);
  }
}

/** Rows count where nothing of them is looked at: of what lists its columns one is kept, the same as by `narrow`. */
function atLeastOne(rel: Rel, wanted: Need): Need {
  const first = rel.columns[0]?.name;
  const lists = rel.kind === 'project' || rel.kind === 'union' || rel.kind === 'table';
  if (!lists || wanted === 'all' || first === undefined || rel.columns.some(({ name }) => wanted.has(name)))
    return wanted;
  return new Set([first]);
}

function askSides(rel: Extract<Rel, { kind: 'join' }>, keeps: (name: string) => boolean, needs: Map<Rel, Need>): void {
  const ofLeft = new Set(rel.on.flatMap(([left]) => columnNames(left)));
  const ofRight = new Set(rel.on.flatMap(([, right]) => columnNames(right)));
  const side = /^(left|right)(semi|anti)$/.exec(rel.flavor)?.[1];
  const left = side === 'right' ? [] : rel.left.columns;
  const right = side === 'left' ? [] : side === 'right' ? rel.right.columns : rel.rightColumns;
  left.forEach(({ name }, i) => keeps(rel.columns[i]!.name) && ofLeft.add(name));
  right.forEach(({ name }, i) => keeps(rel.columns[left.length + i]!.name) && ofRight.add(name));
  ask(rel.left, ofLeft, needs);
  ask(rel.right, ofRight, needs);
}

import type { Column } from '../../model/kqlType.ts';
import type { Rel } from '../plan.ts';
import { LEAVES } from '../prune.ts';
import { needsOf } from './needs.ts';
import type { Need } from './needs.ts';

/**
 * The same rows with no more columns on the way than something looks at, from the tables on: a workspace then need not
 * have the others. All of `wanted` come; others of the result may.
 */
export function narrow(result: Rel, wanted: Need): Rel {
  const needs = needsOf(result, wanted);
  const made = new Map<Rel, Rel>();
  const rewrite = (rel: Rel): Rel => {
    let known = made.get(rel);
    if (!known) made.set(rel, (known = rewritten(rel)));
    return known;
  };
  const deep = <T>(value: T): T => {
    if (Array.isArray(value)) return value.map((item: unknown) => deep(item)) as T;
    if (typeof value !== 'object' || value === null) return value;
    if ('columns' in value && 'place' in value && 'kind' in value) return rewrite(value as unknown as Rel) as T;
    return fields(value);
  };
  const fields = <T extends object>(value: T): T =>
    Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, LEAVES.has(key) ? inner : deep<unknown>(inner)]),
    ) as T;
  const rewritten = (rel: Rel): Rel => {
    const need = needs.get(rel) ?? 'all';
    const keeps = ({ name }: Column): boolean => need === 'all' || need.has(name);
    switch (rel.kind) {
      case 'table': {
        // Rows count even where nothing of them is looked at.
        const columns = rel.columns.filter(keeps);
        return columns.length === rel.columns.length
          ? rel
          : { ...rel, columns: columns.length > 0 ? columns : rel.columns.slice(0, 1) };
      }
      case 'project': {
        const kept = rel.items.filter(({ column }) => keeps(column));
        const items = kept.length > 0 ? kept : rel.items.slice(0, 1);
        return { ...fields(rel), items: deep(items), columns: items.map(({ column }) => column) };
      }
      case 'filter':
      case 'sort':
      case 'take':
      case 'sample':
      case 'serialize':
      case 'materialize': {
        const next = fields(rel);
        return { ...next, columns: next.input.columns };
      }
      case 'mvExpand':
      case 'parse':
      case 'parseKv': {
        const next = fields(rel);
        const own = new Set(next.input.columns.map(({ name }) => name));
        const before = new Set(rel.input.columns.map(({ name }) => name));
        return { ...next, columns: rel.columns.filter(({ name }) => own.has(name) || !before.has(name)) };
      }
      case 'union':
        return narrowUnion(rel, fields(rel), keeps);
      case 'join':
        return narrowJoin(rel, fields(rel));
      default:
        return fields(rel);
    }
  };
  return rewrite(result);
}

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

function narrowUnion(rel: Of<'union'>, next: Of<'union'>, keeps: (column: Column) => boolean): Rel {
  const offset = rel.source === undefined ? 0 : 1;
  const some = rel.columns.flatMap((column, i) => (i < offset || keeps(column) ? [i] : []));
  const kept = some.length > 0 ? some : [0];
  const moved = new Map(kept.map((i, at) => [i - offset, at - offset]));
  const inputs = next.inputs.map((leg, k) => {
    const before = rel.inputs[k]!;
    const target = leg.rel.columns.map(({ name }) => {
      const at = before.target[before.rel.columns.findIndex((column) => column.name === name)] ?? -1;
      return moved.get(at) ?? -1;
    });
    return { ...leg, target };
  });
  return { ...next, inputs, columns: kept.map((i) => rel.columns[i]!) };
}

/** Columns of a join stand by their places: those whose own are gone go. */
function narrowJoin(rel: Of<'join'>, next: Of<'join'>): Rel {
  const side = /^(left|right)(semi|anti)$/.exec(rel.flavor)?.[1];
  const has = (input: Rel, name: string): boolean => input.columns.some((column) => column.name === name);
  const left = side === 'right' ? [] : rel.left.columns.map(({ name }) => has(next.left, name));
  const rightColumns = rel.rightColumns.filter(({ name }) => has(next.right, name));
  const origin = side === 'left' ? [] : side === 'right' ? rel.right.columns : rel.rightColumns;
  const right = origin.map(({ name }) => has(next.right, name));
  const stays = [...left, ...right];
  return { ...next, rightColumns, columns: rel.columns.filter((_, i) => stays[i]) };
}

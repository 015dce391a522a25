import type { Rel } from '../plan.ts';
import type { Column } from '../../model/kqlType.ts';
import { columnRef } from './expressions.ts';

/**
 * The same rows, with whose they are: where each row of the result is a row of a table, filtered, shaped, ordered or
 * picked, these columns come through although the query does not name them. Undefined where they are gone: groups,
 * distinct values and joined rows belong to nobody in particular.
 */
export function attributed(rel: Rel, whose: readonly Column[]): Rel | undefined {
  switch (rel.kind) {
    case 'table':
      return whose.every(({ name }) => rel.columns.some((column) => column.name === name)) ? rel : undefined;
    case 'project': {
      const input = attributed(rel.input, whose);
      if (!input) return undefined;
      const missing = whose.filter(({ name }) => !rel.columns.some((column) => column.name === name));
      const own = rel.items.every(
        ({ column, expr }) =>
          !whose.some(({ name }) => name === column.name) || (expr.kind === 'column' && expr.name === column.name),
      );
      if (!own) return undefined;
      const items = [...missing.map((column) => ({ column, expr: columnRef(column) })), ...rel.items];
      return { ...rel, input, items, columns: items.map(({ column }) => column) };
    }
    case 'filter':
    case 'sort':
    case 'take':
    case 'sample':
    case 'serialize':
    case 'materialize': {
      const input = attributed(rel.input, whose);
      return input && { ...rel, input, columns: input.columns };
    }
    case 'mvExpand':
    case 'parse':
    case 'parseKv': {
      const input = attributed(rel.input, whose);
      const added = input?.columns.filter(({ name }) => !rel.input.columns.some((column) => column.name === name));
      return input && added && { ...rel, input, columns: [...added, ...rel.columns] };
    }
    case 'union':
      return ofUnion(rel, whose);
    default:
      return undefined;
  }
}

function ofUnion(rel: Extract<Rel, { kind: 'union' }>, whose: readonly Column[]): Rel | undefined {
  const offset = rel.source === undefined ? 0 : 1;
  const own = rel.columns.slice(offset);
  const missing = whose.filter(({ name }) => !own.some((column) => column.name === name));
  const columns = [...missing, ...own];
  const inputs = rel.inputs.map((leg) => {
    const made = attributed(leg.rel, whose);
    if (!made) return undefined;
    const target = made.columns.map(({ name }) => {
      const before = leg.rel.columns.findIndex((column) => column.name === name);
      const at = before < 0 ? -1 : leg.target[before]!;
      return at >= 0
        ? at + missing.length
        : columns.findIndex((c) => c.name === name && whose.some((column) => column.name === name));
    });
    return { ...leg, rel: made, target };
  });
  if (inputs.some((leg) => leg === undefined)) return undefined;
  return {
    ...rel,
    inputs: inputs.flatMap((leg) => leg ?? []),
    columns: [...rel.columns.slice(0, offset), ...columns],
  };
}

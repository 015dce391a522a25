import type { Expr, Rel } from '../plan.ts';

/**
 * What of KQL a service takes that is no workspace. What it does not take is done here, over rows that are collected
 * without it.
 */
export interface RemoteLanguage {
  /** Whether an operator means there what it means here; what it brings along is judged on its own. */
  operator(rel: Rel): boolean;
  /** Whether a scalar function or operator does, by its name in a plan. */
  scalar(name: string): boolean;
  aggregate(name: string): boolean;
  /**
   * A column that its tables have for us: there it is `source`, and what comes is put in words here (an id becomes a
   * name), so nothing there may look into it.
   */
  readonly named: { readonly column: string; readonly source: string };
  /** A column without which rows past the first page cannot be had: it comes along wherever it is there. */
  readonly key: string;
}

/**
 * The same rows with the key of their pages, where an operator on the way has left it out; undefined where it is not to
 * be had, because rows were made of several.
 */
function withKey(rel: Rel, key: string): Rel | undefined {
  if (rel.columns.some(({ name }) => name === key)) return rel;
  switch (rel.kind) {
    case 'table': {
      const own = rel.table.columns.find(({ name }) => name === key);
      return own && { ...rel, columns: [...rel.columns, own] };
    }
    case 'filter':
    case 'take':
    case 'parse': {
      const input = withKey(rel.input, key);
      const own = input?.columns.find(({ name }) => name === key);
      return input && own && { ...rel, input, columns: [...rel.columns, own] };
    }
    case 'project': {
      const input = withKey(rel.input, key);
      const own = input?.columns.find(({ name }) => name === key);
      if (!input || !own) return undefined;
      const expr: Expr = { kind: 'column', type: own.type, name: own.name };
      return { ...rel, input, items: [...rel.items, { column: own, expr }], columns: [...rel.columns, own] };
    }
    default:
      return undefined;
  }
}

/** The same rows so that they can be had page by page: with their key, and in its order. */
export function inPages(rel: Rel, key: string): Rel {
  const keyed = withKey(rel, key);
  const own = keyed?.columns.find(({ name }) => name === key);
  if (!keyed || !own) return rel;
  const expr: Expr = { kind: 'column', type: own.type, name: own.name };
  const keys = [{ expr, desc: false, nullsFirst: true }];
  return { kind: 'sort', input: keyed, keys, columns: keyed.columns, place: rel.place };
}

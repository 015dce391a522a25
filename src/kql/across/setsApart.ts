import type { Rel } from '../plan.ts';
import { LEAVES } from '../prune.ts';
import { isConstant, NOT_OF_A_ROW } from './pushing.ts';

/** Operators by the words for them, of which the text tells which one it is; the first where it does not. */
const WORDS: Readonly<Partial<Record<Rel['kind'], readonly string[]>>> = {
  aggregate: ['summarize', 'count', 'facet', 'top-hitters'],
  distinct: ['distinct', 'sample-distinct'],
  sort: ['sort', 'order'],
  take: ['take', 'limit', 'top', 'consume'],
  sample: ['sample', 'sample-distinct'],
  serialize: ['serialize'],
  makeSeries: ['make-series'],
  pivot: ['evaluate'],
  narrow: ['evaluate'],
  plugin: ['evaluate'],
  ipLookup: ['evaluate'],
  partition: ['partition'],
  scan: ['scan'],
  topNested: ['top-nested'],
  reduce: ['reduce'],
  schemaOf: ['getschema'],
  values: ['expression', 'print', 'datatable', 'externaldata'],
  range: ['range'],
};

/**
 * What makes the answer over all workspaces another than their own answers, one under the other: words of operators,
 * and functions with `()`, in the order rows go through them. `text` is what the plan was bound from.
 */
export function constructsApart(result: Rel, text: string): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<Rel>();
  const visit = (rel: Rel): void => {
    if (seen.has(rel)) return;
    seen.add(rel);
    if (rel.kind === 'join') {
      visit(rel.left);
      const rowWise = ['inner', 'leftouter', 'leftsemi', 'leftanti'].includes(rel.flavor) && isConstant(rel.right);
      if (!rowWise) found.add(rel.lookup ? 'lookup' : 'join');
      return;
    }
    // A body of an operator looks at the rows it is given.
    for (const [key, value] of Object.entries(rel)) if (!LEAVES.has(key) && key !== 'body') look(value);
    const words = WORDS[rel.kind];
    const said = /^[a-z][a-z-]*/.exec(text.slice(rel.place.start, rel.place.start + 20))?.[0];
    if (words) found.add(words.find((word) => word === said) ?? words[0]!);
  };
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(look);
    const { kind, name } = value as { readonly kind?: string; readonly name?: string };
    if ('place' in value && 'columns' in value) return visit(value as Rel);
    if (kind === 'subquery' || kind === 'inQuery') {
      if (!isConstant((value as { readonly rel: Rel }).rel)) found.add(kind === 'inQuery' ? 'subquery' : 'toscalar');
    } else if (kind === 'call' && NOT_OF_A_ROW.has(name!)) found.add(`${name!}()`);
    for (const [key, inner] of Object.entries(value))
      if (!LEAVES.has(key) && !(key === 'rel' && (kind === 'subquery' || kind === 'inQuery'))) look(inner);
  };
  visit(result);
  return [...found];
}

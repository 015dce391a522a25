import type { Column } from '../../model/kqlType.ts';
import type { Place } from '../plan.ts';
import type { Discovery } from './evaluate.ts';
import { refusal } from './refusal.ts';
import type { Rewriting } from './splitNames.ts';
import { quotedName } from './tree.ts';

/** A query on its way to being bound: found columns of data-dependent plugins stand in its text as schema clauses. */
export interface QueryText {
  readonly text: string;
  /** The text as it was written: places in errors are places of it. */
  readonly original: string;
  readonly inserts: readonly { readonly at: number; readonly length: number }[];
  /** What was found for each call of a plugin: by the places of the calls around it and its own. */
  readonly found: readonly { readonly key: readonly number[]; readonly columns: readonly Column[] }[];
  /** Schema clauses of ours by the place they stand at. */
  readonly clauses: ReadonlyMap<number, string>;
}
/** A text as it was written, nothing found yet. */
export function queryText(text: string): QueryText {
  return { text, original: text, inserts: [], found: [], clauses: new Map() };
}

/** The text with the columns `found` for a plugin written behind its call, so that the next binding knows them. */
export function withDiscovery(query: QueryText, discovery: Discovery, found: readonly Column[]): QueryText {
  const { at, key } = discovery;
  const known = [...query.found, { key, columns: found }];
  if (!discovery.shape) return { ...query, found: known };
  const named = (c: Column): string => `${quotedName(c.name)}:${c.type}`;
  const shaped = discovery.shape(found);
  const kept = (discovery.kept ?? []).filter((c) => !shaped.some((s) => s.name === c.name));
  const clause = ` : (${[...kept, ...shaped].map(named).join(', ')})`;
  const written = query.clauses.get(at);
  if (written === clause) return { ...query, found: known };
  const place: Place = { start: key.at(-1) ?? 0, length: 0 };
  if (written !== undefined)
    throw refusal(
      'A function whose columns depend on the data and differ from call to call',
      place,
      'Give the plugin a schema, or write the function out.',
    );
  const moved = (offset: number): number => (offset > at ? offset + clause.length : offset);
  return {
    original: query.original,
    text: query.text.slice(0, at) + clause + query.text.slice(at),
    inserts: [...query.inserts, { at, length: clause.length }],
    found: known.map((f) => ({ key: f.key.map(moved), columns: f.columns })),
    clauses: new Map([...query.clauses].map(([place, text]): [number, string] => [moved(place), text])).set(at, clause),
  };
}
/** The text with a part of it written otherwise, in more characters. */
export function withText(query: QueryText, { start, end, text }: Rewriting): QueryText {
  const more = text.length - (end - start);
  const moved = (offset: number): number => (offset >= end ? offset + more : offset);
  return {
    original: query.original,
    text: query.text.slice(0, start) + text + query.text.slice(end),
    inserts: [...query.inserts, { at: end, length: more }],
    found: query.found.map((f) => ({ key: f.key.map(moved), columns: f.columns })),
    clauses: new Map([...query.clauses].map(([place, clause]): [number, string] => [moved(place), clause])),
  };
}
/** A place in the text as bound, in the text as written. */
export function originalOffset(query: QueryText, offset: number): number {
  return [...query.inserts]
    .reverse()
    .reduce((place, insert) => (place > insert.at ? Math.max(insert.at, place - insert.length) : place), offset);
}

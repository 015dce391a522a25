import type { Segment } from './places.ts';
import type { Place } from '../plan.ts';

/** A text of a YAML or JSON file, and where its characters stand. */
export interface PlacedText {
  readonly kind: 'text';
  readonly value: string;
  readonly place: Place;
  /** See `FileQuery.quoted`. */
  readonly quoted: boolean;
  segments(): readonly Segment[];
}

/** A document of YAML or JSON as plain data: nothing in it is followed, made or run. */
export type PlacedNode =
  | PlacedText
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, PlacedNode> }
  | { readonly kind: 'list'; readonly items: readonly PlacedNode[] }
  | { readonly kind: 'value'; readonly value: unknown };

/** Deeper nesting is not followed: no file of queries needs it, and reading is recursive. */
export const MAX_DEPTH = 60;

/** The text of a name of an object; undefined where there is none. */
export function textAt(entries: ReadonlyMap<string, PlacedNode>, key: string): string | undefined {
  const node = entries.get(key);
  return node?.kind === 'text' && node.value.trim() !== '' ? node.value.trim() : undefined;
}

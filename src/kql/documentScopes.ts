import { documentBlocks } from './language/blocks.ts';
import type { QueryBlock } from './language/face.ts';
import { findScopeLines } from './scopeLine.ts';
import type { ScopeLine } from './scopeLine.ts';

/** A query of a document and the scope line it follows: one of its own, or the document's. */
export interface ScopedBlock {
  readonly block: Pick<QueryBlock, 'start' | 'end' | 'codeStart'>;
  readonly line: ScopeLine | undefined;
  /** The line is above this query, and is not the one at the top of the document. */
  readonly own: boolean;
}

/**
 * The `// @scope` lines of a document and which query follows which. A line directly above a query (or with blank lines
 * between) is that query's own; the one at the top of the document, above all queries, is also that of every query
 * without one.
 */
export interface DocumentScopes {
  /** The document's line. */
  readonly top: ScopeLine | undefined;
  readonly blocks: readonly ScopedBlock[];
  /** Lines that some query follows, or all, in their order. */
  readonly followed: readonly ScopeLine[];
  /** Lines that no query follows: a second one above the same query, or one with no query below it. */
  readonly idle: readonly { readonly line: ScopeLine; readonly why: 'second' | 'noQuery' }[];
}

const NONE: DocumentScopes = { top: undefined, blocks: [], followed: [], idle: [] };

/** Reads a document's scope lines; without one nothing else is looked at, and `blocks` is empty. */
export function readDocumentScopes(text: string): DocumentScopes {
  const lines = findScopeLines(text);
  if (lines.length === 0) return NONE;
  const all = documentBlocks(text);
  const queries = all.filter(({ kind }) => kind === 'query' || kind === 'command');
  const holderOf = (line: ScopeLine): (typeof all)[number] | undefined =>
    all.find((block) => block.start <= line.end && line.start < block.end);
  const heads = new Map<unknown, ScopeLine>();
  const idle: { line: ScopeLine; why: 'second' | 'noQuery' }[] = [];
  for (const line of lines) {
    const holder = holderOf(line);
    if (heads.has(holder)) idle.push({ line, why: 'second' });
    else heads.set(holder, line);
  }
  const counting = [...heads.values()];
  const first = queries[0];
  const top = counting.find((line) => first === undefined || line.start < first.codeStart);
  const ownOf = new Map<unknown, ScopeLine>();
  for (const [holder, line] of heads) {
    const block = queries.includes(holder as never) ? holder : queries.find(({ start }) => start > line.start);
    const nearer = ownOf.get(block);
    // Of several above one query the nearest counts, and the top one counts for the others.
    if (nearer && nearer !== top) idle.push({ line: nearer, why: 'second' });
    if (block) ownOf.set(block, line);
    else if (line !== top) idle.push({ line, why: 'noQuery' });
  }
  const blocks = queries.map((block): ScopedBlock => {
    const own = ownOf.get(block);
    return { block, line: own ?? top, own: own !== undefined && own !== top };
  });
  const followed = counting.filter((line) => line === top || blocks.some((block) => block.line === line));
  return { top, blocks, followed, idle };
}

/** The query of a document at an offset, as a run chooses it: in the blank lines after one, that one. */
function scopedBlockAt({ blocks }: DocumentScopes, offset: number): ScopedBlock | undefined {
  return (
    blocks.find(({ block }) => block.start <= offset && offset <= block.end) ??
    blocks.filter(({ block }) => block.end < offset).at(-1) ??
    blocks[0]
  );
}

/** The scope line that counts at an offset: of the query there, and of the document where there is none. */
export function scopeLineAt(scopes: DocumentScopes, offset: number): ScopeLine | undefined {
  return (scopes.blocks.length === 0 ? undefined : scopedBlockAt(scopes, offset)?.line) ?? scopes.top;
}

import type { Run } from '../../model/run.ts';
import { createHash } from 'node:crypto';
import { isColumnLayout, isEmptyLayout } from '../../model/columnLayout.ts';
import type { ColumnLayout } from '../../model/columnLayout.ts';

/** How the columns of one query's answers are arranged. Newest last. */
export interface SavedLayout {
  readonly query: string;
  readonly layout: ColumnLayout;
}

/** Where layouts live: VS Code's workspace state, or a plain variable in tests. */
export interface LayoutStore {
  get(): readonly SavedLayout[] | undefined;
  set(value: readonly SavedLayout[]): Promise<void>;
}

const KEPT = 200;
/** Characters of JSON: the workspace state is read whole at every start. */
const KEPT_CHARACTERS = 500_000;

/**
 * How the person arranged the columns of each query's answers. A query is known again by its words: another time range,
 * scope, number or text in quotation marks, other spaces and comments make no other query.
 */
export class LayoutBook {
  private readonly store: LayoutStore;
  /** A run's snapshots ask for the same text ten times a second. */
  private latest: { readonly text: string; readonly key: string } | undefined;

  constructor(store: LayoutStore) {
    this.store = store;
  }

  /** The layout kept for a query's text; undefined where nobody arranged its columns. */
  find(query: string): ColumnLayout | undefined {
    const key = this.keyOf(query);
    return this.store.get()?.find((saved) => saved.query === key)?.layout;
  }

  /** Keeps the layout for a query's text; an empty one is forgotten. The oldest go where there are too many. */
  async keep(query: string, layout: ColumnLayout): Promise<void> {
    const key = this.keyOf(query);
    const rest = (this.store.get() ?? []).filter((saved) => saved.query !== key);
    const all = isEmptyLayout(layout) ? rest : [...rest, { query: key, layout }];
    let room = KEPT_CHARACTERS;
    const fitting = all
      .slice(-KEPT)
      .reverse()
      .filter((saved) => (room -= JSON.stringify(saved).length) >= 0);
    await this.store.set(fitting.reverse());
  }

  private keyOf(text: string): string {
    if (this.latest?.text !== text) this.latest = { text, key: queryKey(text) };
    return this.latest.key;
  }
}

/** The text by which a layout of columns is kept; what was made of a query's answers has columns of its own. */
export function layoutName({ made, query }: Pick<Run, 'made' | 'query'>): string {
  return made ? `${made.kind} | ${query}` : query;
}

/** Texts of KQL in their three ways, comments, and numbers with what is written onto them (`1.5e3`, `2d`). */
const LOOSE =
  /(?<text>```[^]*?```|~~~[^]*?~~~|@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<comment>\/\/[^\n]*)|(?<number>\b\d[\w.]*)/g;

/** What tells a query from others, of the same length for each and without its text. */
export function queryKey(query: string): string {
  const words = query
    .replace(LOOSE, (_match, text?: string, comment?: string) =>
      text === undefined ? (comment === undefined ? '0' : ' ') : "''",
    )
    .replaceAll(/\s+/g, ' ')
    .trim();
  return createHash('sha256').update(words).digest('base64url').slice(0, 22);
}

/** Guards what comes back from disk. */
export function isSavedLayouts(value: unknown): value is readonly SavedLayout[] {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => {
      if (typeof one !== 'object' || one === null) return false;
      const { query, layout } = one as { readonly query?: unknown; readonly layout?: unknown };
      return typeof query === 'string' && isColumnLayout(layout);
    })
  );
}

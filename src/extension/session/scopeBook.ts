import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { ScopeError, ScopeLine } from '../../kql/scopeLine.ts';
import type { AnswerMode } from '../../model/run.ts';
import type { Scope } from '../../model/scope.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';

/**
 * What is kept of a document: its scope where the text itself does not say one, its time range and what its answers
 * are. Newest last.
 */
export interface SavedScope {
  readonly uri: string;
  readonly scope?: Scope;
  readonly timeRange?: TimeRange;
  readonly answer?: AnswerMode;
}

/** Where saved scopes live: VS Code's workspace state, or a plain variable in tests. */
export interface ScopeStore {
  get(): readonly SavedScope[] | undefined;
  set(value: readonly SavedScope[]): Promise<void>;
}

/**
 * The scope of a query, or of the queries of a document, and who said it: a line of the query's own, the document's,
 * what was chosen for it. With `error` the line cannot be read: nothing may run.
 */
export interface DocumentScope {
  readonly scope: Scope;
  readonly origin: 'ownLine' | 'line' | 'saved' | 'default';
  readonly error?: ScopeError;
}

/** Entry of what a new document starts with, and of the tree's boxes while no document is open. */
const DEFAULT = '';
const KEPT = 500;

/**
 * The scope and time range of every document: its `// @scope` lines rule, then what was chosen for it, then what was
 * chosen last without one.
 */
export class ScopeBook implements Disposable {
  private readonly store: ScopeStore;
  private readonly defaultRange: () => TimeRange;
  private readonly changed = new Emitter<void>();

  readonly onDidChange = this.changed.event;

  constructor(store: ScopeStore, defaultRange: () => TimeRange) {
    this.store = store;
    this.defaultRange = defaultRange;
  }

  /**
   * `uri` undefined: the default. `line` is the scope line that counts where the scope is asked for, `own` where it is
   * one query's alone.
   */
  scopeOf(uri: string | undefined, line?: ScopeLine, own = false): DocumentScope {
    const fallback = this.find(DEFAULT)?.scope ?? EVERYTHING;
    if (uri === undefined) return { scope: fallback, origin: 'default' };
    const origin = own ? 'ownLine' : 'line';
    if (line?.error) return { scope: fallback, origin, error: line.error };
    if (line?.scope) return { scope: line.scope, origin };
    const saved = this.find(uri)?.scope;
    return saved ? { scope: saved, origin: 'saved' } : { scope: fallback, origin: 'default' };
  }

  timeRangeOf(uri: string | undefined): TimeRange {
    return (
      (uri === undefined ? undefined : this.find(uri)?.timeRange) ??
      this.find(DEFAULT)?.timeRange ??
      this.defaultRange()
    );
  }

  /** What a query of the document answers with: across unless it was chosen otherwise. */
  answerOf(uri: string | undefined): AnswerMode {
    return (uri === undefined ? undefined : this.find(uri)?.answer) ?? this.find(DEFAULT)?.answer ?? 'across';
  }

  async setScope(uri: string | undefined, scope: Scope): Promise<void> {
    await this.put(uri ?? DEFAULT, { scope });
  }
  async setTimeRange(uri: string | undefined, timeRange: TimeRange): Promise<void> {
    await this.put(uri ?? DEFAULT, { timeRange });
  }

  async setAnswer(uri: string | undefined, answer: AnswerMode): Promise<void> {
    await this.put(uri ?? DEFAULT, { answer });
  }

  /** A document that was saved under a name, or renamed, keeps its scope. */
  async move(from: string, to: string): Promise<void> {
    const saved = this.find(from);
    if (saved)
      await this.put(to, {
        ...(saved.scope ? { scope: saved.scope } : {}),
        ...(saved.timeRange ? { timeRange: saved.timeRange } : {}),
        ...(saved.answer ? { answer: saved.answer } : {}),
      });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private find(uri: string): SavedScope | undefined {
    return this.store.get()?.find((saved) => saved.uri === uri);
  }

  private async put(uri: string, change: Omit<SavedScope, 'uri'>): Promise<void> {
    const rest = (this.store.get() ?? []).filter((saved) => saved.uri !== uri);
    await this.store.set([...rest, { ...this.find(uri), ...change, uri }].slice(-KEPT));
    this.changed.fire();
  }
}

/**
 * Guards what comes back from disk: shapes alone, what a scope names is looked at (and refused) when it is resolved.
 */
export function isSavedScopes(value: unknown): value is readonly SavedScope[] {
  return (
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        typeof one === 'object' &&
        one !== null &&
        typeof (one as SavedScope).uri === 'string' &&
        isScope((one as SavedScope).scope) &&
        isTimeRange((one as SavedScope).timeRange) &&
        [undefined, 'across', 'perWorkspace'].includes((one as SavedScope).answer),
    )
  );
}

function isScope(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { include, except } = value as { include?: unknown; except?: unknown };
  return (include === 'all' || isSelectors(include)) && isSelectors(except);
}

function isSelectors(value: unknown): boolean {
  const isText = (one: unknown): boolean => typeof one === 'string';
  return (
    Array.isArray(value) &&
    value.every((one: { kind?: unknown; value?: unknown } | null) => isText(one?.kind) && isText(one?.value))
  );
}

function isTimeRange(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { kind, minutes, from, to } = value as Readonly<Record<string, unknown>>;
  if (kind === 'last') return typeof minutes === 'number' && minutes > 0;
  return kind === 'inQuery' || (kind === 'between' && typeof from === 'string' && typeof to === 'string');
}

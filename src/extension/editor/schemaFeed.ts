import { createHash } from 'node:crypto';
import type { TextDocument } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { OfText, SchemaInput, SchemaPart } from '../../kql/language/face.ts';
import { isSaidIn } from '../../kql/notebook/cellName.ts';
import { printScope } from '../../kql/scopeLine.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { Scope } from '../../model/scope.ts';
import { resolveScope } from '../../core/estate/scope.ts';
import type { Estate } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { App } from '../platform/app.ts';
import { findResultSource, namedRuns } from '../session/resultSource.ts';
import type { ResultSource } from '../session/resultSource.ts';
import { scopeNamesOf } from './scopeNames.ts';
import { toCellsSchema, withEarlierCells } from './toCellsSchema.ts';
import type { AnsweredCell } from './toCellsSchema.ts';
import { toResultSchema } from './toResultSchema.ts';
import { toSchemaInput } from './toSchemaInput.ts';

/** Asking more workspaces for their schema than this, unasked, would be rude; the schema then counts as partial. */
const MOST_WORKSPACES = 1_000;
/** Schemas kept in the language service; scopes of documents that are open together. */
const KEPT = 4;
/** One asked for within this is kept in any case: dropping what is looked at would fetch it again and again. */
const IN_USE_MS = 60_000;
/** Scopes of single queries of a document that get their schema; in further ones only syntax is judged. */
const MOST_PARTS = 8;

/**
 * Gives the language service the schema of each document's scope: worked out by the data worker, once per set of
 * workspaces, in the background. Until it is there only syntax is judged.
 */
export class SchemaFeed implements Disposable {
  /** By schema id: pending until the language service knows it. Newest last. */
  private readonly known = new Map<string, { ready: boolean; askedAt: number }>();
  /** Names of runs for which the history was looked at. */
  private readonly soughtRuns = new Set<string>();
  private namesOf: Estate | undefined;
  private readonly changed = new Emitter<void>();
  private readonly store = new DisposableStore();
  private readonly app: App;

  /** A schema arrived: diagnostics should be looked at again. */
  readonly onDidChange = this.changed.event;

  constructor(app: App) {
    this.app = app;
    this.store.add(this.changed);
  }

  /** A whole document as the language service is asked about it: each query with the schema of its scope. */
  questionOf(document: TextDocument): OfText {
    const schemaId = this.schemaId(document);
    if (findResultSource(document.getText(), this.app.runs))
      return { text: document.getText(), ...(schemaId ? { schemaId } : {}) };
    const own = this.app.scope.linesOf(document).blocks.filter((one) => one.own);
    const told = [...new Set(own.map(({ line }) => printScope(line?.scope ?? EVERYTHING)))].slice(0, MOST_PARTS);
    const parts = own.map(({ block: { start, end, codeStart }, line }): SchemaPart => {
      const id = told.includes(printScope(line?.scope ?? EVERYTHING)) ? this.schemaId(document, codeStart) : undefined;
      return { start, end, ...(id ? { schemaId: id } : {}) };
    });
    return { text: document.getText(), ...(schemaId ? { schemaId } : {}), ...(parts.length > 0 ? { parts } : {}) };
  }

  /**
   * The schema id to ask the language service with: of the query at an offset, or of those without a scope of their
   * own. Undefined while there is none. Starts fetching what is missing.
   */
  schemaId(document: TextDocument, offset?: number): string | undefined {
    const result = findResultSource(document.getText(), this.app.runs);
    if (result) return this.resultSchemaId(result);
    const earlier = this.app.cells.earlier(document, (id) => this.app.runs.find(id));
    const said = earlier.filter(({ name }) => isSaidIn(document.getText(), name));
    const runs = earlier.flatMap(({ name, run }) => (run ? [{ name, run: this.app.runs.find(run)! }] : []));
    // A cell that names an earlier one asks its rows alone; of one that was not run yet nobody knows the columns.
    if (said.some(({ run }) => run === undefined)) return undefined;
    if (said.length > 0)
      return this.idOf(JSON.stringify(['cells', shapeOf(runs)]), async (id) => toCellsSchema(id, runs));
    return this.schemaIdOf(this.app.scope.of(document, offset).scope, runs);
  }

  /**
   * The schema id of a scope, with the names of earlier cells beside its tables; undefined while there is none. Starts
   * fetching what is missing.
   */
  schemaIdOf(scope: Scope, runs: readonly AnsweredCell[] = []): string | undefined {
    const { estate } = this.app.estate;
    if (!estate) return undefined;
    const keys = resolveScope(scope, estate)
      .workspaces.map((workspace) => workspace.key)
      .sort();
    if (!keys.length) return undefined;
    if (runs.length === 0) return this.idOf(keys.join('\n'), (id) => this.scopeSchema(id, keys));
    return this.idOf(JSON.stringify([keys, shapeOf(runs)]), async (id) =>
      withEarlierCells(await this.scopeSchema(id, keys), runs),
    );
  }

  /** A result's schema is known with its snapshot; of a run of an earlier window once the history is loaded. */
  private resultSchemaId(source: ResultSource): string | undefined {
    const named = namedRuns(source);
    if (named) {
      const key = JSON.stringify(named.map(({ name, run }) => [name, run.id, run.columns]));
      return this.idOf(key, async (id) => toResultSchema(id, named));
    }
    const sought = source.flatMap(({ line, run }) => (line.run && !run ? [line.run.text] : []));
    if (sought.some((id) => !this.soughtRuns.has(id))) {
      for (const id of sought) this.soughtRuns.add(id);
      void this.app.guard.quiet('editor.result', () => this.app.runs.loadHistory());
    }
    return undefined;
  }

  /** The id of what `key` stands for, once the language service knows it; `load` is called where it does not yet. */
  private idOf(key: string, load: (id: string) => Promise<SchemaInput>): string | undefined {
    const id = createHash('sha256').update(key).digest('hex').slice(0, 16);
    const entry = this.known.get(id);
    if (entry) entry.askedAt = Date.now();
    else this.app.guard.quiet('editor.schema', () => this.fetch(id, load)).catch(() => undefined);
    return entry?.ready ? id : undefined;
  }

  /**
   * The person is writing a query: what it can be about is worth knowing now. Loads the estate in the background, once.
   */
  wake(): void {
    if (this.app.estate.state === 'unloaded')
      void this.app.guard.quiet('editor.estate', () => this.app.estate.ensure());
    const { estate } = this.app.estate;
    if (!estate || estate === this.namesOf) return;
    this.namesOf = estate;
    void this.app.guard.quiet('editor.scopeNames', async () => {
      await (await this.app.language()).setScopeNames({ names: scopeNamesOf(estate) });
    });
  }

  /** Forgets every schema: the estate was refreshed. */
  reset(): void {
    this.known.clear();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async scopeSchema(id: string, keys: readonly WorkspaceKey[]): Promise<SchemaInput> {
    const schema = await this.app.worker.request('schema.forScope', { workspaces: keys.slice(0, MOST_WORKSPACES) });
    const [silent] = schema.problems;
    if (silent)
      this.app.log.warn('editor.schema.partial', {
        told: schema.completeness.sentence,
        first: silent.error.code,
      });
    return toSchemaInput(id, schema, keys.length);
  }

  private async fetch(id: string, load: (id: string) => Promise<SchemaInput>): Promise<void> {
    const entry = { ready: false, askedAt: Date.now() };
    this.known.set(id, entry);
    try {
      const schema = await load(id);
      const language = await this.app.language();
      await language.setSchema(schema);
      entry.ready = true;
      for (const [oldest, { askedAt }] of [...this.known].slice(0, -KEPT)) {
        if (Date.now() - askedAt < IN_USE_MS) continue;
        this.known.delete(oldest);
        void language.dropSchema({ schemaId: oldest }).catch(() => undefined);
      }
      this.changed.fire();
    } catch (error) {
      // Another look (the next keystroke after a while) may find a network again, but not sooner than this.
      setTimeout(() => {
        if (this.known.get(id) === entry) this.known.delete(id);
      }, 30_000).unref();
      throw error;
    }
  }
}

/** What tells the rows of earlier cells from others of their names. */
function shapeOf(runs: readonly AnsweredCell[]): unknown {
  return runs.map(({ name, run }) => [name, run.id, run.columns]);
}

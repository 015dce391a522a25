import { window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import type { LanguageService } from '../../kql/language/face.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import { readSetting } from '../platform/settings.ts';
import { isQueryDocument } from './activeQuery.ts';
import { OUTER_LANGUAGES } from './outerLanguages.ts';

/** Longer files are not looked through while somebody types in them, in characters. */
const MAX_LENGTH = 1_000_000;
/** Most queries of a file that get lenses and are judged. */
const MOST_QUERIES = 200;
const FENCE = /^[ \t]{0,100}(?:`{3,}|~{3,})[ \t]*\{?\.?(?:kql|kusto|csl)/im;
const QUERY = /\b(?:query|body|serializedData)\b["']?\s*:/;

/** A document with KQL inside, and one query of it. */
export interface QueryInside {
  readonly document: TextDocument;
  readonly query: FileQuery;
}

/**
 * True for a document of another language that may have queries inside: looked at by its letters alone, so that the
 * language service starts for no other.
 */
export function mayHoldQueries(document: TextDocument): boolean {
  if (!Object.hasOwn(OUTER_LANGUAGES, document.languageId) || !readSetting('query.inOtherFiles')) return false;
  const { scheme } = document.uri;
  if (scheme !== 'file' && scheme !== 'untitled' && !scheme.startsWith('vscode-')) return false;
  // A line is told without the text: most files are short, and a very long one is not copied to be refused.
  if (document.offsetAt(document.lineAt(document.lineCount - 1).range.end) > MAX_LENGTH) return false;
  return (document.languageId === 'markdown' ? FENCE : QUERY).test(document.getText());
}

/** The queries inside documents of other languages, found once per version of their text. Untrusted text all of it. */
export class QueriesInside {
  private readonly cache = new WeakMap<
    TextDocument,
    { readonly version: number; readonly queries: Promise<readonly FileQuery[]> }
  >();
  private readonly language: () => Promise<LanguageService>;

  constructor(language: () => Promise<LanguageService>) {
    this.language = language;
  }

  /** Those that their file says are KQL, in their order; none where it cannot be read. */
  of(document: TextDocument): Promise<readonly FileQuery[]> {
    if (!mayHoldQueries(document)) return Promise.resolve([]);
    const known = this.cache.get(document);
    if (known?.version === document.version) return known.queries;
    const queries = this.read(document);
    this.cache.set(document, { version: document.version, queries });
    queries.catch(() => this.cache.delete(document));
    return queries;
  }

  /** The query at an offset of a document, its first and last character included. */
  async at(document: TextDocument, offset: number): Promise<FileQuery | undefined> {
    return (await this.of(document)).find(({ place }) => place.start <= offset && offset <= place.start + place.length);
  }

  /** The query a lens speaks of, or that at the cursor; undefined for a place in a document of KQL, or in none. */
  async find(place: unknown): Promise<QueryInside | undefined> {
    const given = readPlace(place);
    const editor = window.activeTextEditor;
    const document = given ? workspace.textDocuments.find((one) => one.uri.toString() === given.uri) : editor?.document;
    if (!document || isQueryDocument(document)) return undefined;
    const offset = given?.offset ?? document.offsetAt(editor!.selection.active);
    const query = await this.at(document, offset);
    return query && { document, query };
  }

  private async read(document: TextDocument): Promise<readonly FileQuery[]> {
    const { path } = document.uri;
    const ending = OUTER_LANGUAGES[document.languageId]!;
    const named = /\.(?:ya?ml|md|markdown|json|workbook)$/i.test(path) ? path : `${path}.${ending}`;
    const { queries } = await (await this.language()).queries({ path: named, text: document.getText() });
    return queries.filter(({ certain }) => certain).slice(0, MOST_QUERIES);
  }
}

/**
 * Where a lens stands: its document and an offset in it; with a length, all of that part is the query. Undefined for
 * any other argument of a command.
 */
export function readPlace(
  place: unknown,
): { readonly uri: string; readonly offset: number; readonly length?: number } | undefined {
  if (typeof place !== 'object' || place === null) return undefined;
  const { uri, offset, length } = place as { uri?: unknown; offset?: unknown; length?: unknown };
  if (typeof uri !== 'string' || typeof offset !== 'number') return undefined;
  return { uri, offset, ...(typeof length === 'number' ? { length } : {}) };
}

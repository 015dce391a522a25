import { Uri, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import { toFileQuery } from '../../kql/queryFiles/toFileQuery.ts';
import { codeStart } from '../../kql/scan.ts';
import { findSourceLine, RUN_SOURCES } from '../../kql/sourceLine.ts';
import type { RunSource } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { isQueryDocument } from '../session/activeQuery.ts';
import { readPlace } from '../session/queriesInside.ts';
import type { DocumentScope } from '../session/scopeBook.ts';

/** The query a command is about: its text as written, where it stands, and the scope that counts there. */
export interface ChosenQuery {
  readonly document: TextDocument;
  readonly text: string;
  readonly start: number;
  /** Where in the document its scope is asked for. */
  readonly offset: number;
  readonly scope: DocumentScope;
  /** What its comments and its file say of it. */
  readonly query: FileQuery;
  /** It stands in a document of another language. */
  readonly inside: boolean;
  /** What the query asks whose part was chosen; absent where the text says it itself. */
  readonly source?: RunSource;
}

/** A CodeLens says its place; a key or the palette means the selection, else the query at the cursor. */
export async function findQuery(app: App, place: unknown): Promise<ChosenQuery> {
  const given = readPlace(place);
  if (given) await workspace.openTextDocument(Uri.parse(given.uri));
  const inside = await app.inside.find(place);
  if (inside) {
    const { document, query } = inside;
    const { text, place: at } = query;
    const scope = app.scope.ofInside(document, query.scope);
    return { document, text, start: at.start, offset: at.start, scope, query, inside: true };
  }
  const document = given ? await workspace.openTextDocument(Uri.parse(given.uri)) : app.active.document;
  if (!document || !isQueryDocument(document))
    throw new AppError('input.noQuery', 'There is no query to run. Open a .kql file or make a new query.');
  if (given?.length !== undefined) {
    const part = document.getText().slice(given.offset, given.offset + given.length);
    return inDocument(app, document, part.trim(), given.offset + part.length - part.trimStart().length);
  }
  const editor = app.active.document === document ? app.active.editor : undefined;
  if (!given && editor && !editor.selection.isEmpty) {
    const start = document.offsetAt(editor.selection.start);
    const whole = await app.blocks.at(document, start);
    const named = whole && whole.start <= start ? findSourceLine(whole.text)?.source : undefined;
    const part = inDocument(app, document, document.getText(editor.selection), start);
    return named ? { ...part, source: RUN_SOURCES[named] } : part;
  }
  const block = await app.blocks.at(
    document,
    given?.offset ?? (editor ? document.offsetAt(editor.selection.active) : 0),
  );
  if (!block)
    throw new AppError('query.empty', 'There is no query here: the text is empty or only comments. Nothing was sent.');
  return inDocument(app, document, block.text, block.start);
}

function inDocument(app: App, document: TextDocument, text: string, start: number): ChosenQuery {
  const offset = start + codeStart(text);
  const place = { start, length: text.length };
  const query = toFileQuery({ name: 'query', text, place, segments: [{ at: 0, file: start }] });
  return { document, text, start, offset, scope: app.scope.of(document, offset), query, inside: false };
}

import type { Diagnostic, TextDocument } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import type { App } from '../platform/app.ts';
import { readSetting } from '../platform/settings.ts';
import { toMark } from './convert.ts';
import { rangeInFile } from './insideProviders.ts';
import type { SchemaFeed } from './schemaFeed.ts';

/**
 * What is wrong with the queries inside a document of another language, each judged by itself with the schema of its
 * scope. One that cannot be run as it is (a workbook fills it in) is not judged; of one that reads the rows of earlier
 * blocks only the syntax is, for no scope has their names.
 */
export async function diagnosticsInside(
  app: App,
  feed: SchemaFeed,
  document: TextDocument,
  signal: CancelSignal,
): Promise<Diagnostic[]> {
  const marks: Diagnostic[] = [];
  const language = await app.language();
  for (const query of await app.inside.of(document)) {
    const ofBlocks = query.readsBlocks !== undefined;
    if (query.refusal && !ofBlocks) continue;
    const schemaId =
      readSetting('query.diagnostics') === 'schema' && !ofBlocks
        ? feed.schemaIdOf(app.scope.ofInside(document, query.scope).scope)
        : undefined;
    const found = await language.diagnostics({ text: query.text, ...(schemaId ? { schemaId } : {}) }, signal);
    marks.push(...found.map((one) => toMark(document, one, rangeInFile(query, one))));
  }
  return marks;
}

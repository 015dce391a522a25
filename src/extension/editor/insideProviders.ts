import * as vscode from 'vscode';
import type { AtOffset, CompletionItem, TextRange } from '../../kql/language/face.ts';
import { offsetInFile, offsetInText } from '../../kql/queryFiles/places.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import { writeInside } from '../../kql/queryFiles/writeInside.ts';
import type { App } from '../platform/app.ts';
import { OUTER_LANGUAGES } from '../session/outerLanguages.ts';
import { CompletionList, languageAsker } from './completionList.ts';
import { toMarkdown, toRange } from './convert.ts';
import type { SchemaFeed } from './schemaFeed.ts';

/** A question about a query inside a document, and how the answer's places are told in the document. */
interface Inside {
  readonly query: FileQuery;
  readonly question: AtOffset;
  readonly rangeOf: (range: TextRange) => vscode.Range;
}

/**
 * Completion and hover inside the queries of documents of other languages: the language service is asked about the
 * query alone, with the schema of its scope.
 */
export function registerInsideProviders(app: App, feed: SchemaFeed): vscode.Disposable[] {
  const selector = Object.keys(OUTER_LANGUAGES).map((language) => ({ language }));
  const ask = languageAsker(app, 'editor.inside');
  const offered = new CompletionList(ask);
  const at = async (document: vscode.TextDocument, position: vscode.Position): Promise<Inside | undefined> => {
    const offset = document.offsetAt(position);
    const query = await app.guard.quiet('editor.inside', () => app.inside.at(document, offset));
    if (!query) return undefined;
    const { text, segments } = query;
    const schemaId = feed.schemaIdOf(app.scope.ofInside(document, query.scope).scope);
    return {
      query,
      question: { text, offset: offsetInText(segments, offset, text.length), ...(schemaId ? { schemaId } : {}) },
      rangeOf: (range) => toRange(document, rangeInFile(query, range)),
    };
  };
  return [
    vscode.languages.registerCompletionItemProvider(
      selector,
      {
        async provideCompletionItems(document, position, token) {
          const inside = await at(document, position);
          if (!inside || writeInside(document.getText(), inside.query, '') === undefined) return undefined;
          feed.wake();
          const { query, question, rangeOf } = inside;
          const list = await ask('completion', token, (service, signal) => service.completion(question, signal));
          if (!list) return undefined;
          const file = document.getText();
          return offered.show(list.items, question, rangeOf(list.range), (item) => writtenInside(file, query, item));
        },
        resolveCompletionItem: (item, token) => offered.describe(item, token),
      },
      '|',
      ' ',
      '.',
      '(',
    ),
    vscode.languages.registerHoverProvider(selector, {
      async provideHover(document, position, token) {
        const inside = await at(document, position);
        if (!inside) return undefined;
        const found = await ask('hover', token, (service, signal) => service.hover(inside.question, signal));
        return found && new vscode.Hover(toMarkdown(found, found.code), inside.rangeOf(found.range));
      },
    }),
  ];
}

/** A range of a query's text where it stands in its file. */
export function rangeInFile({ segments }: FileQuery, { start, end }: TextRange): TextRange {
  const from = offsetInFile(segments, start);
  return { start: from, end: Math.max(from, offsetInFile(segments, end)) };
}

/** What an item puts in, as it has to be written there. */
function writtenInside(file: string, query: FileQuery, item: CompletionItem): CompletionItem {
  return { ...item, insertText: writeInside(file, query, item.insertText) ?? item.insertText };
}

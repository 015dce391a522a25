import { CompletionItem, CompletionItemKind, Diagnostic, DiagnosticSeverity, Range, languages } from 'vscode';
import type { CompletionItemProvider, DiagnosticCollection, DocumentSelector, Uri } from 'vscode';
import { visibleLines } from '../../base/visibleText.ts';
import type { App } from '../platform/app.ts';
import { toSignal } from '../platform/cancel.ts';
import { FileDiagnostics } from '../session/fileDiagnostics.ts';
import type { PlacedProblem } from '../session/fileDiagnostics.ts';

const PATTERN = '**/.tenantscope/baseline.json';
const FILES: DocumentSelector = [
  { language: 'json', pattern: PATTERN },
  { language: 'jsonc', pattern: PATTERN },
];

/** What is wrong and doubtful in baseline files while they are written, and names that complete them. */
export function registerBaselineFiles(app: App): void {
  app.store.add(
    new FileDiagnostics(app, {
      kind: 'baseline',
      isOne: ({ uri, isUntitled }) => !isUntitled && uri.path.endsWith('/.tenantscope/baseline.json'),
      check: async ({ text }, signal) => {
        const lines = linesOf(text);
        const notes = await app.worker.request('baseline.look', { text }, { signal });
        return notes.map(({ line, message, weight }): PlacedProblem => ({
          message,
          ...(lines[line - 1] ?? { start: 0, end: 0 }),
          ...(weight === 'doubtful' ? { isNote: true } : {}),
        }));
      },
    }),
  );
  app.store.add(languages.registerCompletionItemProvider(FILES, completion(app), '"'));
}

function completion(app: App): CompletionItemProvider {
  return {
    async provideCompletionItems(document, position, token) {
      const found = await app.guard.quiet('baseline.complete', () =>
        app.worker.request(
          'baseline.complete',
          { text: document.getText(), offset: document.offsetAt(position) },
          { signal: toSignal(token) },
        ),
      );
      if (!found) return [];
      const range = new Range(document.positionAt(found.start), document.positionAt(found.end));
      return found.names.map((name) => {
        const quoted = JSON.stringify(name);
        const item = new CompletionItem(name, found.isName ? CompletionItemKind.Property : CompletionItemKind.Value);
        item.detail = found.what;
        // What is replaced has its quotation marks: else nothing would match.
        item.filterText = quoted;
        item.insertText = found.isName && !found.hasValue ? `${quoted}: {}` : quoted;
        item.range = range;
        return item;
      });
    },
  };
}

/** What a check found, at the lines of the file that want it; until the next check. */
export function showDrift(
  collection: DiagnosticCollection,
  uri: Uri,
  text: string,
  drift: readonly { readonly line: number; readonly message: string; readonly isLow: boolean }[],
): void {
  const lines = text.split(/\r?\n/);
  collection.set(
    uri,
    drift.map(({ line, message, isLow }) => {
      const words = lines[line - 1] ?? '';
      const range = new Range(line - 1, words.length - words.trimStart().length, line - 1, words.length);
      const mark = new Diagnostic(
        range,
        visibleLines(message),
        isLow ? DiagnosticSeverity.Information : DiagnosticSeverity.Warning,
      );
      mark.source = 'Tenantscope';
      mark.code = 'drift';
      return mark;
    }),
  );
}

/** The words of each line, UTF-16 offsets. */
function linesOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  let offset = 0;
  return text.split('\n').map((line) => {
    const start = offset + line.length - line.trimStart().length;
    const end = offset + line.trimEnd().length;
    offset += line.length + 1;
    return { start: Math.min(start, end), end };
  });
}

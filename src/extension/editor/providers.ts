import * as vscode from 'vscode';
import { scopeLineProblems } from '../../core/estate/scopeLineProblems.ts';
import type { AtOffset, OfText } from '../../kql/language/face.ts';
import { TOKEN_TYPES } from '../../kql/language/face.ts';
import type { App } from '../platform/app.ts';
import { CompletionList, languageAsker } from './completionList.ts';
import { toEdits, toMarkdown, toOffsets, toRange } from './convert.ts';
import type { SchemaFeed } from './schemaFeed.ts';

const SELECTOR: vscode.DocumentSelector = { language: 'kusto' };
const LEGEND = new vscode.SemanticTokensLegend([...TOKEN_TYPES]);

/**
 * VS Code's language features, each a question to the language service. One that fails or is cancelled shows nothing.
 */
export function registerProviders(app: App, feed: SchemaFeed): vscode.Disposable[] {
  const ask = languageAsker(app, 'editor');
  const of = (document: vscode.TextDocument): OfText => feed.questionOf(document);
  const at = (document: vscode.TextDocument, position: vscode.Position): AtOffset => {
    const offset = document.offsetAt(position);
    const schemaId = feed.schemaId(document, offset);
    return { text: document.getText(), ...(schemaId ? { schemaId } : {}), offset };
  };
  const offered = new CompletionList(ask);
  const { languages } = vscode;

  return [
    languages.registerCompletionItemProvider(
      SELECTOR,
      {
        async provideCompletionItems(document, position, token) {
          feed.wake();
          const question = at(document, position);
          const list = await ask('completion', token, (service, signal) => service.completion(question, signal));
          if (!list) return undefined;
          return offered.show(list.items, question, toRange(document, list.range));
        },
        resolveCompletionItem: (item, token) => offered.describe(item, token),
      },
      '|',
      ' ',
      '.',
      '(',
      ',',
      '=',
      ':',
      '[',
      '"',
      '@',
    ),
    languages.registerHoverProvider(SELECTOR, {
      async provideHover(document, position, token) {
        feed.wake();
        const hover = await ask('hover', token, (service, signal) => service.hover(at(document, position), signal));
        if (!hover) return undefined;
        const { estate, state } = app.estate;
        const offset = document.offsetAt(position);
        const problem =
          estate && state === 'loaded'
            ? scopeLineProblems(document.getText(), estate).find(({ start, end }) => start <= offset && offset <= end)
            : undefined;
        if (problem) return new vscode.Hover(toMarkdown({ notes: [problem.message] }), toRange(document, problem));
        return new vscode.Hover(toMarkdown(hover, hover.code), toRange(document, hover.range));
      },
    }),
    languages.registerSignatureHelpProvider(
      SELECTOR,
      {
        async provideSignatureHelp(document, position, token) {
          const found = await ask('signatureHelp', token, (service, signal) =>
            service.signatureHelp(at(document, position), signal),
          );
          if (!found) return undefined;
          const help = new vscode.SignatureHelp();
          help.signatures = found.signatures.map((signature) => {
            const shown = new vscode.SignatureInformation(
              signature.label,
              signature.about && toMarkdown(signature.about),
            );
            shown.parameters = signature.parameters.map(
              ({ label: [start, end] }) => new vscode.ParameterInformation([start, end]),
            );
            return shown;
          });
          help.activeSignature = found.activeSignature;
          help.activeParameter = found.activeParameter;
          return help;
        },
      },
      '(',
      ',',
    ),
    languages.registerDocumentFormattingEditProvider(SELECTOR, {
      async provideDocumentFormattingEdits(document, { tabSize }, token) {
        return toEdits(
          document,
          (await ask('format', token, (service, signal) => service.format({ ...of(document), tabSize }, signal))) ?? [],
        );
      },
    }),
    languages.registerDocumentRangeFormattingEditProvider(SELECTOR, {
      async provideDocumentRangeFormattingEdits(document, range, { tabSize }, token) {
        return toEdits(
          document,
          (await ask('format', token, (service, signal) =>
            service.format({ ...of(document), tabSize, range: toOffsets(document, range) }, signal),
          )) ?? [],
        );
      },
    }),
    languages.registerRenameProvider(SELECTOR, {
      async prepareRename(document, position, token) {
        const target = await ask('prepareRename', token, (service, signal) =>
          service.prepareRename(at(document, position), signal),
        );
        if (!target) return undefined;
        if (!target.ok) throw new Error(target.reason);
        return { range: toRange(document, target.range), placeholder: target.name };
      },
      async provideRenameEdits(document, position, newName, token) {
        const answer = await ask('rename', token, (service, signal) =>
          service.rename({ ...at(document, position), newName }, signal),
        );
        if (!answer) return undefined;
        if (!answer.ok) throw new Error(answer.reason);
        const edit = new vscode.WorkspaceEdit();
        edit.set(document.uri, toEdits(document, answer.changes));
        return edit;
      },
    }),
    languages.registerDefinitionProvider(SELECTOR, {
      async provideDefinition(document, position, token) {
        const found = await ask('definition', token, (service, signal) =>
          service.definition(at(document, position), signal),
        );
        if (!found) return undefined;
        if (found.kind === 'text') return new vscode.Location(document.uri, toRange(document, found.range));
        return new vscode.Location(app.documents.keep(`${found.name}.kql`, found.text), new vscode.Position(0, 0));
      },
    }),
    languages.registerReferenceProvider(SELECTOR, {
      async provideReferences(document, position, { includeDeclaration }, token) {
        const found =
          (await ask('references', token, (service, signal) => service.references(at(document, position), signal))) ??
          [];
        return found
          .filter((one) => includeDeclaration || !one.declaration)
          .map((one) => new vscode.Location(document.uri, toRange(document, one)));
      },
    }),
    languages.registerFoldingRangeProvider(SELECTOR, {
      async provideFoldingRanges(document, _context, token) {
        const found =
          (await ask('folding', token, (service, signal) => service.folding({ text: document.getText() }, signal))) ??
          [];
        return found.map(
          (one) =>
            new vscode.FoldingRange(
              one.startLine,
              one.endLine,
              one.kind && (one.kind === 'comment' ? vscode.FoldingRangeKind.Comment : vscode.FoldingRangeKind.Region),
            ),
        );
      },
    }),
    languages.registerDocumentSemanticTokensProvider(
      SELECTOR,
      {
        async provideDocumentSemanticTokens(document, token) {
          const found = await ask('semanticTokens', token, (service, signal) =>
            service.semanticTokens(of(document), signal),
          );
          return found && new vscode.SemanticTokens(found.data);
        },
      },
      LEGEND,
    ),
    languages.registerCodeActionsProvider(
      SELECTOR,
      {
        async provideCodeActions(document, range, context, token) {
          const found =
            (await ask('codeActions', token, (service, signal) =>
              service.codeActions({ ...of(document), range: toOffsets(document, range) }, signal),
            )) ?? [];
          return found.map((one) => {
            const action = new vscode.CodeAction(one.title, vscode.CodeActionKind.Empty.append(one.kind));
            action.edit = new vscode.WorkspaceEdit();
            action.edit.set(document.uri, toEdits(document, one.changes));
            const { fixes } = one;
            if (fixes)
              action.diagnostics = context.diagnostics.filter(
                (known) => known.code === fixes.code && known.range.isEqual(toRange(document, fixes)),
              );
            return action;
          });
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.Refactor] },
    ),
  ];
}

import { CompletionItemKind, DiagnosticSeverity, Range } from 'vscode';
import type { TextDocument } from 'vscode';
import type { CompletionKind, Severity, TextChange, TextRange } from '../../kql/language/face.ts';
import { TextEdit } from 'vscode';

/** The language service speaks in offsets, VS Code in lines. */
export function toRange(document: TextDocument, { start, end }: TextRange): Range { return new Range(document.positionAt(start), document.positionAt(end)); }
export function toOffsets(document: TextDocument, range: Range): TextRange { return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) }; }
export function toEdits(document: TextDocument, changes: readonly TextChange[]): TextEdit[] { return changes.map((change) => TextEdit.replace(toRange(document, change), change.newText)); }

export const COMPLETION_KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword, operator: CompletionItemKind.Operator, column: CompletionItemKind.Field, table: CompletionItemKind.Class,
  function: CompletionItemKind.Function, aggregate: CompletionItemKind.Function, plugin: CompletionItemKind.Module, storedFunction: CompletionItemKind.Method,
  localFunction: CompletionItemKind.Method, variable: CompletionItemKind.Variable, parameter: CompletionItemKind.Variable, type: CompletionItemKind.TypeParameter,
  option: CompletionItemKind.EnumMember, chart: CompletionItemKind.EnumMember, database: CompletionItemKind.Module, snippet: CompletionItemKind.Snippet, scope: CompletionItemKind.Reference,
};

export const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, information: DiagnosticSeverity.Information, hint: DiagnosticSeverity.Hint,
};

import {
  CompletionItem as ShownCompletion,
  CompletionItemKind,
  Diagnostic,
  DiagnosticSeverity,
  MarkdownString,
  Range,
  SnippetString,
  TextEdit,
} from 'vscode';
import type { TextDocument } from 'vscode';
import { visibleLines, visibleText } from '../../base/visibleText.ts';
import type {
  CompletionItem,
  CompletionKind,
  Documentation,
  Severity,
  TextChange,
  TextDiagnostic,
  TextRange,
} from '../../kql/language/face.ts';
import { codeBlock, escapeMarkdown } from '../../base/markdown.ts';

/** The language service speaks in offsets, VS Code in lines. */
export function toRange(document: TextDocument, { start, end }: TextRange): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
/** VS Code's lines and characters as offsets in the document's text. */
export function toOffsets(document: TextDocument, range: Range): TextRange {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}
/** The language service's changes as edits of the document they were made for. */
export function toEdits(document: TextDocument, changes: readonly TextChange[]): TextEdit[] {
  return changes.map((change) => TextEdit.replace(toRange(document, change), change.newText));
}

/** VS Code's icon for each kind of completion. */
export const COMPLETION_KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  operator: CompletionItemKind.Operator,
  column: CompletionItemKind.Field,
  table: CompletionItemKind.Class,
  function: CompletionItemKind.Function,
  aggregate: CompletionItemKind.Function,
  plugin: CompletionItemKind.Module,
  storedFunction: CompletionItemKind.Method,
  localFunction: CompletionItemKind.Method,
  variable: CompletionItemKind.Variable,
  parameter: CompletionItemKind.Variable,
  type: CompletionItemKind.TypeParameter,
  option: CompletionItemKind.EnumMember,
  chart: CompletionItemKind.EnumMember,
  database: CompletionItemKind.Module,
  snippet: CompletionItemKind.Snippet,
  scope: CompletionItemKind.Reference,
};

/** One completion as VS Code's list has it, in place of `range`. */
export function toCompletion(item: CompletionItem, range: Range): ShownCompletion {
  const shown = new ShownCompletion(
    { label: visibleText(item.label), ...(item.detail ? { description: visibleText(item.detail) } : {}) },
    COMPLETION_KINDS[item.kind],
  );
  shown.insertText = item.snippet ? new SnippetString(item.insertText) : item.insertText;
  shown.range = range;
  shown.sortText = item.sortText;
  shown.filterText = item.filterText;
  if (item.retrigger) shown.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  return shown;
}

/** A mark of the Problems view: its message may hold names of others. */
export function toDiagnostic(
  document: TextDocument,
  range: TextRange,
  message: string,
  severity: DiagnosticSeverity,
): Diagnostic {
  return new Diagnostic(toRange(document, range), visibleLines(message), severity);
}

/** VS Code's severity for each of the language service's. */
const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What the language service found at a place, as a mark of the Problems view; `range` where that is another one. */
export function toMark(document: TextDocument, found: TextDiagnostic, range: TextRange = found): Diagnostic {
  const mark = toDiagnostic(document, range, found.message, SEVERITIES[found.severity]);
  mark.source = found.source;
  mark.code = found.code;
  return mark;
}

/** Sentences as text (a schema may hold anything), code as code, and one link, which is ours. */
export function toMarkdown({ notes, link }: Documentation, code = ''): MarkdownString {
  const made = new MarkdownString();
  if (code !== '') made.appendMarkdown(`\n${codeBlock(code, 'kusto')}\n`);
  // appendText would make every blank one that does not break, and long sentences one line.
  for (const note of notes) made.appendMarkdown(`${escapeMarkdown(note)}\n\n`);
  return link === undefined ? made : made.appendMarkdown(`[Documentation](${link})`);
}

import { CompletionItem, CompletionItemKind, Hover, MarkdownString, Range, languages } from 'vscode';
import type { Disposable, DocumentSelector, Position, TextDocument } from 'vscode';
import { escapeMarkdown } from '../../base/markdown.ts';
import { settingAt, settingsOfferedAt } from '../../kql/queryFiles/settingLine.ts';
import type { WordsOfSettings } from '../../kql/queryFiles/settingLine.ts';

/** Completion and hover of the `// @...` lines of files. What YAML says its JSON schema knows. */
export function registerSettingLines(selector: DocumentSelector, words: () => WordsOfSettings): Disposable[] {
  return [
    languages.registerCompletionItemProvider(
      selector,
      { provideCompletionItems: (document, position) => completionsAt(document, position, words()) },
      '@',
      ' ',
    ),
    languages.registerHoverProvider(selector, {
      provideHover: (document, position) => hoverAt(document, position, words()),
    }),
  ];
}

function completionsAt(document: TextDocument, position: Position, words: WordsOfSettings): CompletionItem[] {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  const found = settingsOfferedAt(before, words);
  if (!found) return [];
  const { column, kind, offered } = found;
  const range = new Range(position.line, column, position.line, position.character);
  return offered.map(({ text, about, hasValues }, i) => {
    const isSetting = kind === 'setting';
    const item = new CompletionItem(text, isSetting ? CompletionItemKind.Property : CompletionItemKind.Value);
    if (isSetting) item.insertText = `${text} `;
    item.range = range;
    item.sortText = String(i).padStart(2, '0');
    if (about !== undefined) item.documentation = about;
    if (hasValues === true) item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
    return item;
  });
}

function hoverAt(document: TextDocument, { line, character }: Position, words: WordsOfSettings): Hover | undefined {
  const found = settingAt(document.lineAt(line).text, character, words);
  if (!found) return undefined;
  return new Hover(new MarkdownString(escapeMarkdown(found.text)), new Range(line, found.from, line, found.to));
}

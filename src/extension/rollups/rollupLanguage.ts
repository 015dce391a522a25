import { CodeLens, CompletionItem, CompletionItemKind, Hover, MarkdownString, Range, languages } from 'vscode';
import type { CodeLensProvider, Command, Disposable, DocumentSelector, Event, Position, TextDocument } from 'vscode';
import { escapeMarkdown } from '../../base/markdown.ts';
import { ROLLUP_FOLDER } from '../../kql/queryFiles/rollupFile.ts';
import { SETTINGS } from '../../kql/queryFiles/rollupSettings.ts';
import { SETTING_WORDS } from '../../kql/queryFiles/rollupSettingWords.ts';
import type { App } from '../platform/app.ts';
import type { CommandId } from '../platform/commandIds.ts';
import { readSetting } from '../platform/settings.ts';
import type { RollupBook } from './rollupBook.ts';
import { isRollupDocument } from './rollupFiles.ts';

const KQL: DocumentSelector = { language: 'kusto', pattern: `**/${ROLLUP_FOLDER}/*` };
const ALL: DocumentSelector = { pattern: `**/${ROLLUP_FOLDER}/*.{kql,kusto,csl,yaml,yml}` };
const NAME = /^(\s*\/\/\s*@)([A-Za-z]*)$/;
const VALUE = /^\s*\/\/\s*@([A-Za-z]+)\s+(.*)$/;
const WHOLE = /^(\s*\/\/\s*@)([A-Za-z]+)/;

/** Lenses of roll-up files, and completion and hover of their `// @...` lines. What YAML says its JSON schema knows. */
export function registerRollupLanguage(app: App, book: RollupBook): Disposable[] {
  const lenses: CodeLensProvider = {
    onDidChangeCodeLenses: book.onDidLook as Event<void>,
    provideCodeLenses: (document) => lensesOf(document, book),
  };
  return [
    languages.registerCodeLensProvider(ALL, lenses),
    languages.registerCompletionItemProvider(
      KQL,
      { provideCompletionItems: (document, position) => completionsAt(document, position, app) },
      '@',
      ' ',
    ),
    languages.registerHoverProvider(KQL, { provideHover: hoverAt }),
  ];
}

function lensesOf(document: TextDocument, book: RollupBook): CodeLens[] {
  if (!readSetting('query.codeLens') || !isRollupDocument(document)) return [];
  const place = { uri: document.uri.toString(), offset: 0 };
  const lens = (title: string, command: CommandId, tooltip: string): CodeLens =>
    new CodeLens(new Range(0, 0, 0, 0), { title, command, tooltip, arguments: [place] } satisfies Command);
  const known = book.picture?.files.find(({ path }) => path === place.uri);
  const stored = book.picture?.names.some(({ id }) => id === known?.id) === true;
  return [
    lens('$(sync) Run Now', 'tenantscope.rollups.runHere', 'Read and store every window that is over'),
    lens('Dry Run', 'tenantscope.rollups.dryRunHere', 'Read the last window of each workspace and store nothing'),
    lens('Backfill...', 'tenantscope.rollups.backfillHere', 'Read and store the windows of a range again'),
    ...(stored ? [lens('Show Rows', 'tenantscope.rollups.showRowsHere', 'Ask the centre for what is stored')] : []),
  ];
}

/** The settings behind `// @`, and what is often meant behind the name of one. */
function completionsAt(document: TextDocument, position: Position, app: App): CompletionItem[] {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  const name = NAME.exec(before);
  if (name) {
    const range = new Range(position.line, name[1]!.length, position.line, position.character);
    return SETTINGS.map((setting, i) => {
      const item = new CompletionItem(setting, CompletionItemKind.Property);
      item.insertText = `${setting} `;
      item.range = range;
      item.sortText = String(i).padStart(2, '0');
      item.documentation = SETTING_WORDS[setting].about;
      if (SETTING_WORDS[setting].values.length > 0)
        item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
      return item;
    });
  }
  const value = VALUE.exec(before);
  const setting = value && SETTINGS.find((one) => one === value[1]!.toLowerCase());
  if (!value || !setting) return [];
  const range = new Range(position.line, position.character - value[2]!.length, position.line, position.character);
  const owners = setting === 'owner' ? (app.estate.estate?.accounts.map(({ label }) => label) ?? []) : [];
  return [...SETTING_WORDS[setting].values, ...owners].map((text, i) => {
    const item = new CompletionItem(text, CompletionItemKind.Value);
    item.range = range;
    item.sortText = String(i).padStart(2, '0');
    return item;
  });
}

function hoverAt(document: TextDocument, position: Position): Hover | undefined {
  const found = WHOLE.exec(document.lineAt(position.line).text);
  const setting = found && SETTINGS.find((one) => one === found[2]!.toLowerCase());
  if (!found || !setting) return undefined;
  const [from, to] = [found[1]!.length, found[0].length];
  if (position.character < from || position.character > to) return undefined;
  const { about, values } = SETTING_WORDS[setting];
  const text = values.length > 0 ? `${about} Such as ${values.join(', ')}.` : about;
  return new Hover(new MarkdownString(escapeMarkdown(text)), new Range(position.line, from, position.line, to));
}

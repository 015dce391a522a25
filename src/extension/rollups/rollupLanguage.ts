import { CodeLens, Range, languages } from 'vscode';
import type { CodeLensProvider, Command, Disposable, DocumentSelector, Event, TextDocument } from 'vscode';
import { ROLLUP_FOLDER } from '../../kql/queryFiles/rollupFile.ts';
import { SETTING_WORDS } from '../../kql/queryFiles/rollupSettingWords.ts';
import type { WordsOfSettings } from '../../kql/queryFiles/settingLine.ts';
import type { App } from '../platform/app.ts';
import type { CommandId } from '../platform/commandIds.ts';
import { readSetting } from '../platform/settings.ts';
import { registerSettingLines } from '../session/settingLines.ts';
import type { RollupBook } from './rollupBook.ts';
import { isRollupDocument } from './rollupFiles.ts';

const KQL: DocumentSelector = { language: 'kusto', pattern: `**/${ROLLUP_FOLDER}/*` };
const ALL: DocumentSelector = { pattern: `**/${ROLLUP_FOLDER}/*.{kql,kusto,csl,yaml,yml}` };

/** Lenses of roll-up files, and completion and hover of their `// @...` lines. What YAML says its JSON schema knows. */
export function registerRollupLanguage(app: App, book: RollupBook): Disposable[] {
  const lenses: CodeLensProvider = {
    onDidChangeCodeLenses: book.onDidLook as Event<void>,
    provideCodeLenses: (document) => lensesOf(document, book),
  };
  return [languages.registerCodeLensProvider(ALL, lenses), ...registerSettingLines(KQL, () => wordsOf(app))];
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

/** What settings mean; who may answer for a roll-up are the accounts that are known. */
function wordsOf(app: App): WordsOfSettings {
  const owners = app.estate.estate?.accounts.map(({ label }) => label) ?? [];
  const { owner } = SETTING_WORDS;
  return { ...SETTING_WORDS, owner: { ...owner, values: [...owner.values, ...owners] } };
}

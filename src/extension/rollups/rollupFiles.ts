import { RelativePattern, Uri, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import { decodeText } from '../../base/decodeText.ts';
import { ROLLUP_FILE, ROLLUP_FOLDER } from '../../kql/queryFiles/rollupFile.ts';
import type { RollupText } from '../../protocol/rollups.ts';

/** Files that are roll-ups, in every open folder. */
const ROLLUP_GLOB = `**/${ROLLUP_FOLDER}/*.{kql,kusto,csl,yaml,yml}`;
/** What tells that there may be other ones: of a folder that comes with its files the system may tell alone. */
export const ROLLUP_PLACES = `{**/.tenantscope,**/.tenantscope/centres.json,**/${ROLLUP_FOLDER},${ROLLUP_GLOB}}`;
/** Most roll-ups of a folder; and larger files are none. */
const MOST_FILES = 500;
const MAX_BYTES = 1_000_000;

/** Whether a document is a roll-up's file: by where it lies. */
export function isRollupDocument({ uri, isUntitled }: Pick<TextDocument, 'uri' | 'isUntitled'>): boolean {
  return !isUntitled && uri.path.includes(`/${ROLLUP_FOLDER}/`) && ROLLUP_FILE.test(uri.path);
}

/** The roll-ups of the open folders, each as it is in the editor where it is open, else as it is saved. */
export async function readRollupTexts(): Promise<RollupText[]> {
  const found = await Promise.all(
    (workspace.workspaceFolders ?? []).map((folder) =>
      workspace.findFiles(new RelativePattern(folder, ROLLUP_GLOB), '**/node_modules/**', MOST_FILES),
    ),
  );
  const texts = await Promise.all(found.flat().map((uri) => readRollupText(uri).catch(() => undefined)));
  return texts.flatMap((one) => one ?? []).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One of them. Rejects where it cannot be read. */
export async function readRollupText(uri: Uri): Promise<RollupText> {
  const path = uri.toString();
  const open = workspace.textDocuments.find((one) => one.uri.toString() === path);
  if (open) return { path, text: open.getText() };
  if ((await workspace.fs.stat(uri)).size > MAX_BYTES)
    return { path, text: '// This file is too large to be a roll-up.' };
  return { path, text: decodeText(await workspace.fs.readFile(uri)) };
}

/** Where new roll-ups are written: in the folder of this document, else in the first that is open. */
export function rollupFolderFor(document: TextDocument | undefined): Uri | undefined {
  const folder = (document && workspace.getWorkspaceFolder(document.uri)) ?? workspace.workspaceFolders?.[0];
  return folder && Uri.joinPath(folder.uri, ...ROLLUP_FOLDER.split('/'));
}

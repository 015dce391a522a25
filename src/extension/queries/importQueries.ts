import { Uri, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { counted } from '../../base/counted.ts';
import { decodeText } from '../../base/decodeText.ts';
import { tellIgnored } from '../../kql/queryFiles/withoutReach.ts';
import { toQueryFile } from '../../core/queryPacks/toQueryFile.ts';
import type { SavedQuery } from '../../model/savedQuery.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { fileNameOf } from './queryFiles.ts';
import { pickPlace } from './pickPlace.ts';

const TITLE = 'Import Saved Queries';

/**
 * Takes saved queries of a workspace or query pack into files: which, and into which folder, is asked. A file that is
 * there with another text is replaced only when the person says so. Resolves to true where files were written.
 */
export async function importQueries(app: App, personal: Uri): Promise<boolean> {
  const place = await pickPlace(app, TITLE);
  if (!place) return false;
  const { told, ...asked } = place;
  const saved = await app.worker.request('savedQueries.list', asked);
  if (saved.length === 0) {
    app.notify.info(`There is no saved query in ${told}.`);
    return false;
  }
  const chosen = await pickQueries(saved);
  if (!chosen || chosen.length === 0) return false;
  const folder = await pickFolder(personal);
  if (!folder) return false;
  const files = await plan(folder, chosen);
  const replaced = files.filter(({ state }) => state === 'replaced');
  if (
    replaced.length > 0 &&
    !(await app.notify.confirm(
      `Replace ${counted(replaced.length, 'file')}?`,
      `These are there with another text: ${replaced.map(({ name }) => name).join(', ')}. Nothing was written yet.`,
      'Replace',
    ))
  )
    return false;
  await workspace.fs.createDirectory(folder);
  for (const { uri, text, state } of files)
    if (state !== 'same') await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const [first] = files;
  if (first) await window.showTextDocument(await workspace.openTextDocument(first.uri), { preview: true });
  const ignored = files.flatMap((file) => file.ignored);
  const said = `${counted(files.length, 'query', 'queries')} of ${told} in ${workspace.asRelativePath(folder)}.`;
  if (ignored.length > 0) app.notify.warn(`${said} ${tellIgnored(ignored)}`);
  else app.notify.info(said);
  return true;
}

async function pickQueries(saved: readonly SavedQuery[]): Promise<readonly SavedQuery[] | undefined> {
  const items = saved.map((query): QuickPickItem & { readonly query: SavedQuery } => ({
    label: plainLabel(query.name),
    ...(query.category ? { description: plainLabel(query.category) } : {}),
    detail: plainLabel(query.description ?? query.text.slice(0, 200)),
    query,
  }));
  const picked = await window.showQuickPick(items, {
    title: TITLE,
    placeHolder: 'Which queries?',
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.map(({ query }) => query);
}

async function pickFolder(personal: Uri): Promise<Uri | undefined> {
  const folders = (workspace.workspaceFolders ?? []).map((one) => ({
    label: plainLabel(one.name),
    description: 'queries',
    uri: Uri.joinPath(one.uri, 'queries'),
  }));
  const choice = await window.showQuickPick(
    [
      ...folders,
      { label: 'Personal queries', description: 'yours alone, in every folder', uri: personal },
      { label: 'Another folder...', description: '', uri: undefined },
    ],
    { title: TITLE, placeHolder: 'Into which folder?' },
  );
  if (!choice || choice.uri) return choice?.uri;
  const [opened] =
    (await window.showOpenDialog({
      title: TITLE,
      openLabel: 'Import Here',
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return opened;
}

interface ImportedFile {
  readonly name: string;
  readonly uri: Uri;
  readonly text: string;
  readonly state: 'new' | 'same' | 'replaced';
  readonly ignored: readonly string[];
}

async function plan(folder: Uri, queries: readonly SavedQuery[]): Promise<readonly ImportedFile[]> {
  const taken = new Set<string>();
  const files: ImportedFile[] = [];
  for (const query of queries) {
    const stem = fileNameOf(query.name).replace(/\.kql$/, '');
    let name = `${stem}.kql`;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}.kql`;
    taken.add(name.toLowerCase());
    const uri = Uri.joinPath(folder, name);
    const { text, ignored } = toQueryFile(query);
    const there = await workspace.fs.readFile(uri).then(
      (bytes) => decodeText(bytes),
      () => undefined,
    );
    files.push({ name, uri, text, ignored, state: there === undefined ? 'new' : there === text ? 'same' : 'replaced' });
  }
  return files;
}

import { Uri, workspace } from 'vscode';
import { decodeText } from '../../base/decodeText.ts';
import type { NamedText } from '../../protocol/assess.ts';

/**
 * The file of this name in `.tenantscope` of the first open folder that has one, and only of a folder somebody trusts;
 * undefined where there is none.
 */
export async function readInRepository(name: 'fit.json' | 'baseline.json'): Promise<NamedText | undefined> {
  return (await findInRepository(name))?.file;
}

/** The same with its address. */
export async function findInRepository(
  name: 'fit.json' | 'baseline.json',
): Promise<{ readonly uri: Uri; readonly file: NamedText } | undefined> {
  if (!workspace.isTrusted) return undefined;
  for (const folder of workspace.workspaceFolders ?? []) {
    const uri = Uri.joinPath(folder.uri, '.tenantscope', name);
    const text = await workspace.fs.readFile(uri).then(decodeText, () => undefined);
    if (text !== undefined) return { uri, file: { label: uri.scheme === 'file' ? uri.fsPath : uri.toString(), text } };
  }
  return undefined;
}

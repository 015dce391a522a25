import { Uri, workspace } from 'vscode';
import { decodeText } from '../../base/decodeText.ts';

/**
 * The provider's weights of the criteria, `.tenantscope/fit.json` of the first open folder that has one, and only of a
 * folder somebody trusts; undefined where there is none.
 */
export async function readWeights(): Promise<{ readonly label: string; readonly text: string } | undefined> {
  if (!workspace.isTrusted) return undefined;
  for (const folder of workspace.workspaceFolders ?? []) {
    const uri = Uri.joinPath(folder.uri, '.tenantscope', 'fit.json');
    const text = await workspace.fs.readFile(uri).then(decodeText, () => undefined);
    if (text !== undefined) return { label: uri.scheme === 'file' ? uri.fsPath : uri.toString(), text };
  }
  return undefined;
}

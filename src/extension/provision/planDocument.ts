import { Uri, commands, languages, window, workspace } from 'vscode';
import { PLAN_SCHEME } from '../platform/virtualDocuments.ts';

/** The language of plans: colours, wrapped lines and no links of others. */
export const PLAN_LANGUAGE = 'tenantscope-plan';

/** Shows a plan in an editor with the whole height of the window: a panel below would leave two lines of it. */
export async function layPlanDocument(uri: Uri): Promise<void> {
  await commands.executeCommand('workbench.action.closePanel');
  await showPlanDocument(uri);
}

/** Shows it where it lies. */
export async function showPlanDocument(uri: Uri): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  await window.showTextDocument(document, { preview: false });
  if (document.languageId !== PLAN_LANGUAGE) await languages.setTextDocumentLanguage(document, PLAN_LANGUAGE);
}

/** Of a lens, a button above the editor, or (from the palette) the editor in front; undefined where that is no plan. */
export function planUriOf(target: unknown): Uri | undefined {
  if (target instanceof Uri) return target;
  const uri = window.activeTextEditor?.document.uri;
  return uri?.scheme === PLAN_SCHEME ? uri : undefined;
}

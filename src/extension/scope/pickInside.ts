import { Range, WorkspaceEdit, workspace } from 'vscode';
import { printScopeLine } from '../../kql/scopeLine.ts';
import { writeInside } from '../../kql/queryFiles/writeInside.ts';
import type { App } from '../platform/app.ts';
import type { QueryInside } from '../session/queriesInside.ts';
import { pickScope } from '../session/pickScope.ts';

/**
 * Chooses the scope of a query inside a document of another language: into its scope line where it has one, else beside
 * the document.
 */
export async function pickInside(app: App, { document, query }: QueryInside): Promise<void> {
  const line = query.scope;
  const { version } = document;
  const scope = await pickScope(await app.estate.ensure(), app.scope.ofInside(document, line).scope);
  if (!scope) return;
  const written = line && writeInside(document.getText(), query, printScopeLine(scope));
  if (written === undefined || document.version !== version) {
    await app.scope.setInside(scope, document);
    return;
  }
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(document.positionAt(line!.start), document.positionAt(line!.end)), written);
  await workspace.applyEdit(edit);
}

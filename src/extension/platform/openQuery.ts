import { Selection, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import { findScopeLine, printScopeLine } from '../../kql/scopeLine.ts';
import type { Scope } from '../../model/scope.ts';

/**
 * A new unsaved query, its scope written into it where one is given and it does not say one itself, the cursor at its
 * end.
 */
export async function openNewQuery(text: string, scope?: Scope): Promise<TextDocument> {
  const content = scope && !findScopeLine(text) ? `${printScopeLine(scope)}\n\n${text}` : text;
  const document = await workspace.openTextDocument({ language: 'kusto', content });
  const editor = await window.showTextDocument(document);
  const end = document.positionAt(content.length);
  editor.selection = new Selection(end, end);
  return document;
}

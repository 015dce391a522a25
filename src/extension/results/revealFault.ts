import { Range, Uri, window, workspace } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { placeNow } from '../session/fault.ts';
import type { Fault } from '../session/fault.ts';

/**
 * Goes to what is at fault in its document, and selects it, wherever it stands by now. Throws `input.documentGone`
 * where the document was closed unsaved.
 */
export async function revealFault(fault: Fault): Promise<void> {
  const { uri } = fault.origin;
  const open = workspace.textDocuments.find((one) => one.uri.toString() === uri && !one.isClosed);
  const place = Uri.parse(uri);
  if (!open && place.scheme === 'untitled')
    throw new AppError('input.documentGone', `${fault.origin.name} was closed without being saved.`);
  const document = open ?? (await workspace.openTextDocument(place));
  const { start, end } = placeNow(fault, document.getText()) ?? { start: 0, end: 0 };
  const seen = window.visibleTextEditors.find((editor) => editor.document === document);
  await window.showTextDocument(document, {
    ...(seen?.viewColumn === undefined ? {} : { viewColumn: seen.viewColumn }),
    selection: new Range(document.positionAt(start), document.positionAt(end)),
  });
}

import { Uri, commands, window, workspace } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { ExportFormat } from '../../model/exportFormat.ts';
import { plainMessage } from '../platform/plainMessage.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import type { ExportEnds } from './exportRows.ts';

const NAMES: Readonly<Record<ExportFormat, string>> = {
  csv: 'CSV',
  json: 'JSON',
  parquet: 'Parquet',
  xlsx: 'Excel Workbook',
  md: 'Markdown',
};

/** VS Code's own dialogs, progress and messages for an export. */
export function exportEnds(): ExportEnds {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return {
    choose: async (title, choices) =>
      (
        await window.showQuickPick([...choices], {
          title,
          matchOnDetail: true,
        })
      )?.value,
    saveAs: async (name, format) =>
      toPath(
        await window.showSaveDialog({
          ...(folder ? { defaultUri: Uri.joinPath(folder, name) } : {}),
          title: 'Export Rows',
          saveLabel: 'Export',
          filters: { [NAMES[format]]: [format] },
        }),
      ),
    folder: async () => {
      const chosen = await window.showOpenDialog({
        ...(folder ? { defaultUri: folder } : {}),
        title: 'Folder for a File per Customer',
        openLabel: 'Export Here',
        canSelectFiles: false,
        canSelectFolders: true,
        canSelectMany: false,
      });
      return toPath(chosen?.[0]);
    },
    working: withCancellableProgress,
    done: (message, path, open) => {
      const action = open ? 'Open' : 'Show in Folder';
      const target = Uri.file(path);
      void window.showInformationMessage(plainMessage(message), action).then(async (chosen) => {
        if (chosen !== action) return;
        if (open) await window.showTextDocument(await workspace.openTextDocument(target));
        else await commands.executeCommand('revealFileInOS', target);
      });
    },
  };
}

function toPath(target: Uri | undefined): string | undefined {
  if (target && target.scheme !== 'file')
    throw new AppError(
      'input.exportPlace',
      'Rows can be exported to files on this machine only. Choose a folder on disk.',
    );
  return target?.fsPath;
}

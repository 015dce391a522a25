import { Uri, commands, window, workspace } from 'vscode';
import { counted } from '../../base/counted.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { plainMessage } from '../platform/plainMessage.ts';
import { withViewProgress } from '../platform/progress.ts';
import { withApproval } from './approveCentres.ts';
import { ROLLUPS_VIEW } from './rollupsTree.ts';
import type { RunnableRollup } from './runRollup.ts';

const TITLE = 'Export Power BI Project';

/** Asks for centre and folder, writes a Power BI project over what a roll-up stored there, and offers to show it. */
export async function exportPowerBi(app: App, { name, file }: RunnableRollup): Promise<void> {
  const sinks = await app.worker.request('centres.of', file);
  const centre = sinks.length === 1 ? sinks[0]!.name : await askCentre(sinks.map((sink) => sink.name));
  if (centre === undefined) return;
  const [first] = workspace.workspaceFolders ?? [];
  const [chosen] =
    (await window.showOpenDialog({
      title: plainLabel(`The Folder for the Power BI Project of ${name}`),
      openLabel: 'Export Here',
      canSelectFiles: false,
      canSelectFolders: true,
      ...(first ? { defaultUri: first.uri } : {}),
    })) ?? [];
  if (!chosen) return;
  const { folder, notes } = await withApproval(app, () =>
    withViewProgress(ROLLUPS_VIEW, () =>
      app.worker.request('centres.powerBi', { files: [file], centre, folder: chosen.fsPath }),
    ),
  );
  if (notes.length > 0) app.log.info(`${TITLE}: ${notes.join(' ')}`);
  const told = notes.length > 0 ? ` ${counted(notes.length, 'note')} on it: ${notes[0]!}` : '';
  app.guard.background('rollups.powerBi', async () => {
    const show = 'Show in Folder';
    const text = plainMessage(`The Power BI project of ${name} was written to ${folder}.${told}`);
    if ((await window.showInformationMessage(text, show)) === show)
      await commands.executeCommand('revealFileInOS', Uri.file(folder));
  });
}

function askCentre(names: readonly string[]): Thenable<string | undefined> {
  return window.showQuickPick(names, { title: TITLE, placeHolder: 'Over which centre?' });
}

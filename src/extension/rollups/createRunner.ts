import { window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { escapeMarkdown } from '../../base/markdown.ts';
import type { RunnerKind } from '../../protocol/centres.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { withViewProgress } from '../platform/progress.ts';
import { withApproval } from './approveCentres.ts';
import { ROLLUPS_VIEW } from './rollupsTree.ts';
import type { RunnableRollup } from './runRollup.ts';

const KINDS: readonly (QuickPickItem & { readonly of: RunnerKind; readonly language: string })[] = [
  {
    label: 'GitHub Actions',
    detail: 'A workflow, for .github/workflows of a repository',
    of: 'github',
    language: 'yaml',
  },
  {
    label: 'Azure Container Apps',
    detail: 'A job by an ARM template; several replicas share the work',
    of: 'containerApps',
    language: 'json',
  },
  {
    label: 'Logic App',
    detail: 'An ARM template, into one centre of Log Analytics; what it cannot do is told',
    of: 'logicApp',
    language: 'json',
  },
];

/**
 * Asks what is to run a roll-up without anybody's machine, and opens the file of it, which nobody has saved yet. `all`:
 * it is the only one, so that those to come are run, too.
 */
export async function createRunner(app: App, { name, file }: RunnableRollup, all: boolean): Promise<void> {
  const title = plainLabel(`Create Runner File for ${name}`);
  const picked = await window.showQuickPick(KINDS, { title, placeHolder: 'What is to run it on its schedule?' });
  if (!picked) return;
  const { of: kind, language } = picked;
  const { text, notes } = await withApproval(app, () =>
    withViewProgress(ROLLUPS_VIEW, () => app.worker.request('centres.runner', { files: [file], all, kind })),
  );
  await window.showTextDocument(await workspace.openTextDocument({ content: text, language }), { preview: false });
  if (notes.length > 0)
    await app.documents.showMarkdown(`${name} - limits of the Logic App.md`, limitsDocument(name, notes));
}

function limitsDocument(name: string, notes: readonly string[]): string {
  return [
    `# ${escapeMarkdown(name)} by a Logic App: what it cannot do`,
    '',
    ...notes.map((note) => `- ${escapeMarkdown(note)}`),
    '',
  ].join('\n');
}

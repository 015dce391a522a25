import { Uri, commands, window, workspace } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { decodeText } from '../../base/decodeText.ts';
import { readNotebook } from '../../kql/notebook/notebookCells.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { NOTEBOOK_TYPE } from '../session/notebookCells.ts';
import { registerController } from './controller.ts';
import { registerOutputHosts } from './outputHosts.ts';
import { MARKDOWN_SERIALIZER, toNotebookData } from './serializer.ts';

/** Markdown files as notebooks: how they are read and written, what runs them, what their outputs may ask. */
export function registerNotebooks(
  app: App,
): CommandsOf<'tenantscope.notebook.open' | 'tenantscope.notebook.new' | 'tenantscope.notebook.import'> {
  // Outputs are never written into the file, so they are no change of it, and gone when it is closed.
  app.store.add(workspace.registerNotebookSerializer(NOTEBOOK_TYPE, MARKDOWN_SERIALIZER, { transientOutputs: true }));
  app.store.add(registerController(app));
  app.store.add(registerOutputHosts(app));
  return {
    'tenantscope.notebook.open': async (place) => {
      const uri = place instanceof Uri ? place : window.activeTextEditor?.document.uri;
      if (!uri || !/\.(?:md|markdown)$/i.test(uri.path))
        throw new AppError('input.noNotebook', 'Open a Markdown file first: its fenced kql blocks become cells.');
      await commands.executeCommand('vscode.openWith', uri, NOTEBOOK_TYPE);
    },
    'tenantscope.notebook.new': async () => {
      const start = '# Notebook\n\n```kql\nHeartbeat\n| summarize machines = dcount(Computer) by _Customer\n```\n';
      await openNew(start);
    },
    'tenantscope.notebook.import': async (place) => {
      const uri = place instanceof Uri ? place : await chooseNotebook();
      if (!uri) return;
      const text = decodeText(await workspace.fs.readFile(uri));
      const language = await app.language();
      const { markdown, notes, queries } = await language.importNotebook({ text });
      await openNew(markdown);
      const left = notes.length > 0 ? ` ${notes.join(' ')}` : ' Everything was taken over.';
      const said = `${queries === 1 ? '1 query' : `${queries} queries`} imported.${left}`;
      if (notes.length > 0) app.notify.warn(said);
      else app.notify.info(said);
    },
  };
}

/** A notebook that nobody has saved yet, its cells new ones. */
async function openNew(text: string): Promise<void> {
  const data = toNotebookData(readNotebook(text));
  await window.showNotebookDocument(await workspace.openNotebookDocument(NOTEBOOK_TYPE, data));
}

async function chooseNotebook(): Promise<Uri | undefined> {
  const [chosen] =
    (await window.showOpenDialog({
      title: 'Import Notebook',
      openLabel: 'Import',
      filters: { 'Notebooks of Azure Data Studio and Jupyter': ['ipynb'] },
    })) ?? [];
  return chosen;
}

import { Range, Uri, commands, env, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { visibleText } from '../../base/visibleText.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { untrusted } from '../platform/dataWorker.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { FileDiagnostics } from '../session/fileDiagnostics.ts';
import type { LayPlan } from '../session/layPlan.ts';
import { readPlace } from '../session/queriesInside.ts';
import { withApproval } from './approveCentres.ts';
import { createRollup } from './createRollup.ts';
import { createRunner } from './createRunner.ts';
import { exportPowerBi } from './exportPowerBi.ts';
import { lakeSchema } from './lakeSchema.ts';
import { openOrigin } from './openOrigin.ts';
import { prepareCentre } from './prepareCentre.ts';
import { RollupBook } from './rollupBook.ts';
import { ROLLUP_PLACES, isRollupDocument, readRollupText, readRollupTexts } from './rollupFiles.ts';
import { registerRollupLanguage } from './rollupLanguage.ts';
import { findEntry, linesOf, toRollupTree } from './rollupNode.ts';
import type { CustomerNode, RollupEntry, RollupNode } from './rollupNode.ts';
import { ROLLUPS_VIEW, RollupsTree } from './rollupsTree.ts';
import { textsOfRollup } from './rollupTexts.ts';
import { askBackfill, dryRunRollup, runRollup } from './runRollup.ts';
import type { RunnableRollup } from './runRollup.ts';
import { rowsQuery } from './showRows.ts';
import { eraseCustomer, switchCustomer } from './switchCustomer.ts';

type RollupCommand =
  | 'tenantscope.rollups.refresh'
  | 'tenantscope.rollups.create'
  | 'tenantscope.rollups.run'
  | 'tenantscope.rollups.dryRun'
  | 'tenantscope.rollups.runHere'
  | 'tenantscope.rollups.dryRunHere'
  | 'tenantscope.rollups.backfillHere'
  | 'tenantscope.rollups.pauseHere'
  | 'tenantscope.rollups.resumeHere'
  | 'tenantscope.rollups.switchOffHere'
  | 'tenantscope.rollups.switchOnHere'
  | 'tenantscope.rollups.eraseHere'
  | 'tenantscope.rollups.openHere'
  | 'tenantscope.rollups.showRowsHere'
  | 'tenantscope.rollups.showGapsHere'
  | 'tenantscope.rollups.copyHere'
  | 'tenantscope.rollups.showOrigin'
  | 'tenantscope.rollups.prepare'
  | 'tenantscope.rollups.prepareHere'
  | 'tenantscope.rollups.exportPowerBi'
  | 'tenantscope.rollups.exportPowerBiHere'
  | 'tenantscope.rollups.createRunner'
  | 'tenantscope.rollups.createRunnerHere';

/** The Roll-ups view, what is done with roll-ups, and what their files get in the editor. `lay` shows a plan. */
export function registerRollups(
  app: App,
  lay: LayPlan,
): {
  readonly commands: CommandsOf<RollupCommand>;
  /** The lake is another one. */
  readonly forget: () => void;
} {
  const book = app.store.add(new RollupBook(app.worker, readRollupTexts));
  const look = (): Promise<unknown> =>
    workspace.isTrusted ? app.guard.quiet('rollups.look', () => book.look()) : Promise.resolve();
  const tree = app.store.add(new RollupsTree(book, look));
  const view = app.store.add(window.createTreeView(ROLLUPS_VIEW, { treeDataProvider: tree, showCollapseAll: true }));
  app.store.add(
    new FileDiagnostics(app, {
      kind: 'rollup',
      isOne: isRollupDocument,
      // Nobody is asked for tables because a file lies open: only once the person had the estate loaded.
      check: async (file, signal) => {
        const plan = app.estate.state === 'loaded';
        return (await app.worker.request('rollups.check', { ...file, plan }, { signal })).problems;
      },
    }),
  );
  for (const provider of registerRollupLanguage(app, book)) app.store.add(provider);
  app.store.add(
    book.onDidChange(() => {
      tree.refresh();
      // An empty text would leave a gap where the message was.
      const message = visibleText(book.picture?.notes.join(' ') ?? '') || undefined;
      Object.assign(view, { message });
      void commands.executeCommand('setContext', 'tenantscope.rollups.running', book.running !== undefined);
    }),
  );
  app.store.add(
    book.onDidLook(() => {
      const { names = [] } = book.picture ?? {};
      if (names.length === 0) return;
      void app.guard.quiet('rollups.schema', async () => (await app.language()).setSchema(lakeSchema(names)));
    }),
  );
  const relook = (): void => {
    if (book.picture || view.visible) void look();
  };
  const watcher = app.store.add(workspace.createFileSystemWatcher(ROLLUP_PLACES));
  for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) app.store.add(event(relook));
  app.store.add(
    workspace.onDidOpenTextDocument((document) => {
      const isKnown = book.picture?.files.some(({ path }) => path === document.uri.toString());
      if (isRollupDocument(document) && !isKnown) relook();
    }),
  );
  app.store.add(workspace.onDidChangeWorkspaceFolders(relook));
  app.store.add(workspace.onDidGrantWorkspaceTrust(relook));
  app.store.add(view.onDidChangeVisibility(relook));

  const entryOf = (argument: unknown): RollupEntry => {
    const id = (argument as { readonly id?: unknown } | undefined)?.id;
    const found = typeof id === 'string' && book.picture ? findEntry(toRollupTree(book.picture), id) : undefined;
    if (!found) throw new AppError('input.noNode', 'Choose this command on an entry of the Roll-ups view.');
    return found;
  };
  const customerOf = (argument: unknown): CustomerNode => {
    const entry = entryOf(argument);
    if (entry.kind !== 'customer') throw new AppError('input.noNode', 'Choose this command on a customer.');
    return entry;
  };
  /** The roll-up of an entry, or of the document that a lens stands in. */
  const rollupOf = async (argument: unknown): Promise<RollupNode | Omit<RollupNode, 'children'>> => {
    if (!workspace.isTrusted) throw untrusted();
    const place = readPlace(argument);
    if (!place) {
      const entry = entryOf(argument);
      return entry.kind === 'rollup' ? entry : entry.rollup;
    }
    const node = toRollupTree(await book.look()).find(({ path }) => path === place.uri);
    if (!node) throw new AppError('input.rollup', 'This file is no roll-up of the open folders.');
    return node;
  };
  const runnable = async (
    node: Pick<RollupNode, 'name' | 'path' | 'definition' | 'problems'>,
  ): Promise<RunnableRollup> => {
    const { name, path, definition, problems } = node;
    if (path === undefined)
      throw new AppError('input.rollup', `${name} has no file in the open folders, so nothing says what to run.`);
    if (!definition) {
      await openFile(path, problems[0]?.start);
      throw new AppError(
        'input.rollup',
        `${name} cannot be run: ${problems[0]?.message ?? 'its file cannot be read.'}`,
      );
    }
    return { name, file: await readRollupText(Uri.parse(path)) };
  };
  const pick = async (title: string): Promise<RollupNode | undefined> => {
    if (!workspace.isTrusted) throw untrusted();
    const { document } = app.active;
    const nodes = toRollupTree(await book.look()).filter(({ path }) => path !== undefined);
    if (nodes.length === 0)
      throw new AppError('input.rollup', 'There is no roll-up in the open folders. Create one from a query first.');
    const own = document && isRollupDocument(document) ? document.uri.toString() : undefined;
    const items = nodes
      .map((node): QuickPickItem & { readonly node: RollupNode } => ({
        label: plainLabel(node.name),
        description: plainLabel(textsOfRollup(node, Date.now()).description),
        node,
      }))
      .sort((a, b) => Number(b.node.path === own) - Number(a.node.path === own));
    return (await window.showQuickPick(items, { title, placeHolder: 'Which roll-up?' }))?.node;
  };
  /** The same for a roll-up that the person picks. */
  const picked = (title: string, work: (rollup: RunnableRollup) => Promise<unknown>) => async (): Promise<void> => {
    const node = await pick(title);
    if (node) await work(await runnable(node));
  };
  const isOnly = (): boolean => book.paths.length === 1;
  const setPaused = async (argument: unknown, paused: boolean): Promise<void> => {
    const { name: rollup, path } = await rollupOf(argument);
    const wish = { rollup, paused, ...(path === undefined ? {} : { path }) };
    await withApproval(app, () => app.worker.request('rollups.pause', wish));
    await book.look();
  };

  const handlers: CommandsOf<RollupCommand> = {
    'tenantscope.rollups.refresh': async () => {
      await book.look();
    },
    'tenantscope.rollups.create': (place) => {
      if (!workspace.isTrusted) throw untrusted();
      return createRollup(app, book, place);
    },
    'tenantscope.rollups.run': picked('Run Roll-up', (rollup) => runRollup(app, book, rollup)),
    'tenantscope.rollups.dryRun': picked('Dry Run of Roll-up', (rollup) => dryRunRollup(app, book, rollup)),
    'tenantscope.rollups.prepare': picked('Prepare Centre', (rollup) => prepareCentre(app, lay, rollup)),
    'tenantscope.rollups.prepareHere': async (at) => prepareCentre(app, lay, await runnable(await rollupOf(at))),
    'tenantscope.rollups.exportPowerBi': picked('Export Power BI Project', (rollup) => exportPowerBi(app, rollup)),
    'tenantscope.rollups.exportPowerBiHere': async (at) => exportPowerBi(app, await runnable(await rollupOf(at))),
    'tenantscope.rollups.createRunner': picked('Create Runner File', (rollup) => createRunner(app, rollup, isOnly())),
    'tenantscope.rollups.createRunnerHere': async (at) =>
      createRunner(app, await runnable(await rollupOf(at)), isOnly()),
    'tenantscope.rollups.runHere': async (at) => runRollup(app, book, await runnable(await rollupOf(at))),
    'tenantscope.rollups.dryRunHere': async (at) => {
      await dryRunRollup(app, book, await runnable(await rollupOf(at)));
    },
    'tenantscope.rollups.backfillHere': async (at) => {
      const rollup = await runnable(await rollupOf(at));
      const range = await askBackfill(rollup.name);
      if (range) await runRollup(app, book, rollup, range);
    },
    'tenantscope.rollups.pauseHere': (at) => setPaused(at, true),
    'tenantscope.rollups.resumeHere': (at) => setPaused(at, false),
    'tenantscope.rollups.switchOffHere': (at) => switchCustomer(app, book, customerOf(at), false),
    'tenantscope.rollups.switchOnHere': (at) => switchCustomer(app, book, customerOf(at), true),
    'tenantscope.rollups.eraseHere': (at) => eraseCustomer(app, book, customerOf(at)),
    'tenantscope.rollups.openHere': async (at, preserveFocus) => {
      const { path, problems } = await rollupOf(at);
      if (path === undefined) throw new AppError('input.rollup', 'No file of the open folders means this roll-up.');
      await openFile(path, problems[0]?.start, preserveFocus === true);
    },
    'tenantscope.rollups.showRowsHere': async (at) => {
      const entry = readPlace(at) ? await rollupOf(at) : entryOf(at);
      const document = await openNewQuery(rowsQuery({ children: [], ...entry } as RollupEntry));
      await app.scope.setTimeRange({ kind: 'inQuery' }, document);
      await commands.executeCommand('tenantscope.query.run');
    },
    'tenantscope.rollups.showGapsHere': async (at) => {
      await book.look();
      const entry = entryOf(at);
      const name = entry.kind === 'workspace' ? entry.line.workspaceName : entry.name;
      const lines = linesOf(entry);
      await app.documents.showMarkdown(
        'Roll-up - gaps.md',
        await app.worker.request('rollups.describeGaps', { name, lines }),
      );
    },
    'tenantscope.rollups.copyHere': async (at) => {
      const { label, description } = textsOfRollup(entryOf(at), Date.now());
      await env.clipboard.writeText(description === '' ? label : `${label}: ${description}`);
    },
    'tenantscope.rollups.showOrigin': (row) => openOrigin(app, book, row),
  };
  return {
    commands: handlers,
    forget: () => {
      book.forget();
    },
  };
}

async function openFile(path: string, start?: number, preserveFocus = false): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(path));
  const at = start === undefined ? undefined : document.positionAt(start);
  await window.showTextDocument(document, {
    preview: true,
    preserveFocus,
    ...(at ? { selection: new Range(at, at) } : {}),
  });
}

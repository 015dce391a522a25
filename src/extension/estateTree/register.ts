import { counted } from '../../base/counted.ts';
import { TreeItemCheckboxState, commands, env, window, Uri } from 'vscode';
import type { TreeView } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import type { GroupBy } from '../../core/estate/groupEstate.ts';
import { resolveScope } from '../../core/estate/scope.ts';
import { choosePath } from '../../core/estate/path.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { Tenant, Workspace } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import { withViewProgress } from '../platform/progress.ts';
import { onSettingsChanged, readSetting, writeSetting } from '../platform/settings.ts';
import { EstateProvider } from './estateProvider.ts';
import { scopeAfterTicks, scopeOfNode } from './nodeScope.ts';
import { showProblems } from './problems.ts';
import type { ScopeNode, TreeNode } from './treeNode.ts';
import { isScopeNode, isTreeNode } from './treeNode.ts';
import { textsOf } from './treeTexts.ts';
import { WorkspaceDetails } from './workspaceDetails.ts';

const VIEW = 'tenantscope.estate';

type EstateCommand =
  | 'tenantscope.estate.refresh'
  | 'tenantscope.estate.filter'
  | 'tenantscope.estate.clearFilter'
  | 'tenantscope.estate.groupBy'
  | 'tenantscope.estate.showProblems'
  | 'tenantscope.estate.signInTenant'
  | 'tenantscope.estate.newQuery'
  | 'tenantscope.estate.queryTable'
  | 'tenantscope.estate.scopeHere'
  | 'tenantscope.estate.copyName'
  | 'tenantscope.estate.copyArmId'
  | 'tenantscope.estate.copyWorkspaceId'
  | 'tenantscope.estate.copyTenantId'
  | 'tenantscope.estate.openInPortal';

/** The Estate tree and its commands. `reveal` is for features that made a workspace. */
export function registerEstateTree(app: App): {
  readonly commands: CommandsOf<EstateCommand>;
  readonly reveal: (key: WorkspaceKey) => Promise<void>;
} {
  let filter = '';
  let checked: ReadonlySet<WorkspaceKey> = new Set();
  const details = new WorkspaceDetails(app.worker, () => readSetting('estate.lastData'));
  const provider = app.store.add(
    new EstateProvider(app.estate, details, () => ({
      groupBy: readSetting('estate.groupBy'),
      filter,
      checked,
      assessment: app.assessments.shown.assessment,
    })),
  );
  const tree: TreeView<TreeNode> = app.store.add(
    window.createTreeView(VIEW, {
      treeDataProvider: provider,
      showCollapseAll: true,
      canSelectMany: false,
      manageCheckboxStateManually: true,
    }),
  );

  const show = (): void => {
    const { estate, state } = app.estate;
    checked = new Set(
      estate ? resolveScope(app.scope.get().scope, estate).workspaces.map((workspace) => workspace.key) : [],
    );
    provider.refresh();
    const shown = state === 'loaded' && filter !== '' && estate && !provider.hasRows() ? 'filteredOut' : state;
    void commands.executeCommand('setContext', 'tenantscope.estate.state', shown);
    void commands.executeCommand('setContext', 'tenantscope.estate.filtered', filter !== '');
    tree.description = filter === '' ? '' : `filter: ${filter}`;
    tree.message =
      state === 'failed'
        ? app.estate.error?.message
        : app.estate.error && estate
          ? `Not refreshed: ${app.estate.error.message}`
          : undefined;
    const silent = estate?.tenants.filter((tenant) => tenant.state !== 'entered').length ?? 0;
    tree.badge = silent ? { value: silent, tooltip: `${counted(silent, 'tenant')} could not be entered` } : undefined;
  };
  // Typing in a query fires too: only another scope is worth drawing the tree again.
  let drawn = '';
  const onScope = (): void => {
    const now = JSON.stringify(app.scope.get().scope);
    if (now !== drawn) {
      drawn = now;
      show();
    }
  };
  const load = (refresh: boolean): Promise<unknown> => withViewProgress(VIEW, () => app.estate.load(refresh));
  const setFilter = (text: string): void => {
    filter = text.trim();
    show();
  };
  const known = (): NonNullable<typeof app.estate.estate> => {
    if (!app.estate.estate)
      throw new AppError('input.noEstate', 'The estate is not loaded yet. Open the Estate view and sign in.');
    return app.estate.estate;
  };
  const copy = async (text: string, what: string): Promise<void> => {
    await env.clipboard.writeText(text);
    window.setStatusBarMessage(`${what} copied`, 3000);
  };

  app.store.add(app.estate.onDidChange(show));
  let assessed = app.assessments.shown.assessment;
  app.store.add(
    app.assessments.onDidChange(({ assessment }) => {
      if (assessment === assessed) return;
      assessed = assessment;
      show();
    }),
  );
  app.store.add(app.scope.onDidChange(onScope));
  app.store.add(onSettingsChanged('estate.groupBy')(show));
  // Nobody is asked anything before somebody looks: the first time the view is seen loads the estate.
  const first = (): void => {
    if (tree.visible && app.estate.state === 'unloaded') void app.guard.quiet('estate.load', () => load(false));
  };
  app.store.add(tree.onDidChangeVisibility(first));
  app.store.add(app.estate.onDidChange(first));
  // What an earlier session found stands under its customers, too.
  app.store.add(
    app.estate.onDidChange(() => {
      if (app.estate.state === 'loaded') void app.assessments.restore();
    }),
  );
  app.store.add(
    tree.onDidChangeCheckboxState(({ items }) => {
      app.guard.background('estate.tick', async () => {
        const ticks = items.flatMap(([node, state]) =>
          isScopeNode(node) ? [{ node, checked: state === TreeItemCheckboxState.Checked }] : [],
        );
        await app.scope.set(scopeAfterTicks(ticks, app.scope.get().scope, known()));
      });
    }),
  );
  show();
  first();

  return {
    reveal: async (key) => {
      const node = provider.find(key);
      if (node) await tree.reveal(node, { select: true, focus: false, expand: false });
    },
    commands: {
      'tenantscope.estate.refresh': () => load(true),
      'tenantscope.estate.filter': async () => {
        const text = await window.showInputBox({
          title: 'Filter Estate',
          value: filter,
          prompt: 'Words of customers, tenants, workspaces, regions or tags; all must match',
        });
        if (text !== undefined) setFilter(text);
      },
      'tenantscope.estate.clearFilter': () => {
        setFilter('');
      },
      'tenantscope.estate.groupBy': async () => {
        const now = readSetting('estate.groupBy');
        const choices: { label: string; value: GroupBy }[] = [
          { label: 'Customer', value: 'customer' },
          { label: 'Region', value: 'region' },
          { label: 'Access path', value: 'accessPath' },
        ];
        const choice = await window.showQuickPick(
          choices.map((one) => ({ ...one, ...(one.value === now ? { description: 'now' } : {}) })),
          { title: 'Group Estate By' },
        );
        if (choice) await writeSetting('estate.groupBy', choice.value);
      },
      'tenantscope.estate.showProblems': async () => {
        await showProblems(app, await app.estate.ensure());
      },
      'tenantscope.estate.signInTenant': async (node) => {
        const tenant = tenantOf(node);
        await app.signIn({ tenant: tenant.id, ...(tenant.accounts[0] ? { account: tenant.accounts[0] } : {}) });
        await load(true);
      },
      'tenantscope.estate.newQuery': async (node) => {
        await openNewQuery('', scopeOfNode(scopeNodeOf(node), known()));
      },
      'tenantscope.estate.queryTable': async (node) => {
        const { workspace, table } = expect(isTreeNode(node) && node.kind === 'table' ? node : undefined);
        await openNewQuery(`${kqlName(table.name)}\n| take 100\n`, {
          include: [{ kind: 'workspace', value: workspace.guid }],
          except: [],
        });
      },
      'tenantscope.estate.scopeHere': async (node) => {
        await app.scope.set(scopeOfNode(scopeNodeOf(node), known()));
      },
      'tenantscope.estate.copyName': (node) => copy(textsOf(expect(isTreeNode(node) ? node : undefined)).label, 'Name'),
      'tenantscope.estate.copyArmId': (node) => copy(workspaceOf(node).armId, 'Resource ID'),
      'tenantscope.estate.copyWorkspaceId': (node) => copy(workspaceOf(node).guid, 'Workspace ID'),
      'tenantscope.estate.copyTenantId': (node) =>
        copy(isScopeNode(node) && node.kind === 'workspace' ? node.workspace.tenant : tenantOf(node).id, 'Tenant ID'),
      'tenantscope.estate.openInPortal': async (node) => {
        const workspace = workspaceOf(node);
        // The directory whose token reaches it: a delegated workspace opens in our own.
        const tenant = choosePath(workspace)?.issuer ?? workspace.tenant;
        const domain = EstateIndex.of(known()).tenants.get(tenant)?.defaultDomain ?? tenant;
        await env.openExternal(
          Uri.parse(`${(await app.cloud()).portal}/#@${domain}/resource${workspace.armId}/Overview`),
        );
      },
    },
  };
}

function expect<T>(node: T | undefined): T {
  if (node === undefined) throw new AppError('input.noNode', 'Choose this command on an entry of the Estate view.');
  return node;
}
function scopeNodeOf(node: unknown): ScopeNode {
  return expect(isScopeNode(node) ? node : undefined);
}
function workspaceOf(node: unknown): Workspace {
  return expect(isScopeNode(node) && node.kind === 'workspace' ? node.workspace : undefined);
}
function tenantOf(node: unknown): Tenant {
  return expect(isTreeNode(node) && (node.kind === 'tenant' || node.kind === 'message') ? node.tenant : undefined);
}

import {
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCheckboxState,
  TreeItemCollapsibleState,
} from 'vscode';
import type { Command, Event, TreeDataProvider } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { toAppError } from '../../base/errors.ts';
import type { Assessment } from '../../model/assessment/assessment.ts';
import { filterEstate } from '../../core/estate/filterEstate.ts';
import { groupEstate } from '../../core/estate/groupEstate.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import type { GroupBy } from '../../core/estate/groupEstate.ts';
import type { CustomerKey, TenantId, WorkspaceKey } from '../../model/ids.ts';
import type { EstateModel } from '../session/estateModel.ts';
import type { ScopeNode, TreeNode } from './treeNode.ts';
import { childrenOf, findingsNode, isScopeNode, problemNodes, toTreeNode } from './treeNode.ts';
import type { WorkspaceDetails } from './workspaceDetails.ts';
import type { TooltipNames } from './treeTexts.ts';
import { textsOf, tooltipOf } from './treeTexts.ts';

/** How the tree shows the estate: by what it groups, what it is filtered by, and which workspaces are checked. */
export interface EstateView {
  readonly groupBy: GroupBy;
  readonly filter: string;
  readonly checked: ReadonlySet<WorkspaceKey>;
  /** The latest assessment, whose findings stand under their customers. */
  readonly assessment?: Assessment | undefined;
}

/** Rows of the Estate tree. One picture of the estate makes one set of nodes; VS Code asks only for what is open. */
export class EstateProvider implements TreeDataProvider<TreeNode>, Disposable {
  private roots: { readonly key: readonly unknown[]; readonly nodes: TreeNode[] } | undefined;
  private readonly children = new WeakMap<TreeNode, TreeNode[]>();
  private readonly changed = new Emitter<TreeNode | undefined>();
  private readonly model: EstateModel;
  private readonly details: WorkspaceDetails;
  private readonly view: () => EstateView;

  readonly onDidChangeTreeData = this.changed.event as Event<TreeNode | undefined>;

  constructor(model: EstateModel, details: WorkspaceDetails, view: () => EstateView) {
    this.model = model;
    this.details = details;
    this.view = view;
  }

  /** False where the filter leaves nothing. */
  hasRows(): boolean {
    return this.getRoots().length > 0;
  }
  refresh(): void {
    this.changed.fire(undefined);
  }
  dispose(): void {
    this.changed.dispose();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) return this.getRoots();
    const known = this.children.get(node);
    if (known) return known;
    const found =
      node.kind === 'tables' || node.kind === 'functions' ? await this.listFolder(node) : this.withFindings(node);
    this.children.set(node, found);
    return found;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  getTreeItem(node: TreeNode): TreeItem {
    const texts = textsOf(node);
    const item = new TreeItem(texts.label, collapsibleState(node));
    item.id = node.id;
    item.contextValue = texts.contextValue;
    item.iconPath = new ThemeIcon(
      texts.icon.id,
      texts.icon.colour === undefined ? undefined : new ThemeColor(texts.icon.colour),
    );
    if (texts.description !== undefined) item.description = texts.description;
    if (isScopeNode(node) && node.workspaces.length) {
      const checked = node.workspaces.every((workspace) => this.view().checked.has(workspace.key));
      item.checkboxState = {
        state: checked ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked,
        tooltip: checked ? 'In the scope' : 'Not in the scope',
        accessibilityInformation: {
          label: `${texts.label}, ${checked ? 'in the scope' : 'not in the scope'}`,
          role: 'checkbox',
        },
      };
    }
    if (node.kind === 'message' && node.showsProblems)
      item.command = { command: 'tenantscope.estate.showProblems', title: 'Show Estate Problems' } satisfies Command;
    if (node.kind === 'finding')
      item.command = {
        command: 'tenantscope.assess.showCustomer',
        title: 'Show Architecture Fit',
        arguments: [node],
      } satisfies Command;
    if (node.kind === 'message' && node.tenant)
      item.command = {
        command: 'tenantscope.estate.signInTenant',
        title: 'Sign In',
        arguments: [node],
      } satisfies Command;
    return item;
  }

  /** The tooltip, made when it is looked at; a workspace's newest row is asked for then, if the person wants that. */
  async resolveTreeItem(item: TreeItem, node: TreeNode): Promise<TreeItem> {
    const lastData = node.kind === 'workspace' ? await this.details.lastDataOf(node.workspace) : undefined;
    const text = tooltipOf(node, this.names(), lastData);
    if (text !== undefined) item.tooltip = new MarkdownString(text);
    return item;
  }

  /** The node of one workspace, first place it appears in, for revealing it. */
  find(key: WorkspaceKey): TreeNode | undefined {
    const search = (nodes: readonly TreeNode[]): TreeNode | undefined => {
      for (const node of nodes) {
        if (node.kind === 'workspace' && node.workspace.key === key) return node;
        if (!isScopeNode(node) || !node.workspaces.some((workspace) => workspace.key === key)) continue;
        const found = search(this.childrenNow(node));
        if (found) return found;
      }
      return undefined;
    };
    return search(this.getRoots());
  }

  private childrenNow(node: ScopeNode): TreeNode[] {
    const known = this.children.get(node);
    if (known) return known;
    const found = this.withFindings(node);
    this.children.set(node, found);
    return found;
  }

  private withFindings(node: TreeNode): TreeNode[] {
    if (node.kind !== 'customer') return childrenOf(node);
    const { key } = node.customer;
    const assessed = this.view().assessment?.customers.find((one) => one.key === key);
    return [...findingsNode(node, assessed?.findings ?? []), ...childrenOf(node)];
  }

  private getRoots(): TreeNode[] {
    const { estate } = this.model;
    if (!estate) return [];
    const { groupBy, filter, assessment } = this.view();
    const key = [estate, groupBy, filter, assessment];
    if (this.roots && key.every((part, at) => part === this.roots?.key[at])) return this.roots.nodes;
    const nodes: TreeNode[] = groupEstate(filterEstate(estate, filter), groupBy).map((node) => toTreeNode(node));
    const missing = estate.problems.filter(
      (problem) =>
        problem.tenant === undefined ||
        !estate.tenants.some((tenant) => tenant.id === problem.tenant && tenant.state !== 'entered'),
    );
    if (filter === '') nodes.push(...problemNodes(missing));
    this.roots = { key, nodes };
    return nodes;
  }

  private async listFolder(folder: TreeNode & { kind: 'tables' | 'functions' }): Promise<TreeNode[]> {
    const placed = { parent: folder, workspace: folder.workspace };
    try {
      const found: TreeNode[] =
        folder.kind === 'tables'
          ? (await this.details.tables(folder.workspace)).map((table) => ({
              ...placed,
              kind: 'table',
              id: `${folder.id}/${table.name}`,
              table,
            }))
          : (await this.details.functions(folder.workspace)).map((fn) => ({
              ...placed,
              kind: 'function',
              id: `${folder.id}/${fn.name}`,
              fn,
            }));
      return found.length
        ? found
        : [{ kind: 'message', id: `${folder.id}/none`, parent: folder, text: `No ${folder.kind}` }];
    } catch (thrown) {
      const error = toAppError(thrown);
      return [
        { kind: 'message', id: `${folder.id}/error`, parent: folder, text: error.message, error: error.toData() },
      ];
    }
  }

  private names(): TooltipNames {
    const { estate } = this.model;
    const index = estate && EstateIndex.of(estate);
    return {
      customerName: (key) => index?.customerName(key as CustomerKey) ?? key,
      tenantName: (id) => index?.tenantName(id as TenantId) ?? id,
      accountLabel: (id) => estate?.accounts.find((account) => account.id === id)?.label ?? id,
    };
  }
}

function collapsibleState(node: TreeNode): TreeItemCollapsibleState {
  switch (node.kind) {
    case 'message':
    case 'table':
    case 'function':
    case 'finding':
      return TreeItemCollapsibleState.None;
    case 'group':
      return TreeItemCollapsibleState.Expanded;
    case 'tenant':
      return node.tenant.state !== 'entered' || node.workspaces.length
        ? TreeItemCollapsibleState.Collapsed
        : TreeItemCollapsibleState.None;
    case 'customer':
    case 'workspace':
    case 'tables':
    case 'functions':
    case 'findings':
      return TreeItemCollapsibleState.Collapsed;
  }
}

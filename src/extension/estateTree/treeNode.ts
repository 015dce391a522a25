import type { EstateNode } from '../../core/estate/groupEstate.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Finding } from '../../model/assessment/findings.ts';
import type {
  Customer,
  EstateProblem,
  Tenant,
  Workspace,
  WorkspaceFunction,
  WorkspaceTable,
} from '../../model/estate.ts';

interface Placed {
  readonly id: string;
  readonly parent?: TreeNode;
}

/** Nodes that stand for workspaces; their boxes set the scope. */
export type ScopeNode = Placed & { readonly workspaces: readonly Workspace[]; readonly source: EstateNode } & (
    | { readonly kind: 'group'; readonly label: string }
    | { readonly kind: 'customer'; readonly customer: Customer }
    | { readonly kind: 'tenant'; readonly tenant: Tenant }
    | { readonly kind: 'workspace'; readonly workspace: Workspace }
  );

/** Everything the Estate tree shows. `message` says in its place what is missing and why. */
export type TreeNode =
  | ScopeNode
  | (Placed & { readonly kind: 'tables' | 'functions'; readonly workspace: Workspace })
  | (Placed & { readonly kind: 'findings'; readonly customer: Customer; readonly findings: readonly Finding[] })
  | (Placed & { readonly kind: 'finding'; readonly customer: Customer; readonly finding: Finding })
  | (Placed & { readonly kind: 'table'; readonly workspace: Workspace; readonly table: WorkspaceTable })
  | (Placed & { readonly kind: 'function'; readonly workspace: Workspace; readonly fn: WorkspaceFunction })
  | (Placed & {
      readonly kind: 'message';
      readonly text: string;
      readonly error?: AppErrorData;
      readonly tenant?: Tenant;
      readonly showsProblems?: true;
    });

/** The tree's node for one of core's, with the workspaces below it. */
export function toTreeNode(source: EstateNode, parent?: TreeNode): ScopeNode {
  const placed = { id: source.id, source, workspaces: workspacesOf(source), ...(parent ? { parent } : {}) };
  switch (source.kind) {
    case 'group':
      return { ...placed, kind: 'group', label: source.label };
    case 'customer':
      return { ...placed, kind: 'customer', customer: source.customer };
    case 'tenant':
      return { ...placed, kind: 'tenant', tenant: source.tenant };
    case 'workspace':
      return { ...placed, kind: 'workspace', workspace: source.workspace };
  }
}

/** Children that are known without asking anybody; tables and functions are asked for when their folder opens. */
export function childrenOf(node: TreeNode): TreeNode[] {
  switch (node.kind) {
    case 'group':
    case 'customer':
      return node.source.kind === 'workspace' ? [] : node.source.children.map((child) => toTreeNode(child, node));
    case 'tenant': {
      const children: TreeNode[] =
        node.source.kind === 'workspace' ? [] : node.source.children.map((child) => toTreeNode(child, node));
      if (node.tenant.state === 'entered') return children;
      const { error } = node.tenant;
      return [
        {
          kind: 'message',
          id: `${node.id}/reason`,
          parent: node,
          tenant: node.tenant,
          text: error?.message ?? 'This tenant could not be entered.',
          ...(error ? { error } : {}),
        },
        ...children,
      ];
    }
    case 'workspace':
      return (['tables', 'functions'] as const).map((kind) => ({
        kind,
        id: `${node.id}/${kind}`,
        parent: node,
        workspace: node.workspace,
      }));
    case 'findings':
      return node.findings.map((finding, at) => ({
        kind: 'finding',
        id: `${node.id}/${at}`,
        parent: node,
        customer: node.customer,
        finding,
      }));
    case 'tables':
    case 'functions':
    case 'table':
    case 'function':
    case 'finding':
    case 'message':
      return [];
  }
}

/** What the latest assessment found at a customer, as one row that opens; nothing where it found nothing. */
export function findingsNode(node: TreeNode & { kind: 'customer' }, findings: readonly Finding[]): TreeNode[] {
  const { customer, id } = node;
  return findings.length === 0 ? [] : [{ kind: 'findings', id: `${id}/findings`, parent: node, customer, findings }];
}

/** More rows than this would bury the tree; the list of problems has them all. */
const PROBLEMS_SHOWN = 3;

/** What is missing and has no place of its own: a few rows, or one row that opens the list. */
export function problemNodes(problems: readonly EstateProblem[]): TreeNode[] {
  if (problems.length > PROBLEMS_SHOWN)
    return [
      {
        kind: 'message',
        id: 'problems',
        text: `${problems.length} problems while reading the estate`,
        error: problems[0]!.error,
        showsProblems: true,
      },
    ];
  return problems.map((problem, at) => ({
    kind: 'message',
    id: `problem/${at}`,
    text: `${problem.where}: ${problem.error.message}`,
    error: problem.error,
  }));
}

/** Whether an argument of a command is a node that stands for workspaces: group, customer, tenant or workspace. */
export function isScopeNode(value: unknown): value is ScopeNode {
  const kind = typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined;
  return kind === 'group' || kind === 'customer' || kind === 'tenant' || kind === 'workspace';
}

/** Whether an argument of a command is a node of the Estate view. */
export function isTreeNode(value: unknown): value is TreeNode {
  return (
    isScopeNode(value) ||
    ['tables', 'functions', 'table', 'function', 'findings', 'finding', 'message'].includes(
      (value as { kind?: string } | null | undefined)?.kind ?? '',
    )
  );
}

function workspacesOf(node: EstateNode): readonly Workspace[] {
  if (node.kind === 'workspace') return [node.workspace];
  const found = node.children.flatMap(workspacesOf);
  return found.length < 2 ? found : [...new Set(found)];
}

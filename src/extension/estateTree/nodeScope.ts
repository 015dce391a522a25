import { resolveScope } from '../../core/estate/scope.ts';
import type { Estate } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Scope, Selector } from '../../model/scope.ts';
import { scopeOfWorkspaces } from '../session/scopeOfWorkspaces.ts';
import type { ScopeNode } from './treeNode.ts';

const NOTHING: Scope = { include: [], except: [] };

/**
 * The scope that means this node: by its own name where that means exactly what the tree shows below it (a filter may
 * hide some).
 */
export function scopeOfNode(node: ScopeNode, estate: Estate): Scope {
  const wanted = new Set(node.workspaces.map((workspace) => workspace.key));
  if (node.kind === 'group') {
    for (const selector of [
      { kind: 'group', value: node.label },
      { kind: 'region', value: node.label },
    ] satisfies Selector[]) {
      const scope: Scope = { include: [selector], except: [] };
      const { workspaces, problems } = resolveScope(scope, estate);
      if (
        !problems.length &&
        workspaces.length === wanted.size &&
        workspaces.every((workspace) => wanted.has(workspace.key))
      )
        return scope;
    }
  }
  return scopeOfWorkspaces(wanted, estate, NOTHING);
}

/** The scope after boxes were ticked or cleared: what it meant before, with these nodes in or out. */
export function scopeAfterTicks(
  ticks: readonly { readonly node: ScopeNode; readonly checked: boolean }[],
  before: Scope,
  estate: Estate,
): Scope {
  const chosen = new Set<WorkspaceKey>(resolveScope(before, estate).workspaces.map((workspace) => workspace.key));
  for (const { node, checked } of ticks) {
    for (const workspace of node.workspaces)
      if (checked) chosen.add(workspace.key);
      else chosen.delete(workspace.key);
  }
  return scopeOfWorkspaces(chosen, estate, before);
}

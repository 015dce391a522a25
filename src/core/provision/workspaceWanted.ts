import type { WorkspaceChange, WorkspaceRequest } from '../../model/plan.ts';
import type { DeletedWorkspace, WorkspaceNow } from '../../ports/workspaces.ts';
import type { Intent } from '../changes/changeHandler.ts';

/**
 * What can be wanted of a workspace: that it is there as requested (brought back with its data where `recover`),
 * that it has other settings, or that it is gone.
 */
export type WorkspaceWanted =
  /** `regionName`: as its region is called, for the person who reads the plan. */
  | {
      readonly kind: 'present';
      readonly request: WorkspaceRequest;
      readonly recover: boolean;
      readonly regionName?: string;
    }
  /** `dropped`: names of tags that the workspace had and is to lose. */
  | { readonly kind: 'settings'; readonly change: WorkspaceChange; readonly dropped?: readonly string[] }
  | { readonly kind: 'absent'; readonly permanent: boolean };

/** A workspace as it is now, and what is known of one that was deleted under the same name. */
export interface WorkspaceFound {
  readonly now: WorkspaceNow | undefined;
  readonly deleted: DeletedWorkspace | undefined;
  /** False where the deleted workspaces of the subscription may not be listed. */
  readonly deletedKnown: boolean;
}

/** The intent on a workspace; `target` is its ARM id. */
export function wantWorkspace(
  target: string,
  wanted: WorkspaceWanted,
  after: readonly string[] = [],
): Intent<WorkspaceWanted> {
  return { id: `workspace ${target.slice(target.lastIndexOf('/') + 1)}`, resource: 'workspace', target, wanted, after };
}

/** `West Europe (westeurope)`, or the code alone where nobody said what it is called. */
export function regionText(region: string, name: string | undefined): string {
  return name === undefined || name === region ? region : `${name} (${region})`;
}

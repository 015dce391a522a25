import { AppError } from '../../../base/errors.ts';
import type { WorkspaceConfiguration } from '../../../model/assessment/facts.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { WorkspaceKey } from '../../../model/ids.ts';

/** A workspace's settings out of one answer of Resource Graph. Throws where it is not in it: nobody knows then. */
export function readConfiguration(
  workspace: Workspace,
  answer: ReadonlyMap<WorkspaceKey, WorkspaceConfiguration>,
): WorkspaceConfiguration {
  const found = answer.get(workspace.key);
  if (found) return found;
  throw new AppError(
    'access.notListed',
    `Resource Graph did not list ${workspace.name}: it is gone, too new, or closed to this account.`,
  );
}

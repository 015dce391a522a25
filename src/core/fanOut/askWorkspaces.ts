import { NEVER } from '../../base/cancel.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { issuerOf } from '../estate/path.ts';
import { fanOut } from './fanOut.ts';
import type { Attempt, FanOut } from './fanOut.ts';

/** A question to workspaces: which, what, and within whose quota. The rest may be left out. */
export interface WorkspaceQuestion<V> extends Pick<
  FanOut<WorkspaceKey, V>,
  'quota' | 'name' | 'background' | 'signal' | 'retry' | 'random' | 'settled'
> {
  readonly workspaces: readonly WorkspaceKey[];
  readonly estate: Estate;
  /** One attempt at one workspace, with the token it is asked with. */
  readonly ask: (workspace: Workspace, issuer: Issuer, attempt: Attempt) => Promise<V>;
}

/**
 * Asks each workspace once, by its best way, and says of every one what became of it: one that is gone
 * (`input.unknownWorkspace`), that nobody reaches (`access.noPath`) or that fails is an outcome with its reason. In the
 * order given. Rejects only when cancelled.
 */
export async function askWorkspaces<V>(question: WorkspaceQuestion<V>): Promise<ReadonlyMap<WorkspaceKey, Outcome<V>>> {
  const { workspaces, estate, ask, ...rest } = question;
  const { signal = NEVER } = rest;
  const index = EstateIndex.of(estate);
  const find = (key: WorkspaceKey): Workspace => {
    const workspace = index.workspaces.get(key);
    if (!workspace) throw new AppError('input.unknownWorkspace', 'This workspace is no longer in your estate.');
    return workspace;
  };
  const settled = await fanOut({
    ...rest,
    targets: [...new Set(workspaces)],
    placeOf: (key) => key,
    credentialOf: (key) => issuerOf(find(key)).account,
    work: (key, attempt) => {
      const workspace = find(key);
      return ask(workspace, issuerOf(workspace), attempt);
    },
  });
  if (signal.aborted) throw cancelled();
  return new Map(settled.map(({ target, outcome }) => [target, outcome]));
}

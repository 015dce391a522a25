import type { CancelSignal } from '../../base/cancel.ts';
import type { CentralCheck } from '../../model/centralCheck.ts';
import type { Workspace } from '../../model/estate.ts';
import { checkShared } from './checkShared.ts';
import type { CentralWorld } from './checkShared.ts';

/** Workspaces that several customers send to. */
export class Central {
  private readonly world: CentralWorld;

  constructor(world: CentralWorld) {
    this.world = world;
  }

  /** Who sends there, and whose rows nobody can tell; see `checkShared`. */
  check(workspace: Workspace, timespan: string, signal?: CancelSignal): Promise<CentralCheck> {
    return checkShared(workspace, timespan, this.world, signal);
  }
}

import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import type { QueryPack, SavedQuery, SavedQueryBody } from '../../model/savedQuery.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { SavedQueriesPort } from '../../ports/savedQueries.ts';
import type { ChangeService } from '../changes/changeService.ts';
import type { EstateService } from '../estate/estateService.ts';
import { issuerOf } from '../estate/path.ts';
import { draftExport } from './draftExport.ts';
import type { ExportReason } from './draftExport.ts';

/** Where saved queries are: in a workspace, or in a query pack of its subscription (`pack`, an ARM id). */
export interface SavedQueryPlace {
  readonly workspace: WorkspaceKey;
  readonly pack?: string;
}

/** What the use case stands on. */
export interface SavedQueriesWorld {
  readonly port: Pick<SavedQueriesPort, 'packs' | 'queries'>;
  readonly estate: Pick<EstateService, 'load'>;
  readonly changes: Pick<ChangeService, 'plan'>;
  /** A new GUID. */
  readonly newId: () => string;
}

/**
 * Queries that are kept in Azure: which there are, to be taken into files, and the plan of keeping those of files
 * there. Whose token asks is that of the workspace; a pack that is not in its subscription is refused.
 */
export class SavedQueries {
  private readonly world: SavedQueriesWorld;

  constructor(world: SavedQueriesWorld) {
    this.world = world;
  }

  /** The query packs in the subscription of a workspace. Rejects with `input.unknownWorkspace` or `access.*`. */
  async packs(key: WorkspaceKey, signal?: CancelSignal): Promise<readonly QueryPack[]> {
    const { workspace, issuer } = await this.find(key, signal);
    return this.world.port.packs(issuer, workspace.subscription, signal);
  }

  /** The queries of a place, by name. */
  async list(place: SavedQueryPlace, signal?: CancelSignal): Promise<readonly SavedQuery[]> {
    const { workspace, issuer } = await this.find(place.workspace, signal);
    if (place.pack !== undefined) checkPack(workspace, place.pack);
    return this.world.port.queries(issuer, place.pack ?? workspace.armId, signal);
  }

  /** The plan of keeping these queries there, for `Provisioning.apply`. Rejects with `input.queries`. */
  async planExport(
    place: SavedQueryPlace,
    queries: readonly SavedQueryBody[],
    { reason, signal }: { readonly reason?: ExportReason; readonly signal?: CancelSignal } = {},
  ): Promise<Plan> {
    const { estate, workspace, issuer } = await this.find(place.workspace, signal);
    const pack = place.pack === undefined ? undefined : await this.pack(workspace, issuer, place.pack, signal);
    const existing = await this.world.port.queries(issuer, pack?.armId ?? workspace.armId, signal);
    const { newId } = this.world;
    const to = { workspace, issuer, existing, newId, ...(pack ? { pack } : {}) };
    const draft = draftExport(estate, to, queries, reason);
    return this.world.changes.plan(draft, signal);
  }

  private async pack(
    workspace: Workspace,
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
  ): Promise<QueryPack> {
    const packs = await this.world.port.packs(issuer, workspace.subscription, signal);
    const found = packs.find((pack) => pack.armId.toLowerCase() === armId.toLowerCase());
    if (!found) throw new AppError('input.queryPack', 'This query pack is not there any more. Choose another place.');
    return found;
  }

  private async find(
    key: WorkspaceKey,
    signal: CancelSignal | undefined,
  ): Promise<{ readonly estate: Estate; readonly workspace: Workspace; readonly issuer: Issuer }> {
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    const workspace = estate.workspaces.find((one) => one.key === key);
    if (!workspace)
      throw new AppError('input.unknownWorkspace', 'This workspace is no longer in your estate. Refresh the estate.');
    return { estate, workspace, issuer: issuerOf(workspace) };
  }
}

/** A token of one customer is not taken to another's pack, whatever the id says. */
function checkPack({ subscription }: Workspace, pack: string): void {
  if (!pack.toLowerCase().startsWith(`/subscriptions/${subscription.toLowerCase()}/`))
    throw new AppError('input.queryPack', 'This query pack is in another subscription than the workspace.');
}

import { randomUUID } from 'node:crypto';
import { CentreClient } from '../azure/arm/centre/centreClient.ts';
import { SavedQueriesClient } from '../azure/arm/savedQueries.ts';
import type { AzureClients } from '../azure/clients.ts';
import { CentreResources } from '../azure/ingestion/centreResources.ts';
import type { OpenRule } from '../azure/ingestion/centreResources.ts';
import { AppError } from '../base/errors.ts';
import { draftCentre } from '../core/centre/centreIntents.ts';
import type { CentreWriter } from '../core/centre/roleAssignmentHandler.ts';
import type { ChangeService } from '../core/changes/changeService.ts';
import type { EstateService } from '../core/estate/estateService.ts';
import { LogsWithinQuota } from '../core/fanOut/logsWithinQuota.ts';
import type { QuotaScheduler } from '../core/fanOut/quotaScheduler.ts';
import { AppendOnlySink } from '../core/rollup/appendOnly/appendOnlySink.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import type { BlobState, Centre, DataExplorerCentre, LogAnalyticsCentre } from '../model/centre.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Workspace } from '../model/estate.ts';
import { toTenantId } from '../model/ids.ts';
import { readClaims } from '../model/tokenClaims.ts';
import type { Plan } from '../model/plan.ts';
import type { RollupTable } from '../model/rollup.ts';
import type { TokenSource } from '../ports/accounts.ts';
import type { AppendTarget } from '../ports/appendTarget.ts';
import type { Issuer } from '../ports/issuer.ts';
import type { LogsPort } from '../ports/logs.ts';
import type { RollupStatePort, SinkPort } from '../ports/rollups.ts';

/** What centres in Azure are opened with. */
interface CentreEnds {
  readonly clients: AzureClients;
  readonly logs: LogsPort;
  /** The query API's. */
  readonly quota: QuotaScheduler;
  readonly estate: EstateService;
  readonly changes: ChangeService;
  readonly tokens: TokenSource;
}

/**
 * Centres in Azure, each opened with the token of its own tenant. The SDKs load with the first call. That a person
 * approved the address is for the caller to know.
 */
export class AzureCentres {
  private readonly ends: CentreEnds;

  constructor(ends: CentreEnds) {
    this.ends = ends;
  }

  /** A workspace as a sink. Rejects with `input.centre` where nobody who is signed in sees it. */
  async logAnalytics(centre: LogAnalyticsCentre): Promise<SinkPort> {
    const { clients, logs, quota } = this.ends;
    const { guid } = await this.workspaceOf(centre);
    const { LogAnalyticsTarget } = await import('../azure/ingestion/logAnalyticsTarget.ts');
    const resources = new CentreClient(clients);
    const savedQueries = new SavedQueriesClient(clients);
    const world = { clients, logs: new LogsWithinQuota(logs, quota), resources, savedQueries, clock: SYSTEM_CLOCK };
    return sinkOver(new LogAnalyticsTarget(centre, guid, await this.issuerOf(centre.tenant), world));
  }

  /** A database of Data Explorer as a sink. */
  async dataExplorer(centre: DataExplorerCentre): Promise<SinkPort> {
    const { DataExplorerTarget } = await import('../azure/kusto/dataExplorerTarget.ts');
    const door = async () => this.ends.clients.dataExplorer(await this.issuerOf(centre.tenant), centre.cluster);
    return sinkOver(new DataExplorerTarget(door, centre));
  }

  /** The state of roll-ups in a container. */
  async state({ tenant, container }: BlobState): Promise<RollupStatePort> {
    const { BlobState: Blobs } = await import('../azure/blobs/blobState.ts');
    const door = async () => this.ends.clients.blobs(await this.issuerOf(tenant), container);
    return new Blobs(door, { tenant, address: container });
  }

  /** The plan of all that a roll-up needs in a workspace; nothing is made before it is carried out. */
  async plan(table: RollupTable, centre: LogAnalyticsCentre, writer?: CentreWriter): Promise<Plan> {
    const { region, tenant: owner } = await this.workspaceOf(centre);
    const issuer = await this.issuerOf(centre.tenant);
    const place = { centre, region, owner, issuer, newId: randomUUID, ...(writer ? { writer } : {}) };
    return this.ends.changes.plan(draftCentre(table, place));
  }

  /** Who is signed in to the centre's tenant, as its token says it: the one who writes where nobody else is named. */
  async signedIn({ tenant }: Pick<LogAnalyticsCentre, 'tenant'>): Promise<CentreWriter> {
    const audience = this.ends.clients.cloud.resourceManagerAudience;
    const { token } = await this.ends.tokens.getToken({ ...(await this.issuerOf(tenant)), audience });
    const { oid, upn, unique_name, appid, idtyp } = readClaims(token) ?? {};
    if (oid === undefined)
      throw new AppError('input.usage', 'The token does not say whose it is: give --writer the object ID (a guid).');
    const isApp = idtyp === 'app' || (upn === undefined && unique_name === undefined);
    const name = upn ?? unique_name ?? appid ?? oid;
    return { principalId: oid, name, principalType: isApp ? 'ServicePrincipal' : 'User' };
  }

  /** The workspace of a centre, whose token acts there, and which rule takes what is sent to a version of a roll-up. */
  async place(
    centre: LogAnalyticsCentre,
    rollup: string,
  ): Promise<{ readonly workspace: Workspace; readonly issuer: Issuer; readonly rule: OpenRule }> {
    const { clients } = this.ends;
    const workspace = await this.workspaceOf(centre);
    const issuer = await this.issuerOf(centre.tenant);
    const ends = { clients, resources: new CentreClient(clients), savedQueries: new SavedQueriesClient(clients) };
    return { workspace, issuer, rule: await new CentreResources(centre, issuer, ends).rule(rollup) };
  }

  private async workspaceOf({ name, workspace, tenant }: LogAnalyticsCentre): Promise<Workspace> {
    const estate = await this.ends.estate.load();
    const found = estate.workspaces.find(({ armId }) => armId.toLowerCase() === workspace.toLowerCase());
    if (found && found.tenant === tenant) return found;
    throw new AppError(
      'input.centre',
      found
        ? `The workspace of centre ${name} lies in the tenant ${found.tenant}, and its file says ${tenant}.`
        : `The workspace of centre ${name} is none that you can see. Sign in as somebody who can, or look at its resource ID.`,
    );
  }

  private async issuerOf(tenant: string): Promise<Issuer> {
    const { tenants, accounts } = await this.ends.estate.load();
    const account = tenants.find(({ id }) => id === tenant)?.accounts[0] ?? accounts[0]?.id;
    if (account === undefined)
      throw new AppError(
        'auth.signInRequired',
        `Nobody is signed in who could enter the tenant ${tenant} of a centre.`,
      );
    return { account, tenant: toTenantId(tenant) };
  }
}

/**
 * Throws `input.centreAddress` where an address is none of the cloud's services: no token goes there, whoever approved
 * it. A workspace has no address of its own.
 */
export async function checkAddress(where: Centre | BlobState, cloud: Cloud): Promise<void> {
  if (!('kind' in where)) (await import('../azure/blobs/blobState.ts')).containerAddress(cloud, where.container);
  else if (where.kind === 'dataExplorer')
    (await import('../azure/kusto/kustoService.ts')).kustoService(cloud, where.cluster);
}

function sinkOver(target: AppendTarget): SinkPort {
  return new AppendOnlySink(target, { clock: SYSTEM_CLOCK, newId: randomUUID, random: Math.random });
}

import type { WorkspaceConfiguration } from '../../../model/assessment/facts.ts';
import { toCapState } from '../../../model/capState.ts';
import { toWorkspaceKey } from '../../../model/ids.ts';
import type { WorkspaceKey } from '../../../model/ids.ts';
import { workspacesQuery } from '../resourceGraph.ts';
import { isTrue, toNumber, toText } from './wire.ts';
import type { Wire } from './wire.ts';

/** The settings of every workspace: a row each. */
export const CONFIGURATIONS = workspacesQuery(`sku = tostring(properties.sku.name),
  level = toint(properties.sku.capacityReservationLevel), retention = toint(properties.retentionInDays),
  cap = todouble(properties.workspaceCapping.dailyQuotaGb), ingestion = tostring(properties.workspaceCapping.dataIngestionStatus),
  keysOff = tobool(properties.features.disableLocalAuth), byResource = tobool(properties.features.enableLogAccessUsingOnlyResourcePermissions),
  authorization = tostring(properties.features.dataAuthorizationMode), cluster = tostring(properties.features.clusterResourceId),
  networkIn = tostring(properties.publicNetworkAccessForIngestion), networkOut = tostring(properties.publicNetworkAccessForQuery),
  sentinel = isnotempty(solution)`);

/** A row without a tier or a retention is a workspace that is still being made: it has no configuration yet. */
export function toConfigurations(rows: readonly Wire[]): ReadonlyMap<WorkspaceKey, WorkspaceConfiguration> {
  const found = new Map<WorkspaceKey, WorkspaceConfiguration>();
  for (const row of rows) {
    const [id, sku, retentionDays] = [toText(row['id']), toText(row['sku']), toNumber(row['retention'])];
    if (id !== '' && sku !== '' && retentionDays !== undefined)
      found.set(toWorkspaceKey(id), toConfiguration(row, sku, retentionDays));
  }
  return found;
}

function toConfiguration(row: Wire, sku: string, retentionDays: number): WorkspaceConfiguration {
  const level = toNumber(row['level']);
  const cap = toNumber(row['cap']) ?? -1;
  const cluster = toText(row['cluster']).toLowerCase();
  // -1 means no cap.
  const capped = cap >= 0 ? { dailyCapGb: cap } : {};
  return {
    sku,
    ...(level === undefined ? {} : { commitmentGb: level }),
    retentionDays,
    ...capped,
    cap: toCapState({ ...capped, ingestionStatus: toText(row['ingestion']) }),
    localAuth: !isTrue(row['keysOff']),
    resourcePermissions: isTrue(row['byResource']),
    dataActionsOnly: toText(row['authorization']) === 'DataActionsOnly',
    sentinel: isTrue(row['sentinel']),
    ...(cluster === '' ? {} : { cluster }),
    publicIngestion: isPublic(row['networkIn']),
    publicQuery: isPublic(row['networkOut']),
  };
}

/** Open to every network unless the workspace says otherwise. */
function isPublic(access: unknown): boolean {
  return access === '' || access === null || access === undefined || access === 'Enabled';
}

import { toSubscriptionId, toTenantId } from '../../model/ids.ts';
import { parseArmId } from './armId.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';

/** The fields both sources have; anything may be missing on the wire. */
export interface WorkspaceFields {
  readonly id?: string | undefined;
  /** In its own case, which the id has not for a workspace that was made before 2023. */
  readonly name?: string | undefined;
  readonly guid?: string | undefined;
  readonly tenant: string;
  readonly region?: string | undefined;
  readonly tags?: Readonly<Record<string, unknown>> | null | undefined;
  readonly sku?: string | undefined;
  readonly retention?: number | null | undefined;
  readonly cap?: number | null | undefined;
  readonly ingestion?: string | null | undefined;
  readonly sentinel?: boolean | undefined;
  /** `features.dataAuthorizationMode`. */
  readonly authorization?: unknown;
}

/** Undefined for a workspace that is still being made: without a workspace id nothing can ask it. */
export function toWorkspaceListing(fields: WorkspaceFields): WorkspaceListing | undefined {
  if (!fields.id || !fields.guid) return undefined;
  const armId = withName(fields.id, fields.name);
  const { subscription, resourceGroup, name } = parseArmId(armId);
  const cap = fields.cap ?? -1;
  return {
    armId,
    guid: fields.guid.toLowerCase(),
    name,
    tenant: toTenantId(fields.tenant),
    subscription: toSubscriptionId(subscription),
    resourceGroup,
    region: (fields.region ?? '').toLowerCase().replaceAll(' ', ''),
    tags: toTags(fields.tags),
    sku: fields.sku ?? '',
    retentionDays: fields.retention ?? 0,
    // -1 means no cap.
    ...(cap >= 0 ? { dailyCapGb: cap } : {}),
    ...(fields.ingestion ? { ingestionStatus: fields.ingestion } : {}),
    ...(fields.sentinel === undefined ? {} : { sentinel: fields.sentinel }),
    ...(fields.authorization === 'DataActionsOnly' ? { dataActionsOnly: true } : {}),
  };
}

/** An id that ends in the name as the workspace has it: people read it, and everything compares ids without case. */
function withName(id: string, name: string | undefined): string {
  const place = id.slice(0, id.length - (name?.length ?? 0));
  return name && id.toLowerCase() === `${place}${name}`.toLowerCase() ? `${place}${name}` : id;
}

function toTags(tags: WorkspaceFields['tags']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

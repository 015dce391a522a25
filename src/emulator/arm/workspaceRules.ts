import { armError } from '../router.ts';
import type { WorkspaceProperties, WorkspaceSku } from '../state.ts';
import { findRegion, REGIONS } from './regions.ts';

/** The body of a workspace PUT or PATCH, as far as it is looked at. */
export interface WorkspaceInput {
  readonly location?: string;
  readonly tags?: Record<string, string> | null;
  readonly identity?: { readonly type: string };
  readonly sku?: { readonly name?: string };
  readonly properties?: {
    readonly sku?: { readonly name?: string; readonly capacityReservationLevel?: number };
    readonly retentionInDays?: number | null;
    readonly workspaceCapping?: { readonly dailyQuotaGb?: number };
    readonly publicNetworkAccessForIngestion?: WorkspaceProperties['publicNetworkAccessForIngestion'];
    readonly publicNetworkAccessForQuery?: WorkspaceProperties['publicNetworkAccessForQuery'];
    readonly forceCmkForQuery?: boolean;
    readonly features?: WorkspaceProperties['features'];
    readonly defaultDataCollectionRuleResourceId?: string;
  };
}

const SKUS: readonly WorkspaceSku[] = [
  'Free',
  'Standard',
  'Premium',
  'PerNode',
  'PerGB2018',
  'Standalone',
  'CapacityReservation',
  'LACluster',
];
const CLOSED = new Set<WorkspaceSku>(['Free', 'Standard', 'Premium', 'PerNode', 'Standalone']);
const LEVELS = [100, 200, 300, 400, 500, 1000, 2000, 5000, 10000, 25000, 50000];
const SMALLEST_CAP_GB = 0.023;

/** 4 to 63 letters, digits and hyphens, none of them a hyphen at an end. */
export function checkWorkspaceName(name: string): void {
  if (name.length < 4 || name.length > 63)
    throw invalid('name', `The workspace name '${name}' is invalid: it must have between 4 and 63 characters.`);
  if (!/^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$/.test(name)) {
    throw invalid(
      'name',
      `The workspace name '${name}' is invalid: only letters, digits and '-' are allowed, and '-' must not be the first or the last character.`,
    );
  }
}

/** The region of a new resource in Azure's spelling, or the answer Resource Manager gives for a bad one. */
export function checkLocation(location: string | undefined, type: string, closed: readonly string[] = []): string {
  if (!location) throw armError(400, 'LocationRequired', 'The location property is required for this definition.');
  const region = findRegion(location);
  if (region && !closed.includes(region.name)) return region.name;
  throw armError(
    400,
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${REGIONS.map(
      ({ name }) => name,
    )
      .filter((name) => !closed.includes(name))
      .join(',')}'.`,
  );
}

/**
 * Holds a body against the service's rules. `current` is the workspace's own tier, which stays allowed although it is
 * closed to new ones.
 */
export function checkWorkspaceInput(
  input: WorkspaceInput,
  current: { readonly sku: WorkspaceSku; readonly capacityReservationLevel?: number } | undefined,
): void {
  const { properties = {} } = input;
  const sku = findSku(properties.sku?.name) ?? current?.sku ?? 'PerGB2018';
  if (properties.sku?.name !== undefined && findSku(properties.sku.name) === undefined) {
    throw invalid('sku.name', `The sku '${properties.sku.name}' is not one of ${SKUS.join(', ')}.`);
  }
  if (CLOSED.has(sku) && sku !== current?.sku) {
    throw armError(
      400,
      'BadRequest',
      "Pricing tier doesn't match the subscription's billing model. Read http://aka.ms/PricingTierWarning for more details.",
      { target: 'sku.name' },
    );
  }
  const level =
    properties.sku?.capacityReservationLevel ?? (sku === current?.sku ? current.capacityReservationLevel : undefined);
  if (sku === 'CapacityReservation' && (level === undefined || !LEVELS.includes(level))) {
    throw invalid(
      'sku.capacityReservationLevel',
      `'CapacityReservationLevel' must be one of ${LEVELS.join(', ')} GB per day.`,
    );
  }
  const { retentionInDays } = properties;
  if (retentionInDays !== undefined && retentionInDays !== null && !retentionFits(sku, retentionInDays)) {
    throw invalid('retentionInDays', "'RetentionInDays' property doesn't match the SKU limits.");
  }
  const cap = properties.workspaceCapping?.dailyQuotaGb;
  if (cap !== undefined && (typeof cap !== 'number' || (cap !== -1 && !(cap >= SMALLEST_CAP_GB)))) {
    throw invalid(
      'workspaceCapping.dailyQuotaGb',
      `'DailyQuotaGb' must be -1 (no cap) or at least ${SMALLEST_CAP_GB}.`,
    );
  }
  for (const name of ['publicNetworkAccessForIngestion', 'publicNetworkAccessForQuery'] as const) {
    const value = properties[name];
    if (value !== undefined && !['Enabled', 'Disabled', 'SecuredByPerimeter'].includes(value)) {
      throw invalid(name, `'${name}' must be Enabled, Disabled or SecuredByPerimeter.`);
    }
  }
  checkTags(input.tags);
}

function retentionFits(sku: WorkspaceSku, days: number): boolean {
  if (!Number.isInteger(days)) return false;
  if (sku === 'Free') return days === 7;
  if (sku === 'Standard') return days === 30;
  if (sku === 'Premium') return days === 365;
  return days >= 30 && days <= 730;
}

/** Azure's tag limits: 50, names to 512 characters without `<>%&\?/`, values to 256. */
export function checkTags(tags: unknown): void {
  if (tags === undefined || tags === null) return;
  if (typeof tags !== 'object' || Array.isArray(tags)) {
    throw armError(
      400,
      'InvalidRequestContent',
      "The request content was invalid and could not be deserialized: 'tags' must be an object of strings.",
    );
  }
  const entries = Object.entries(tags as Record<string, unknown>);
  if (entries.length > 50)
    throw armError(400, 'InvalidTags', `The number of tags '${entries.length}' exceeds the limit of 50.`);
  for (const [name, value] of entries) {
    if (name.length === 0 || name.length > 512) {
      throw armError(
        400,
        'InvalidTagNameLength',
        `The tag name '${name.slice(0, 40)}' must have between 1 and 512 characters.`,
      );
    }
    if (/[<>%&\\?/]/.test(name)) {
      throw armError(
        400,
        'InvalidTagNameCharacters',
        `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
      );
    }
    if (typeof value !== 'string' || value.length > 256) {
      throw armError(
        400,
        'InvalidTagValueLength',
        `The value of tag '${name}' must be text of at most 256 characters.`,
      );
    }
  }
}

/** A pricing tier by its name in any case; undefined where there is none of that name. */
export function findSku(name: string | undefined): WorkspaceSku | undefined {
  return SKUS.find((sku) => sku.toLowerCase() === name?.toLowerCase());
}

function invalid(target: string, message: string): Error {
  return armError(400, 'InvalidParameter', message, { target });
}

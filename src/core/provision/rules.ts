/**
 * What the service accepts of a workspace, in days
 * (learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure).
 * Less (from 4 days) and more (to 12 years, 4,383 days, of total retention) is a setting of single tables.
 */
export const RETENTION_DAYS = { least: 30, most: 730 } as const;
/** Legacy tiers whose retention is what it is. */
const FIXED_RETENTION: ReadonlyMap<string, number> = new Map([
  ['free', 7],
  ['standard', 30],
  ['premium', 365],
]);
/** Offered in pickers; any whole number between least and most is accepted. */
export const RETENTION_CHOICES: readonly number[] = [30, 60, 90, 120, 180, 270, 365, 550, 730];
/** Commitment tiers in GB a day. */
export const COMMITMENT_LEVELS: readonly number[] = [100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000];
/**
 * The least daily cap other tools accept; no document of the service states it, so less is warned about, not refused.
 */
export const LEAST_DAILY_CAP_GB = 0.023;
/** So long a deleted workspace can be recovered and keeps its name. */
export const SOFT_DELETE_DAYS = 14;

const WORKSPACE_NAME = /^[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]$/;
const RESOURCE_GROUP_NAME = /^[-\w.()\p{L}\p{Nd}]{1,90}$/u;

/** Why a workspace cannot be called that; undefined for a good name. */
export function validateName(name: string): string | undefined {
  if (name.length < 4 || name.length > 63)
    return `A workspace name has 4 to 63 characters, this one has ${name.length}.`;
  const odd = /[^A-Za-z0-9-]/.exec(name)?.[0];
  if (odd !== undefined) return `A workspace name holds letters, digits and hyphens only, not "${odd}".`;
  return WORKSPACE_NAME.test(name) ? undefined : 'A workspace name begins and ends with a letter or digit.';
}

/** Why a resource group cannot be called that; undefined for a good name. */
export function validateResourceGroupName(name: string): string | undefined {
  if (name === '' || name.length > 90) return 'A resource group name has 1 to 90 characters.';
  if (name.endsWith('.')) return 'A resource group name does not end with a full stop.';
  return RESOURCE_GROUP_NAME.test(name)
    ? undefined
    : 'A resource group name holds letters, digits, full stops, underscores, hyphens and brackets only.';
}

/** Why a workspace (of a pricing tier, `PerGB2018` unless said) cannot keep logs for so many days; else undefined. */
export function validateRetention(days: number, sku = 'PerGB2018'): string | undefined {
  const fixed = FIXED_RETENTION.get(sku.toLowerCase());
  if (fixed !== undefined)
    return days === fixed
      ? undefined
      : `The legacy pricing tier ${sku} keeps logs for ${fixed} days, no more and no less. Change the tier first.`;
  const { least, most } = RETENTION_DAYS;
  if (!Number.isInteger(days)) return `A whole number of days from ${least} to ${most}.`;
  if (days < least) return `At least ${least} days; less, down to 4, is the retention of single tables.`;
  return days > most
    ? `At most ${most} days; more, up to 12 years, is the total retention of single tables.`
    : undefined;
}

/** Why so many GB a day cannot be a cap; undefined where they can. */
export function validateDailyCap(gb: number): string | undefined {
  return Number.isFinite(gb) && gb > 0
    ? undefined
    : 'The daily cap is a number of GB above 0; leave it out for no cap.';
}

/** Azure's limits on tags: 50 a resource, names of 512 characters, values of 256. */
export function validateTags(tags: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(tags);
  if (entries.length > 50) return `A resource has at most 50 tags, these are ${entries.length}.`;
  const names = new Set<string>();
  for (const [name, value] of entries) {
    if (name === '' || name.length > 512) return 'A tag name has 1 to 512 characters.';
    const odd = /[<>%&\\?/]/.exec(name)?.[0];
    if (odd !== undefined) return `The tag name "${name}" holds "${odd}", which Azure does not allow.`;
    if (names.has(name.toLowerCase()))
      return `The tag "${name}" is there twice: Azure does not tell the names of tags apart by case.`;
    names.add(name.toLowerCase());
    if (value.length > 256) return `The value of the tag "${name}" is longer than 256 characters.`;
  }
  return undefined;
}

/** What stays after a deletion, for the message that tells of it. */
export function describeDeletion(name: string, permanent: boolean): string {
  return permanent
    ? `${name} is deleted permanently. Its name is free again; its data is removed within 30 days.`
    : `${name} is deleted. It can be recovered with its data for ${SOFT_DELETE_DAYS} days and keeps its name until then.`;
}

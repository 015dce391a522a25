import type { Estate } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { toRegion } from '../../model/region.ts';
import { EstateIndex } from '../estate/estateIndex.ts';

/** A region as the service lists it: its code, e.g. `westeurope`, and `West Europe`. */
export interface Region {
  readonly name: string;
  readonly displayName: string;
}

/** Regions of one kind, under the heading that says why they stand there; `why` beside each. */
export interface RegionGroup {
  readonly heading: string;
  readonly regions: readonly (Region & { readonly why?: string })[];
}

/** Regions to choose from, likely ones first, and which of them stands ready. */
export interface RegionChoices {
  readonly groups: readonly RegionGroup[];
  readonly ready: string | undefined;
  /** Declared for the customer, but not to be had in this subscription. */
  readonly missing: readonly string[];
}

/** What speaks for a region beside what the customer declares and uses; each a code or a display name. */
export interface RegionHints {
  /** What sent the person here, e.g. a finding. */
  readonly proposed?: string | undefined;
  /** Of the resource group. */
  readonly group?: string | undefined;
  /** Of the settings. */
  readonly preferred?: string | undefined;
}

/**
 * The regions that are offered, in the order of their likelihood: proposed, declared for the customer, in use by it
 * (most workspaces first), then all others by name. Each stands once.
 */
export function regionChoices(
  offered: readonly Region[],
  estate: Estate,
  customer: CustomerKey,
  hints: RegionHints = {},
): RegionChoices {
  const known = new Map(offered.map((region) => [toRegion(region.name), region]));
  const name = EstateIndex.of(estate).customerName(customer);
  const declared = (EstateIndex.of(estate).customers.get(customer)?.declared?.regions ?? []).map(toRegion);
  const used = new Map<string, number>();
  for (const workspace of estate.workspaces)
    if (workspace.customer === customer)
      used.set(toRegion(workspace.region), (used.get(toRegion(workspace.region)) ?? 0) + 1);
  const inUse = [...used].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([region]) => region);
  const proposed = hints.proposed ? [toRegion(hints.proposed)] : [];
  const taken = new Set<string>();
  const group = (heading: string, codes: readonly string[]): RegionGroup => ({
    heading,
    regions: codes.flatMap((code) => {
      const region = known.get(code);
      if (!region || taken.has(code)) return [];
      taken.add(code);
      const why = [
        ...(declared.includes(code) ? ['declared'] : []),
        ...(used.has(code)
          ? [`${used.get(code)} ${used.get(code) === 1 ? 'workspace' : 'workspaces'} of ${name}`]
          : []),
      ].join(', ');
      return [{ ...region, ...(why ? { why } : {}) }];
    }),
  });
  const rest = [...known.keys()].sort((a, b) =>
    known.get(a)!.displayName.localeCompare(known.get(b)!.displayName, 'en'),
  );
  const groups = [
    group('Proposed by the finding', proposed),
    group(`Declared for ${name}`, declared),
    group(`In use by ${name}`, inUse),
    group('All other regions', rest),
  ].filter(({ regions }) => regions.length > 0);
  const wishes = [...proposed, ...declared, hints.group, hints.preferred, ...inUse];
  return {
    groups,
    ready: wishes.map((wish) => (wish ? toRegion(wish) : '')).find((code) => known.has(code)),
    missing: declared.filter((code) => !known.has(code)),
  };
}

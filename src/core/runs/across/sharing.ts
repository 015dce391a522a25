import type { CustomerKey } from '../../../model/ids.ts';
import type { SharedRequests } from '../../../model/run.ts';
import { issuerKey } from '../../../ports/issuer.ts';
import type { Issuer } from '../../../ports/issuer.ts';

/** Workspaces of one query, the one in the address among them: learn.microsoft.com, cross-workspace queries. */
export const MOST_TOGETHER = 100;

/** Regions of one query, above which the service refuses it (from five on it warns): learn.microsoft.com, log scope. */
const MOST_REGIONS = 19;

/** A target that may be asked together with others whose `likes` are equal. */
export interface Shareable<T> {
  readonly target: T;
  readonly issuer: Issuer;
  readonly customer: CustomerKey;
  readonly region: string;
  readonly likes: string;
}

/**
 * Who is asked together, as far as that is permitted: by one token, in one text, within the limits of one query. Whom
 * nobody joins is in no group.
 */
export function groupsOf<T>(targets: readonly Shareable<T>[], sharing: SharedRequests): T[][] {
  if (sharing === 'never') return [];
  const alike = new Map<string, Shareable<T>[]>();
  for (const one of targets) {
    const whose = sharing === 'everyone' ? '' : one.customer;
    const key = JSON.stringify([issuerKey(one.issuer), whose, one.likes]);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  return [...alike.values()].flatMap(withinLimits).filter((group) => group.length > 1);
}

/** Region by region, so that a query spans few of them: it is slower with each. */
function withinLimits<T>(targets: readonly Shareable<T>[]): T[][] {
  const groups: T[][] = [];
  let regions = new Set<string>();
  for (const { target, region } of targets.toSorted((a, b) => compare(a.region, b.region))) {
    const last = groups.at(-1);
    const fits = last && last.length < MOST_TOGETHER && (regions.has(region) || regions.size < MOST_REGIONS);
    if (fits) last.push(target);
    else groups.push([target]);
    regions = fits ? regions.add(region) : new Set([region]);
  }
  return groups;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

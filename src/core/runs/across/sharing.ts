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
  /** Of a part of a workspace that is shared: that workspace. Its parts are asked together whatever is permitted. */
  readonly partOf?: string;
}

/**
 * Who is asked together, as far as that is permitted: by one token, in one text, within the limits of one query. Whom
 * nobody joins is in no group.
 */
export function groupsOf<T>(all: readonly Shareable<T>[], sharing: SharedRequests): T[][] {
  const parts = all.filter(({ partOf }) => partOf !== undefined);
  const ofOne = alikeOf(parts, ({ partOf }) => partOf!).map((group) => group.map(({ target }) => target));
  const targets = sharing === 'never' ? [] : all.filter(({ partOf }) => partOf === undefined);
  const several = alikeOf(targets, ({ customer }) => (sharing === 'everyone' ? '' : customer)).flatMap(withinLimits);
  return [...ofOne, ...several].filter((group) => group.length > 1);
}

function alikeOf<T>(targets: readonly Shareable<T>[], whose: (one: Shareable<T>) => string): Shareable<T>[][] {
  const alike = new Map<string, Shareable<T>[]>();
  for (const one of targets) {
    const key = JSON.stringify([issuerKey(one.issuer), whose(one), one.likes]);
    const same = alike.get(key);
    if (same) same.push(one);
    else alike.set(key, [one]);
  }
  return [...alike.values()];
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

import type { AppErrorData } from '../../base/errors.ts';
import type { AccessPath, Account, EstateProblem } from '../../model/estate.ts';
import type { SubscriptionId, TenantId, WorkspaceKey } from '../../model/ids.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { SubscriptionListing, TenantListing, WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';

/** What one account learnt when it tried to enter one tenant. */
export interface TenantVisit {
  readonly account: Account;
  readonly error?: AppErrorData;
}

/** A workspace as it was listed, with every path it was seen by. */
export interface WorkspaceSighting {
  readonly listing: WorkspaceListing;
  readonly paths: readonly AccessPath[];
}

/** Everything the calls of one load reported, as it came in: the material `assembleEstate` makes an estate from. */
export class Sightings {
  accounts: readonly Account[] = [];
  readonly tenants = new Map<TenantId, TenantListing>();
  readonly visits = new Map<TenantId, TenantVisit[]>();
  readonly subscriptions = new Map<SubscriptionId, SubscriptionListing>();
  /** By whose tokens each subscription was listed. */
  readonly subscriptionPaths = new Map<SubscriptionId, readonly AccessPath[]>();
  readonly workspaces = new Map<WorkspaceKey, WorkspaceSighting>();
  readonly problems: EstateProblem[] = [];

  /** The same tenant is listed by many accounts; a listing with an identity of ours and with more names wins. */
  addTenants(listings: readonly TenantListing[]): void {
    for (const listing of listings) {
      const known = this.tenants.get(listing.id);
      if (!known || (known.delegatedOnly && !listing.delegatedOnly) || (!known.defaultDomain && listing.defaultDomain))
        this.tenants.set(listing.id, listing);
    }
  }

  addVisit(tenant: TenantId, visit: TenantVisit): void {
    this.visits.set(tenant, [...(this.visits.get(tenant) ?? []), visit]);
  }

  addSubscriptions(listings: readonly SubscriptionListing[], account: Account, issuer: Issuer): void {
    for (const listing of listings) {
      this.subscriptions.set(listing.id, listing);
      const kind = pathKind(listing.tenant, account, issuer);
      const path = { kind, account: account.id, issuer: issuer.tenant };
      this.subscriptionPaths.set(listing.id, [...(this.subscriptionPaths.get(listing.id) ?? []), path]);
    }
  }

  addWorkspaces(listings: readonly WorkspaceListing[], account: Account, issuer: Issuer): void {
    for (const listing of listings)
      this.addWorkspace(listing, {
        kind: pathKind(listing.tenant, account, issuer),
        account: account.id,
        issuer: issuer.tenant,
      });
  }

  addWorkspace(listing: WorkspaceListing, path: AccessPath): void {
    const key = toWorkspaceKey(listing.armId);
    const known = this.workspaces.get(key);
    const paths = known?.paths ?? [];
    const listed = paths.some((other) => other.account === path.account && other.issuer === path.issuer);
    this.workspaces.set(key, {
      listing: known && known.listing.sentinel !== undefined ? known.listing : listing,
      paths: listed ? paths : [...paths, path],
    });
  }
}

/**
 * How an account reaches what a tenant owns: with a token of another tenant only Lighthouse lets it in; with a token of
 * the owner it is at home there, or a guest (a person) or installed (an application).
 */
export function pathKind(owner: TenantId, account: Account, issuer: Issuer): AccessPath['kind'] {
  if (owner !== issuer.tenant) return 'lighthouse';
  if (account.personal) return 'guest';
  if (account.homeTenant === undefined || account.homeTenant === issuer.tenant) return 'home';
  return account.servicePrincipal ? 'servicePrincipal' : 'guest';
}

import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, familyOf, toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { Account, EstateProblem } from '../../model/estate.ts';
import { isGuid, toTenantId } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import type { AccountSource } from '../../ports/accounts.ts';
import type { DirectoryPort, SubscriptionListing, TenantListing, WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import type { Sightings } from './sightings.ts';

/** Tenants visited at once: well under what a token endpoint or Resource Graph (15 per 5 s and user) minds. */
const TENANTS_AT_ONCE = 16;

/** The authority of accounts that do not say where they are at home. */
const ANY_TENANT = toTenantId('organizations');

/** Who is signed in, and what they are told. */
export interface DiscoverPorts {
  readonly accounts: AccountSource;
  readonly directory: DirectoryPort;
}

/**
 * Walks accounts -> tenants -> subscriptions and workspaces and notes everything in `sightings`; `changed` is called
 * after each tenant. One call per listing and token; nothing that fails ends the walk, except the person who cancels
 * it.
 */
export async function discover(
  ports: DiscoverPorts,
  customers: CustomersFile,
  expected: Iterable<TenantId>,
  sightings: Sightings,
  changed: () => void,
  signal: CancelSignal,
): Promise<void> {
  const { directory } = ports;
  const visits = new Limiter(TENANTS_AT_ONCE);
  /** What was refused to accounts that need not see anything; told only where nobody sees anything. */
  const unseen: EstateProblem[] = [];
  sightings.accounts = await ports.accounts.accounts(signal);
  const walked = await fanOut({
    name: 'accounts',
    targets: sightings.accounts,
    quota: new Limiter(Infinity),
    signal,
    work: async (account) => {
      const listed = await listTenants(account, directory, signal);
      if (listed.ok) sightings.addTenants(listed.value);
      else (mayBeIdle(account, listed.error) ? unseen : sightings.problems).push(problemOf(account, listed.error));
      if (listed.ok && listed.value.length === 0) unseen.push(problemOf(account, seesNothing(account)));
      changed();
      const visited = await fanOut({
        name: account.id,
        targets: tenantsToVisit(account, listed.ok ? listed.value : [], customers, expected),
        quota: visits,
        signal,
        work: (tenant) =>
          visit(
            { account: account.id, tenant },
            directory,
            signal,
            account.servicePrincipal && !sightings.tenants.has(tenant),
          ),
        settled: ({ target, outcome }) => {
          if (isCancelled(outcome)) return;
          note({ account: account.id, tenant: target }, account, outcome, sightings);
          changed();
        },
      });
      throwFirst(visited.map(({ outcome }) => outcome).filter(isCancelled));
    },
  });
  throwFirst(walked.map(({ outcome }) => outcome));
  if (sightings.tenants.size === 0 && sightings.visits.size === 0) sightings.problems.push(...unseen);
}

/**
 * Whether it is in order that an account lists no tenants: a personal one is often signed in for another purpose
 * (settings, another service), and would be a warning for ever.
 */
function mayBeIdle(account: Account, error: AppErrorData): boolean {
  return account.personal === true && /^(auth|access)$/.test(familyOf(error.code));
}

function problemOf(account: Account, error: AppErrorData): EstateProblem {
  return { where: account.label, error };
}

function seesNothing({ label }: Account): AppErrorData {
  return {
    code: 'access.nothingSeen',
    message: `${label} is in no directory with Azure. Sign in with another account, or have it invited by a customer.`,
    retryable: false,
  };
}

async function listTenants(
  account: Account,
  directory: DirectoryPort,
  signal: CancelSignal,
): Promise<Outcome<readonly TenantListing[]>> {
  return outcomeOf(directory.tenants(listingIssuer(account), signal));
}

/** Whose token lists the tenants of an account: its home's, or of whatever tenant it is in where it has none. */
export function listingIssuer(account: Account): Issuer {
  return { account: account.id, tenant: account.homeTenant ?? ANY_TENANT };
}

/**
 * The tenants worth asking a token for: those the account has an identity in. `expected`: where an application may have
 * been installed meanwhile.
 */
export function tenantsToVisit(
  account: Account,
  listings: readonly TenantListing[],
  customers: CustomersFile,
  expected: Iterable<TenantId> = [],
): readonly TenantId[] {
  const tenants = new Set<TenantId>(account.homeTenant ? [account.homeTenant] : []);
  for (const listing of listings) if (!listing.delegatedOnly) tenants.add(listing.id);
  // A service principal is told of its own tenant only; its sign-in and the file say where else it is installed.
  if (account.servicePrincipal) {
    for (const tenant of [...(account.installedIn ?? []), ...expected]) tenants.add(tenant);
    for (const customer of customers.customers)
      for (const tenant of customer.tenants) if (isGuid(tenant)) tenants.add(toTenantId(tenant));
  }
  return [...tenants];
}

/** What one token was told of its tenant; `leftOut` is what the listing of workspaces could not see into. */
interface Visited {
  /** The tenant itself, where nothing else told what it is called. */
  readonly named?: TenantListing;
  readonly subscriptions: Outcome<readonly SubscriptionListing[]>;
  readonly workspaces: Outcome<readonly WorkspaceListing[]>;
  readonly leftOut: readonly { readonly where: string; readonly error: AppErrorData }[];
}

/**
 * Rejects where neither of the two lists came: then the tenant was not entered. `unnamed`: its name is asked, too, of
 * itself, for an application is told of no tenant by another one.
 */
async function visit(
  issuer: Issuer,
  directory: DirectoryPort,
  signal: CancelSignal,
  unnamed = false,
): Promise<Visited> {
  const leftOut: { where: string; error: AppErrorData }[] = [];
  const [subscriptions, workspaces, tenants] = await Promise.all([
    outcomeOf(directory.subscriptions(issuer, signal)),
    outcomeOf(
      directory.workspaces(issuer, signal, (where, error) => {
        leftOut.push({ where, error });
      }),
    ),
    unnamed ? outcomeOf(directory.tenants(issuer, signal)) : undefined,
  ]);
  const named = tenants?.ok ? tenants.value.find(({ id }) => id === issuer.tenant) : undefined;
  if (!subscriptions.ok && !workspaces.ok) throw AppError.fromData(subscriptions.error);
  return { subscriptions, workspaces, leftOut, ...(named ? { named } : {}) };
}

function note(issuer: Issuer, account: Account, outcome: Outcome<Visited>, sightings: Sightings): void {
  const { tenant } = issuer;
  if (!outcome.ok) {
    sightings.addVisit(tenant, { account, error: outcome.error });
    return;
  }
  const { subscriptions, workspaces, leftOut, named } = outcome.value;
  if (named) sightings.addTenants([named]);
  for (const { where, error } of leftOut) sightings.problems.push({ where, tenant, error });
  if (subscriptions.ok) sightings.addSubscriptions(subscriptions.value, account, issuer);
  if (workspaces.ok) sightings.addWorkspaces(workspaces.value, account, issuer);
  sightings.addVisit(tenant, { account });
  const name = sightings.tenants.get(tenant)?.name ?? tenant;
  const lists = [
    ['names of subscriptions', subscriptions],
    ['workspaces', workspaces],
  ] as const;
  for (const [what, list] of lists)
    if (!list.ok) sightings.problems.push({ where: `${name}: ${what}`, tenant, error: list.error });
}

/** Rejects only for a cancellation: a person's will is no outcome. */
async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family === 'cancelled') throw error;
    return { ok: false, error: error.toData() };
  }
}

function isCancelled(outcome: Outcome<unknown>): boolean {
  return !outcome.ok && familyOf(outcome.error.code) === 'cancelled';
}

function throwFirst(outcomes: readonly Outcome<unknown>[]): void {
  for (const outcome of outcomes) if (!outcome.ok) throw AppError.fromData(outcome.error);
}

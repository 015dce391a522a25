import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError, AppErrorData } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Account } from '../../model/estate.ts';
import { isGuid, toTenantId } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import type { AccountSource } from '../../ports/accounts.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { Sightings } from './sightings.ts';

/** Tenants visited at once: well under what a token endpoint or Resource Graph (15 per 5 s and user) minds. */
const TENANTS_AT_ONCE = 16;

/** The authority of accounts that do not say where they are at home. */
const ANY_TENANT = toTenantId('organizations');

/**
 * Walks accounts -> tenants -> subscriptions and workspaces and notes everything in `sightings`; `changed` is called
 * after each
 * tenant. One call per listing and token; nothing that fails ends the walk, except the person who cancels it.
 */
export async function discover(
  ports: { readonly accounts: AccountSource; readonly directory: DirectoryPort },
  customers: CustomersFile,
  sightings: Sightings,
  changed: () => void,
  signal: CancelSignal,
): Promise<void> {
  const limiter = new Limiter(TENANTS_AT_ONCE);
  sightings.accounts = await ports.accounts.accounts(signal);
  await Promise.all(
    sightings.accounts.map(async (account) => {
      const tenants = await listTenants(account, ports.directory, customers, sightings, signal);
      changed();
      await Promise.all(
        tenants.map((tenant) =>
          limiter.run(async () => {
            await visit({ account: account.id, tenant }, account, ports.directory, sightings, signal);
            changed();
          }, signal),
        ),
      );
    }),
  );
}

/** The tenants worth asking a token for: those the account has an identity in. */
async function listTenants(
  account: Account,
  directory: DirectoryPort,
  customers: CustomersFile,
  sightings: Sightings,
  signal: CancelSignal,
): Promise<readonly TenantId[]> {
  const home = account.homeTenant;
  const tenants = new Set<TenantId>(home ? [home] : []);
  try {
    const listings = await directory.tenants({ account: account.id, tenant: home ?? ANY_TENANT }, signal);
    sightings.addTenants(listings);
    for (const listing of listings) if (!listing.delegatedOnly) tenants.add(listing.id);
  } catch (thrown) {
    const error = notCancelled(thrown);
    sightings.problems.push({ where: account.label, error: error.toData() });
  }
  // A service principal is told of its own tenant only; the file says where else the provider installed it.
  if (account.servicePrincipal)
    for (const customer of customers.customers)
      for (const tenant of customer.tenants) if (isGuid(tenant)) tenants.add(toTenantId(tenant));
  return [...tenants];
}

async function visit(
  issuer: Issuer,
  account: Account,
  directory: DirectoryPort,
  sightings: Sightings,
  signal: CancelSignal,
): Promise<void> {
  const report = (where: string, error: AppErrorData): void => {
    sightings.problems.push({ where, tenant: issuer.tenant, error });
  };
  const [subscriptions, workspaces] = await Promise.allSettled([
    directory.subscriptions(issuer, signal),
    directory.workspaces(issuer, signal, report),
  ]);
  const errors = [subscriptions, workspaces].flatMap((outcome) =>
    outcome.status === 'rejected' ? [notCancelled(outcome.reason)] : [],
  );
  if (subscriptions.status === 'fulfilled') sightings.addSubscriptions(subscriptions.value);
  if (workspaces.status === 'fulfilled') sightings.addWorkspaces(workspaces.value, account, issuer);
  const [first] = errors;
  if (errors.length === 2 && first) {
    sightings.addVisit(issuer.tenant, { account, error: first.toData() });
    return;
  }
  sightings.addVisit(issuer.tenant, { account });
  if (first) {
    const what = workspaces.status === 'rejected' ? 'workspaces' : 'names of subscriptions';
    sightings.problems.push({
      where: `${sightings.tenants.get(issuer.tenant)?.name ?? issuer.tenant}: ${what}`,
      tenant: issuer.tenant,
      error: first.toData(),
    });
  }
}

function notCancelled(thrown: unknown): AppError {
  const error = toAppError(thrown);
  if (error.family === 'cancelled') throw error;
  return error;
}

import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { CspCustomer, CspCustomers, CspSource } from '../../model/cspCustomer.ts';
import type { Estate, Tenant } from '../../model/estate.ts';
import { toTenantId } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { AdminRelationship, MicrosoftGraphPort, PartnerContract } from '../../ports/microsoftGraph.ts';
import { distinctIssuers } from '../assess/measure/sight.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import { EstateIndex } from '../estate/estateIndex.ts';

/** What the use case stands on. */
export interface CspWorld {
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly customers: { load(): Promise<CustomersFile> };
  readonly graph: Pick<MicrosoftGraphPort, 'contracts' | 'relationships'>;
}

/** A customer before it is held against the estate. */
interface Found {
  readonly tenant: TenantId;
  name: string;
  domain: string;
  readonly sources: Set<CspSource>;
  readonly relationships: AdminRelationship[];
}

/**
 * The customers of the partners that the signed-in accounts are at home in, by contract, by admin relationship and by
 * an export of Partner Center (`exported`), held against what is seen. A source that refuses is told, and costs only
 * what it alone knows. Rejects as the estate does, and when cancelled.
 */
export async function findCspCustomers(
  { estate: source, customers, graph }: CspWorld,
  exported: readonly PartnerContract[] = [],
  signal: CancelSignal = NEVER,
): Promise<CspCustomers> {
  const estate = await source.load({ signal });
  const { customers: entries } = await customers.load();
  const found = new Map<TenantId, Found>();
  const problems: CspCustomers['problems'][number][] = [];
  for (const contract of exported) add(found, contract, 'export');
  for (const issuer of partnersOf(estate)) {
    const ask = async <T>(what: string, question: () => Promise<readonly T[]>): Promise<readonly T[]> => {
      try {
        return await question();
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'cancelled') throw error;
        const where = `${what} of ${EstateIndex.of(estate).tenantName(issuer.tenant)}`;
        problems.push({ where, error: error.toData() });
        return [];
      }
    };
    const [contracts, relationships] = await Promise.all([
      ask('Contracts', () => graph.contracts(issuer, signal)),
      ask('Admin relationships', () => graph.relationships(issuer, signal)),
    ]);
    for (const contract of contracts) add(found, contract, 'contract');
    for (const relationship of relationships) {
      const { tenant, customerName } = relationship;
      add(found, { tenant, name: customerName, domain: '' }, 'relationship').relationships.push(relationship);
    }
  }
  const named = new Set(entries.flatMap(({ tenants }) => tenants.map((tenant) => tenant.toLowerCase())));
  const listed = [...found.values()].map((one) => toCustomer(one, estate, named));
  listed.sort((a, b) => Number(a.onboarded) - Number(b.onboarded) || a.name.localeCompare(b.name));
  return { customers: listed, problems };
}

/** The accounts in their home tenants: a guest of a partner is shown no customers of it. */
function partnersOf({ accounts, tenants }: Estate): readonly Issuer[] {
  const entered = new Set(tenants.filter(({ state }) => state === 'entered').map(({ id }) => id));
  const issuers = accounts.flatMap(({ id, homeTenant, personal }): Issuer[] =>
    homeTenant && !personal && entered.has(homeTenant) ? [{ account: id, tenant: homeTenant }] : [],
  );
  // Two accounts of one partner are told the same.
  return distinctIssuers([...new Map(issuers.map((issuer) => [issuer.tenant, issuer])).values()]);
}

function add(found: Map<TenantId, Found>, { tenant, name, domain }: PartnerContract, source: CspSource): Found {
  const id = toTenantId(tenant);
  let one = found.get(id);
  if (!one) found.set(id, (one = { tenant: id, name, domain, sources: new Set(), relationships: [] }));
  one.sources.add(source);
  if (one.name === '') one.name = name;
  if (one.domain === '') one.domain = domain;
  return one;
}

function toCustomer(one: Found, estate: Estate, named: ReadonlySet<string>): CspCustomer {
  const tenant = EstateIndex.of(estate).tenants.get(one.tenant);
  const workspaces = estate.workspaces.filter(
    (workspace) => workspace.tenant === one.tenant && workspace.paths.length > 0,
  ).length;
  const isNamed = named.has(one.tenant.toLowerCase()) || (one.domain !== '' && named.has(one.domain));
  const [best] = [...one.relationships].sort((a, b) => rank(a) - rank(b) || (b.ends ?? '').localeCompare(a.ends ?? ''));
  const missing = [
    ...accessMissing(tenant, workspaces),
    ...(isNamed
      ? []
      : [`Name it in the customers file, with tenant ${one.tenant}, so that it has its name, groups and promises.`]),
  ];
  return {
    tenant: one.tenant,
    name: one.name === '' ? one.tenant : one.name,
    domain: one.domain,
    sources: [...one.sources],
    ...(best ? { relationship: { status: best.status, ...(best.ends === undefined ? {} : { ends: best.ends }) } } : {}),
    ...(tenant ? { customer: tenant.customer } : {}),
    workspaces,
    onboarded: missing.length === 0,
    // An admin relationship opens nothing in Azure by itself; without one nobody of ours can deploy the offer for it.
    missing:
      missing.length === 0 || best?.status === 'active' || workspaces > 0
        ? missing
        : [
            ...missing,
            best
              ? `Its delegated admin relationship is ${words(best.status)}: until one is active, its own administrator has to deploy the Lighthouse offer.`
              : 'It has no delegated admin relationship that is seen: its own administrator has to deploy the Lighthouse offer.',
          ],
  };
}

function accessMissing(tenant: Tenant | undefined, workspaces: number): readonly string[] {
  if (workspaces > 0) return [];
  if (!tenant)
    return [
      'No access: none of its subscriptions is delegated to you, and no account is a guest there. Send it a Lighthouse offer, or have a guest invited.',
    ];
  if (tenant.state === 'entered')
    return [
      'Its tenant is entered, but no workspace of it is seen: delegate the subscription that holds them, or create one.',
    ];
  return [tenant.error?.message ?? 'Its tenant could not be entered.'];
}

const ORDER = ['active', 'activating', 'approved', 'approvalPending', 'created'];

function rank({ status }: AdminRelationship): number {
  const at = ORDER.indexOf(status);
  return at < 0 ? ORDER.length : at;
}

/** `approvalPending` is `approval pending`. */
function words(status: string): string {
  return status.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

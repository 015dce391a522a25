import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { toAppError } from '../../base/errors.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import type { CspCustomer, CspCustomers, CspLack, CspSource } from '../../model/cspCustomer.ts';
import type { Estate, Tenant } from '../../model/estate.ts';
import { toTenantId } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { AdminRelationship, MicrosoftGraphPort, PartnerContract } from '../../ports/microsoftGraph.ts';
import { baselineOf } from '../baseline/layers.ts';
import { distinctIssuers } from '../assess/measure/sight.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { resolveScope } from '../estate/scope.ts';
import { RENEWED_IN_DAYS, words } from './relationshipWords.ts';

/** What the use case stands on. */
export interface CspWorld {
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly customers: { load(): Promise<CustomersFile> };
  readonly graph: Pick<MicrosoftGraphPort, 'contracts' | 'relationships'>;
  readonly clock: Pick<Clock, 'now'>;
  /** What was agreed for customers; what is absent is nothing that anybody could lack. */
  readonly agreed?: { readonly baseline?: BaselineFile; readonly rollups?: readonly Scope[] };
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
  { estate: source, customers, graph, clock, agreed = {} }: CspWorld,
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
  const looking: Looking = { estate, named, agreed, now: clock.now(), rolledUp: rolledUpIn(estate, agreed.rollups) };
  const listed = [...found.values()].map((one) => toCustomer(one, looking));
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

interface Looking {
  readonly estate: Estate;
  /** Tenants of the customers file, by id and by domain, in lower case. */
  readonly named: ReadonlySet<string>;
  readonly agreed: NonNullable<CspWorld['agreed']>;
  /** Tenants with a workspace that some roll-up asks. */
  readonly rolledUp: ReadonlySet<TenantId>;
  readonly now: number;
}

/** Something that is missing: a word for a table, and a sentence. */
type Missing = readonly [lack: CspLack, sentence: string];

function rolledUpIn(estate: Estate, rollups: readonly Scope[] = []): ReadonlySet<TenantId> {
  return new Set(rollups.flatMap((scope) => resolveScope(scope, estate).workspaces.map(({ tenant }) => tenant)));
}

function toCustomer(one: Found, looking: Looking): CspCustomer {
  const { estate, named, now } = looking;
  const tenant = EstateIndex.of(estate).tenants.get(one.tenant);
  const workspaces = estate.workspaces.filter(
    (workspace) => workspace.tenant === one.tenant && workspace.paths.length > 0,
  ).length;
  const names = [one.tenant, one.domain, tenant?.defaultDomain ?? ''].map((name) => name.toLowerCase());
  const isNamed = names.some((name) => name !== '' && named.has(name));
  const [best] = [...one.relationships].sort((a, b) => rank(a) - rank(b) || (b.ends ?? '').localeCompare(a.ends ?? ''));
  const first: readonly Missing[] = [
    ...accessMissing(tenant, workspaces),
    ...(isNamed
      ? []
      : [
          [
            'name',
            `Name it in the customers file, with tenant ${one.tenant}, so that it has its name, groups and promises.`,
          ] as const,
        ]),
  ];
  const onboarded = first.length === 0;
  const missing = [
    ...first,
    ...relationshipMissing(best, now, onboarded || workspaces > 0),
    ...(tenant && workspaces > 0 ? agreedMissing(tenant, looking) : []),
  ];
  const days = daysLeft(best, now);
  return {
    tenant: one.tenant,
    name: one.name === '' ? one.tenant : one.name,
    domain: one.domain,
    sources: [...one.sources],
    ...(best
      ? {
          relationship: {
            status: best.status,
            ...(best.ends === undefined ? {} : { ends: best.ends }),
            ...(days === undefined ? {} : { endsInDays: days }),
          },
        }
      : {}),
    ...(tenant ? { customer: tenant.customer } : {}),
    workspaces,
    onboarded,
    missing: missing.map(([, sentence]) => sentence),
    lacks: missing.map(([lack]) => lack),
  };
}

function accessMissing(tenant: Tenant | undefined, workspaces: number): readonly Missing[] {
  if (workspaces > 0) return [];
  if (!tenant)
    return [
      [
        'access',
        'No access: none of its subscriptions is delegated to you, and no account is a guest there. Send it a Lighthouse offer, or have a guest invited.',
      ],
    ];
  if (tenant.state === 'entered')
    return [
      [
        'workspace',
        'Its tenant is entered, but no workspace of it is seen: delegate the subscription that holds them, or create one.',
      ],
    ];
  return [['access', tenant.error?.message ?? 'Its tenant could not be entered.']];
}

/** An admin relationship opens nothing in Azure by itself; without one nobody of ours can deploy the offer for it. */
function relationshipMissing(best: AdminRelationship | undefined, now: number, reached: boolean): readonly Missing[] {
  if (best?.status === 'active') {
    const days = daysLeft(best, now);
    if (days === undefined || days > RENEWED_IN_DAYS) return [];
    const when = days < 0 ? `ended on ${dateOf(best)}` : `ends on ${dateOf(best)}`;
    return [
      [
        'relationship',
        `Its delegated admin relationship ${when}: request the next one in Partner Center, or have it extended.`,
      ],
    ];
  }
  if (reached) return [];
  return [
    [
      'relationship',
      best
        ? `Its delegated admin relationship is ${words(best.status)}: until one is active, its own administrator has to deploy the Lighthouse offer.`
        : 'It has no delegated admin relationship that is seen: its own administrator has to deploy the Lighthouse offer.',
    ],
  ];
}

function agreedMissing({ id, customer: key }: Tenant, { estate, agreed, rolledUp }: Looking): readonly Missing[] {
  const customer = EstateIndex.of(estate).customers.get(key);
  const { baseline, rollups = [] } = agreed;
  const promised = baseline && customer ? Object.keys(baselineOf(baseline, customer).baseline).length : 1;
  return [
    ...(promised > 0 ? [] : [['baseline', 'No layer of the baseline says what was agreed with it.'] as const]),
    ...(rollups.length === 0 || rolledUp.has(id)
      ? []
      : [['roll-ups', 'No roll-up asks any workspace of it: widen the scope of one.'] as const]),
  ];
}

const DAY = 86_400_000;

function daysLeft(relationship: AdminRelationship | undefined, now: number): number | undefined {
  const ends = Date.parse(relationship?.ends ?? '');
  return Number.isNaN(ends) ? undefined : Math.floor((ends - now) / DAY);
}

function dateOf({ ends = '' }: AdminRelationship): string {
  return ends.slice(0, 10);
}

const ORDER = ['active', 'activating', 'approved', 'approvalPending', 'created'];

function rank({ status }: AdminRelationship): number {
  const at = ORDER.indexOf(status);
  return at < 0 ? ORDER.length : at;
}

import type { Declared } from '../../model/assessment/declared.ts';
import type { Architecture } from '../../model/assessment/verdict.ts';
import { TRAITS, type Draft } from './assessTraits.ts';
import type { CustomerPlan, TableGroup, WorkspacePlan } from './estatePlan.ts';
import { customerName } from './manyCustomers.ts';
import { hashWords, Random } from './random.ts';

/** How many traits each customer is dealt: with twenty customers every trait is dealt at least once. */
const DEALT = 4;
/** What is declared where an architecture is the plain choice. */
const DECLARED: Readonly<Record<Architecture, Declared>> = {
  distributed: { isolation: true, billing: 'customer', access: 'customer', daily: 'nothing' },
  central: { isolation: false, billing: 'provider', access: 'provider', daily: 'raw' },
  hybrid: { isolation: false, billing: 'customer', access: 'both', daily: 'summary' },
};
const REGIONS = ['westeurope', 'northeurope', 'germanywestcentral', 'eastus', 'uksouth'];
const SHAPES: readonly (readonly TableGroup[])[] = [
  ['agents', 'linux'],
  ['agents', 'windows'],
  ['agents', 'azure'],
];

/** Where the rows of a customer lie. */
type Place = 'own' | 'central' | 'both' | 'sums' | 'bothWithSummary' | 'closed' | 'unreadable';

/**
 * A provider and `count` customers, small ones, each with a few things that may be the matter with it: another estate
 * for every seed, whose answers `answerKey` derives from these plans. The first customer has nothing wrong.
 */
export function assessEstate(seed: number, count: number): CustomerPlan[] {
  const random = new Random(hashWords(seed, 'assess'));
  const deck = shuffled(TRAITS, random);
  const places = Array.from({ length: count }, (_, index) => placeOf(index));
  const customers = places.map((place, index): CustomerPlan => {
    const own = new Random(hashWords(seed, 'assess', index));
    const dealt = Array.from({ length: DEALT }, (__, at) => deck[(index * DEALT + at) % deck.length]!);
    return customer(index, place, index === 0 ? [] : dealt, own);
  });
  return [provider(places, customers, random), ...customers];
}

/** Most keep their logs; of the others there is at least one each among twenty. */
function placeOf(index: number): Place {
  const special: Readonly<Record<number, Place>> = {
    2: 'central',
    4: 'both',
    6: 'sums',
    8: 'bothWithSummary',
    10: 'closed',
    12: 'unreadable',
    14: 'sums',
    16: 'central',
    18: 'both',
  };
  return special[index % 20] ?? 'own';
}

function customer(
  index: number,
  place: Place,
  traits: readonly (typeof TRAITS)[number][],
  random: Random,
): CustomerPlan {
  const name = customerName(index);
  const key = name.toLowerCase().replace(/[^a-z]/g, '');
  const fits = random.pick(['distributed', 'central', 'hybrid'] as const);
  const groups = random.pick(SHAPES);
  const draft: Draft = {
    customer: { key, name, groups: ['assessed'], tags: {}, tenants: [] },
    tenant: {
      name,
      domain: `${key}.example`,
      country: 'DE',
      access: place === 'closed' ? 'none' : 'lighthouse',
      offer: { operations: ['Log Analytics Contributor'] },
      locked: 'subscription',
      region: random.pick(REGIONS),
      workspaces: [],
    },
    main: {
      name: `${key}-logs`,
      region: random.pick(REGIONS),
      groups: place === 'unreadable' ? ['azure'] : place === 'bothWithSummary' ? [...groups, 'summary'] : groups,
      hosts: random.int(2, 3),
      gbPerDay: random.real(0.5, 12),
      retention: 365,
      cap: 500,
    },
    more: [],
    declared:
      place === 'unreadable'
        ? {}
        : { ...DECLARED[fits], sources: ['machines', ...(groups.includes('azure') ? (['azure'] as const) : [])] },
  };
  if (place === 'unreadable') draft.main.dataActionsOnly = true;
  else if (place !== 'closed') {
    const kinds = new Set<string>();
    for (const { name: what, kind, give } of traits) {
      // Whose rows lie with the provider is not shut out by its tenant: nobody could say what to expect of it.
      if (kinds.has(kind) || (what === 'guestWithMfa' && place !== 'own')) continue;
      kinds.add(kind);
      give(draft, random);
    }
    if (place !== 'own') draft.declared.domains = [draft.tenant.domain];
    if (isPlain(draft.declared, DECLARED[fits])) draft.customer.fits = fits;
  }
  const without = place === 'central';
  if (without) draft.declared.sources = ['machines'];
  return {
    ...draft.customer,
    declared: draft.declared,
    tenants: [{ ...draft.tenant, workspaces: without ? [] : [draft.main, ...draft.more] }],
  };
}

/** Whether what was dealt has left what is declared as plain as it was: nothing else promised, nowhere else to be. */
function isPlain({ isolation, billing, regions }: Declared, plain: Declared): boolean {
  return isolation === plain.isolation && billing === plain.billing && (!regions || regions.includes('westeurope'));
}

/** One workspace that several share, with what may be wrong with such a one, and one for sums. */
function provider(places: readonly Place[], customers: readonly CustomerPlan[], random: Random): CustomerPlan {
  const keysOf = (...wanted: readonly Place[]): string[] =>
    customers.flatMap(({ key }, index) => (wanted.includes(places[index]!) ? [key] : []));
  const shared = keysOf('central', 'both', 'bothWithSummary');
  const both = keysOf('both').filter(() => random.chance(0.6));
  const nobodys = random.pick(['none', 'few', 'many']);
  const orphans = nobodys === 'none' ? 0 : nobodys === 'few' ? 1 : Math.round(shared.length + 1);
  const workspaces: WorkspacePlan[] = [
    {
      name: 'as-shared',
      region: 'westeurope',
      groups: ['agents', ...(random.chance(0.5) ? (['audit'] as const) : [])],
      hosts: 2,
      gbPerDay: 6,
      retention: random.pick([30, 365]),
      sharedWith: shared,
      sameComputersAs: Object.fromEntries(both.map((key) => [key, `${key}-logs`])),
      orphans,
      ...(orphans > 0 ? { keys: true as const } : {}),
    },
    {
      name: 'as-sums',
      region: 'westeurope',
      groups: ['agents', 'rollup', 'audit'],
      hosts: 2,
      gbPerDay: 3,
      retention: 365,
      rollupsOf: keysOf('sums'),
    },
  ];
  return {
    key: 'northbridge',
    name: 'Northbridge Managed Services',
    groups: ['internal'],
    tags: {},
    provider: true,
    declared: { domains: ['northbridge.example'] },
    tenants: [
      {
        name: 'Northbridge Managed Services',
        domain: 'northbridge.example',
        country: 'NL',
        access: 'home',
        workspaces,
      },
    ],
  };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const all = [...items];
  for (let at = all.length - 1; at > 0; at--) {
    const other = random.int(0, at);
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}

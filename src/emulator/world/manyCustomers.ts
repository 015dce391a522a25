import type { Access, CustomerPlan, TableGroup, WorkspacePlan } from './estatePlan.ts';
import { hashWords, Random } from './random.ts';

const FIRST = [
  'Contoso',
  'Fabrikam',
  'Adatum',
  'Tailspin',
  'Northwind',
  'Litware',
  'Proseware',
  'Woodgrove',
  'Lucerne',
  'Trey',
  'Coho',
  'Alpine',
  'Humongous',
  'Margie',
  'Relecloud',
  'VanArsdel',
  'Wingtip',
  'Bellows',
  'Lamna',
  'Munson',
  'Southridge',
  'Datum',
  'Nod',
  'Best For You',
  'Fincher',
];
const SECOND = [
  'Toys',
  'Bank',
  'Traders',
  'Research',
  'Publishing',
  'Winery',
  'Insurance',
  'Travel',
  'Healthcare',
  'Foods',
  'Logistics',
  'Energy',
  'Pharma',
  'Design',
  'Motors',
  'Media',
  'Hotels',
  'Telecom',
  'Security',
  'Education',
  'Airlines',
  'Printing',
  'Textiles',
  'Robotics',
  'Farms',
  'Sports',
  'Optics',
  'Marine',
  'Chemicals',
  'Software',
  'Partners',
  'Consulting',
  'Gaming',
  'Tools',
  'Coffee',
  'Books',
  'Rail',
  'Steel',
  'Glass',
  'Paper',
];
const REGIONS = ['westeurope', 'northeurope', 'germanywestcentral', 'eastus', 'westus2', 'uksouth', 'australiaeast'];
const SHAPES: readonly (readonly TableGroup[])[] = [
  ['agents', 'windows'],
  ['agents', 'linux', 'azure'],
  ['identity', 'agents'],
  ['apps', 'agents'],
  ['agents', 'windows', 'linux', 'firewall'],
];

/** The name of the customer of this number, from 0: all of a thousand differ. */
export function customerName(index: number): string {
  return `${FIRST[index % FIRST.length]!} ${SECOND[Math.floor(index / FIRST.length) % SECOND.length]!}`;
}

/**
 * `count` made-up customers, one tenant each, with 5 workspaces each (so 1,000 customers have 5,000): the same for the
 * same seed.
 */
export function manyCustomers(count: number, seed: number): CustomerPlan[] {
  return Array.from({ length: count }, (_, index): CustomerPlan => {
    const random = new Random(hashWords(seed, 'customer', index));
    const name = customerName(index);
    const key = name.toLowerCase().replace(/[^a-z]/g, '');
    const access: Access = random.chance(0.85) ? 'lighthouse' : random.chance(0.5) ? 'guest' : 'both';
    const region = random.pick(REGIONS);
    return {
      key,
      name,
      groups: [
        random.skewed(['bronze', 'silver', 'gold']),
        ...(/west|north|germany|uk/.test(region) && region !== 'westus2' ? ['eu'] : []),
      ],
      tags: { sector: random.pick(['retail', 'finance', 'industry', 'public']) },
      declared: { retentionDays: 90 },
      tenants: [
        {
          name,
          domain: `${key}.example`,
          country: 'US',
          access,
          workspaces: Array.from({ length: 5 }, (__, number) => workspace(key, number, region, random)),
        },
      ],
    };
  });
}

function workspace(key: string, number: number, region: string, random: Random): WorkspacePlan {
  const name = `${key}-${['prod', 'ops', 'sec', 'apps', 'dev'][number]!}`;
  return {
    name,
    region: random.chance(0.8) ? region : random.pick(REGIONS),
    groups: random.pick(SHAPES),
    hosts: random.int(1, 3),
    gbPerDay: random.real(0.2, 20),
    retention: random.pick([30, 90, 90, 180, 365]),
    ...(random.chance(0.2) ? { cap: random.int(1, 10) } : {}),
    ...(random.chance(0.1) ? { legacyAgents: 0.5, keys: true as const } : {}),
    ...(random.chance(0.1) ? { silent: 0.4 } : {}),
    ...(random.chance(0.5) ? { quirks: ['severityAsString'] } : {}),
  };
}

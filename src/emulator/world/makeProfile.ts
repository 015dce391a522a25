import { HOUR } from './generator.ts';
import type { AzureThing, City, Host, HostRole, Person, WorkspaceProfile } from './profile.ts';
import { hashWords, Random } from './random.ts';

const FIRST_NAMES = [
  'Adele',
  'Alex',
  'Bianca',
  'Carlos',
  'Dana',
  'Diego',
  'Emily',
  'Grady',
  'Henrietta',
  'Isaiah',
  'Joni',
  'Kenji',
  'Lidia',
  'Megan',
  'Nestor',
  'Patti',
  'Pradeep',
  'Raul',
  'Sunita',
  'Tomas',
  'Ulrike',
  'Wei',
  'Yasmin',
  'Zoe',
];
const LAST_NAMES = [
  'Vance',
  'Wilber',
  'Pisani',
  'Grilo',
  'Bauer',
  'Siciliani',
  'Archie',
  'Mueller',
  'Langer',
  'Sherman',
  'Tanaka',
  'Holloway',
  'Bowen',
  'Wilke',
  'Fernandez',
  'Gupta',
  'Razzi',
  'Novak',
  'Janssen',
  'Chen',
];
const CITIES: readonly City[] = [
  { city: 'Amsterdam', state: 'Noord-Holland', country: 'NL', latitude: 52.37, longitude: 4.89 },
  { city: 'Berlin', state: 'Berlin', country: 'DE', latitude: 52.52, longitude: 13.4 },
  { city: 'Seattle', state: 'Washington', country: 'US', latitude: 47.6, longitude: -122.33 },
  { city: 'London', state: 'England', country: 'GB', latitude: 51.5, longitude: -0.12 },
  { city: 'Dublin', state: 'Leinster', country: 'IE', latitude: 53.35, longitude: -6.26 },
  { city: 'Sydney', state: 'New South Wales', country: 'AU', latitude: -33.87, longitude: 151.2 },
];
const ROLES: readonly HostRole[] = ['dc', 'node', 'sql', 'web', 'jump', 'app', 'file', 'web', 'app', 'node'];
const WINDOWS_ROLES: ReadonlySet<HostRole> = new Set<HostRole>(['dc', 'sql', 'file', 'jump']);
const SYSTEMS = {
  Windows: [
    ['Windows Server 2022 Datacenter', '10', '0'],
    ['Windows Server 2019 Datacenter', '10', '0'],
    ['Windows Server 2016 Standard', '10', '0'],
  ],
  Linux: [
    ['Ubuntu 24.04', '24', '04'],
    ['Red Hat Enterprise Linux 9.4', '9', '4'],
    ['Ubuntu 22.04', '22', '04'],
  ],
} as const;

/** Whose computers: a customer's name, domain and the subscription they live in. */
export interface HostOwner {
  readonly key: string;
  readonly domain: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly count: number;
  readonly region: string;
  /** The first of them stand in another region. */
  readonly away?: { readonly region: string; readonly hosts: number };
  /** Of another customer, who only reports here. */
  readonly shared?: boolean;
  /** The workspace whose computers these are, where it is another one. */
  readonly computersOf?: string;
}

/**
 * What a profile is made from: where the workspace stands, as the profile keeps it, and how many of what live there.
 */
export interface ProfileInput extends Pick<
  WorkspaceProfile,
  | 'anchor'
  | 'customerId'
  | 'workspaceName'
  | 'workspaceId'
  | 'customer'
  | 'domain'
  | 'region'
  | 'entraTenant'
  | 'subscriptionId'
  | 'resourceGroup'
  | 'quirks'
  | 'silentTables'
  | 'rollups'
> {
  readonly seed: number;
  readonly guid: (...words: (string | number)[]) => string;
  /** The workspace's own computers first, then those of others that share it. */
  readonly owners: readonly HostOwner[];
  /** So many more computers that nobody can attribute: no domain, no resource id. */
  readonly orphans: number;
  readonly legacyAgents: number;
  readonly silent: number;
  readonly tables: readonly string[];
  readonly gbPerDay: number;
  readonly capHour?: number;
  readonly stopped?: number;
  readonly scale: number;
  readonly history: number;
}

/** The computers, people and resources behind one workspace's rows. */
export function makeProfile(input: ProfileInput): WorkspaceProfile {
  const seed = hashWords(input.seed, input.customerId);
  const prefix = `10.${(hashWords(input.domain) % 200) + 20}`;
  const hosts = [
    ...input.owners.flatMap((owner) =>
      Array.from({ length: owner.count }, (_, index) => makeHost(input, owner, index, prefix)),
    ),
    ...Array.from({ length: input.orphans }, (_, index) => orphan(input, index, prefix)),
  ];
  const things = (provider: string, names: readonly string[]): AzureThing[] =>
    names.map((name) => ({
      name,
      resourceGroup: input.resourceGroup,
      subscriptionId: input.subscriptionId,
      resourceId: `/subscriptions/${input.subscriptionId}/resourceGroups/${input.resourceGroup}/providers/${provider}/${name}`,
    }));
  const short = input.workspaceName.replace(/[^a-z0-9]/gi, '').toLowerCase();
  const { orphans: _orphans, owners: _owners, guid: _guid, legacyAgents: _legacy, silent: _silent, ...kept } = input;
  return {
    ...kept,
    seed,
    hosts,
    people: makePeople(input, prefix),
    vaults: things('Microsoft.KeyVault/vaults', [`kv-${short}`]),
    storages: things('Microsoft.Storage/storageAccounts', [`st${short}`.slice(0, 22), `arch${short}`.slice(0, 22)]),
    webApps: things('Microsoft.Web/sites', [`${short}-shop`, `${short}-api`]),
    clusters: things('Microsoft.ContainerService/managedClusters', [`aks-${short}`]),
    firewalls: things('Microsoft.Network/azureFirewalls', [`fw-${short}-1`, `fw-${short}-edge`]),
    databases: things(`Microsoft.Sql/servers/sql-${short}/databases`, ['orders']),
  };
}

/** The first of a workspace's computers never falls silent and never is legacy: every table has fresh rows. */
function isAmong(index: number, count: number, part: number): boolean {
  return index > 0 && 1 - (index + 0.5) / count < part;
}

/** Hours for which a workspace's silent computers have said nothing, the last computer's first. */
const SILENT_HOURS = [31, 5, 76, 13, 138, 3];

/** How many hours the computer has been silent, where `silent` of so many are; undefined where it still speaks. */
export function silentHours(index: number, count: number, silent: number): number | undefined {
  return isAmong(index, count, silent) ? SILENT_HOURS[(count - 1 - index) % SILENT_HOURS.length] : undefined;
}

/** How many of so many computers run the retired agent, where `legacyAgents` of them do. */
export function countLegacy(count: number, legacyAgents: number): number {
  return Array.from({ length: count }, (_, index) => isAmong(index, count, legacyAgents)).filter(Boolean).length;
}

function makeHost(input: ProfileInput, owner: HostOwner, index: number, prefix: string): Host {
  const workspaceName = owner.computersOf ?? input.workspaceName;
  const random = new Random(hashWords(input.seed, owner.domain, owner.key, workspaceName, index));
  const role = ROLES[index % ROLES.length]!;
  const os = WINDOWS_ROLES.has(role) || (role === 'web' && random.chance(0.4)) ? 'Windows' : 'Linux';
  // The end of the workspace's name tells a customer's computers apart: NetBIOS names have fifteen characters at most.
  const purpose =
    owner.shared && owner.computersOf === undefined
      ? ''
      : `-${workspaceName.slice(workspaceName.lastIndexOf('-') + 1).slice(0, 3)}`;
  const short = `${owner.domain.slice(0, owner.domain.indexOf('.')).slice(0, 5)}${purpose}-${role}${String(index + 1).padStart(2, '0')}`;
  const name = os === 'Windows' ? short.toUpperCase() : short;
  const away = owner.away !== undefined && index < owner.away.hosts;
  // Those in another region are in Azure: where a machine connected with Arc stands is not what its resource says.
  const onPremises = random.chance(0.2) && !away;
  const provider = onPremises ? 'Microsoft.HybridCompute/machines' : 'Microsoft.Compute/virtualMachines';
  const count = owner.count || 1;
  const legacy = isAmong(index, count, input.legacyAgents);
  const hours = silentHours(index, count, input.silent);
  return host(input, workspaceName, random, {
    name,
    computer: `${name}.${owner.domain}`,
    os,
    role,
    ip: `${prefix}.${1 + (hashWords(owner.key) % 5)}.${10 + index}`,
    agent: legacy ? 'Direct Agent' : 'Azure Monitor Agent',
    resourceId: `/subscriptions/${owner.subscriptionId}/resourceGroups/${owner.resourceGroup}/providers/${provider}/${name}`,
    subscriptionId: owner.subscriptionId,
    resourceGroup: owner.resourceGroup,
    region: away ? owner.away!.region : owner.region,
    owner: owner.key,
    ...(hours === undefined
      ? {}
      : { silentSince: input.anchor - hours * HOUR - Math.round(random.real(0, 0.5) * HOUR) }),
  });
}

/** A computer nobody can attribute: no domain in its name, no Azure resource, an old agent with the shared key. */
function orphan(input: ProfileInput, index: number, prefix: string): Host {
  const random = new Random(hashWords(input.seed, input.workspaceName, 'orphan', index));
  const name = ['WIN-8F2K1Q', 'SERVER01', 'localhost', 'DESKTOP-7A', 'backup'][index % 5]!;
  return host(input, input.workspaceName, random, {
    name,
    computer: name,
    os: name === 'localhost' || name === 'backup' ? 'Linux' : 'Windows',
    role: 'file',
    ip: `${prefix}.9.${20 + index}`,
    agent: 'Direct Agent',
    resourceId: '',
    subscriptionId: '',
    resourceGroup: '',
    region: input.region,
    owner: '',
  });
}

function host(
  input: ProfileInput,
  workspaceName: string,
  random: Random,
  given: Omit<Host, 'osName' | 'osMajor' | 'osMinor' | 'publicIp' | 'vmId' | 'agentVersion'>,
): Host {
  const [osName, osMajor, osMinor] = random.skewed<readonly [string, string, string]>(SYSTEMS[given.os]);
  return {
    ...given,
    osName,
    osMajor,
    osMinor,
    publicIp: random.ip('20.50'),
    vmId: input.guid('vm', workspaceName, given.computer),
    agentVersion: given.agent === 'Direct Agent' ? '10.20.18069.0' : given.os === 'Windows' ? '1.38.1.0' : '1.38.0',
  };
}

function makePeople(input: ProfileInput, prefix: string): Person[] {
  const random = new Random(hashWords(input.seed, 'people', input.entraTenant));
  const word = input.domain.split('.')[0]!.toUpperCase();
  const home = random.pick(CITIES);
  return Array.from({ length: 14 }, (_, index): Person => {
    const first = FIRST_NAMES[(index * 5 + random.int(0, 4)) % FIRST_NAMES.length]!;
    const last = random.pick(LAST_NAMES);
    const alias = `${first}.${last}${index}`.toLowerCase();
    return {
      upn: `${alias}@${input.domain}`,
      name: `${first} ${last}`,
      id: input.guid('person', input.entraTenant, index),
      account: `${word}\\${alias}`,
      sid: `S-1-5-21-${hashWords(word)}-${1100 + index}`,
      admin: index < 3,
      ip: `${prefix}.${30 + index}.${random.int(4, 250)}`,
      city: random.chance(0.8) ? home : random.pick(CITIES),
      device: `${word.slice(0, 4)}-LT${String(index + 1).padStart(3, '0')}`,
    };
  });
}

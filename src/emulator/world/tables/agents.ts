import { DAY, defineTable, each, HOUR, MINUTE, pairs, type TableGenerator } from '../generator.ts';
import type { Host } from '../profile.ts';

const heartbeat = defineTable<Host>({
  table: 'Heartbeat',
  every: 5 * MINUTE,
  span: DAY,
  billable: false,
  columns:
    'Computer Category OSType OSName OSMajorVersion OSMinorVersion Version ComputerIP ComputerPrivateIPs ComputerEnvironment VMUUID SourceComputerId:string Solutions ' +
    'RemoteIPCountry SubscriptionId ResourceGroup ResourceProvider ResourceType Resource ResourceId _ResourceId _SubscriptionId SCAgentChannel SourceSystem',
  sources: (profile) =>
    each(
      profile.hosts,
      (host) => host.name,
      (host) => host.silentSince,
    ),
  row: (host) => [
    host.computer,
    host.agent,
    host.os,
    host.osName,
    host.osMajor,
    host.osMinor,
    host.agentVersion,
    host.publicIp,
    JSON.stringify([host.ip]),
    environment(host),
    host.vmId,
    host.vmId,
    host.agent === 'Direct Agent' ? '"updates","security","changeTracking"' : '',
    'Netherlands',
    host.subscriptionId,
    host.resourceGroup,
    host.resourceId ? (environment(host) === 'Azure' ? 'Microsoft.Compute' : 'Microsoft.HybridCompute') : '',
    host.resourceId ? (environment(host) === 'Azure' ? 'virtualMachines' : 'machines') : '',
    host.resourceId ? host.name : '',
    host.resourceId,
    host.resourceId.toLowerCase(),
    host.subscriptionId,
    host.agent === 'Direct Agent' ? 'Direct' : '',
    host.agent === 'Direct Agent' ? 'OpsManager' : 'Azure',
  ],
});

function environment(host: Host): 'Azure' | 'Non-Azure' {
  return /microsoft\.compute/i.test(host.resourceId) ? 'Azure' : 'Non-Azure';
}

interface Counter {
  readonly object: string;
  readonly name: string;
  readonly instance: string;
  readonly os: Host['os'];
  readonly low: number;
  readonly high: number;
  readonly wave: number;
}
const COUNTERS: readonly Counter[] = [
  {
    object: 'Processor Information',
    name: '% Processor Time',
    instance: '_Total',
    os: 'Windows',
    low: 2,
    high: 60,
    wave: 25,
  },
  { object: 'Memory', name: 'Available MBytes', instance: '', os: 'Windows', low: 900, high: 14_000, wave: -1500 },
  { object: 'LogicalDisk', name: '% Free Space', instance: 'C:', os: 'Windows', low: 6, high: 70, wave: 0 },
  {
    object: 'LogicalDisk',
    name: 'Avg. Disk sec/Read',
    instance: '_Total',
    os: 'Windows',
    low: 0.001,
    high: 0.02,
    wave: 0.005,
  },
  { object: 'Processor', name: '% Processor Time', instance: 'total', os: 'Linux', low: 1, high: 55, wave: 20 },
  {
    object: 'Memory',
    name: 'Available MBytes Memory',
    instance: 'Memory',
    os: 'Linux',
    low: 600,
    high: 9_000,
    wave: -900,
  },
  { object: 'Logical Disk', name: '% Used Space', instance: '/', os: 'Linux', low: 20, high: 93, wave: 0 },
];

/** Office hours as a wave from 0 to 1: quiet nights, a peak after noon, quieter weekends. */
export function daylight(time: number): number {
  const hour = (time / HOUR) % 24;
  const weekday = Math.floor(time / DAY + 4) % 7;
  return Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI)) * (weekday === 0 || weekday === 6 ? 0.35 : 1);
}

const perf = defineTable<readonly [Host, Counter]>({
  table: 'Perf',
  every: 30 * MINUTE,
  span: DAY,
  columns: 'Computer ObjectName CounterName InstanceName CounterValue CounterPath _ResourceId _SubscriptionId',
  constants: { SourceSystem: 'OpsManager' },
  sources: (profile) =>
    each(
      pairs(profile.hosts, COUNTERS).filter(([host, counter]) => host.os === counter.os),
      ([host, counter]) => `${host.name} ${counter.object} ${counter.name}`,
      ([host]) => host.silentSince,
    ),
  row: ([host, counter], time, random) => {
    const base = counter.low + (((host.vmId.charCodeAt(0) * 37) % 100) / 100) * (counter.high - counter.low) * 0.6;
    const value = Math.min(
      counter.high * 1.3,
      Math.max(
        counter.low,
        base + counter.wave * daylight(time) + (random.next() - 0.5) * (counter.high - counter.low) * 0.15,
      ),
    );
    return [
      host.computer,
      counter.object,
      counter.name,
      counter.instance,
      Number(value.toFixed(counter.high < 1 ? 6 : 3)),
      `\\\\${host.computer}\\${counter.object}(${counter.instance})\\${counter.name}`,
      host.resourceId.toLowerCase(),
      host.subscriptionId,
    ];
  },
});

const INSIGHTS = [
  ['Processor', 'UtilizationPercentage', 40],
  ['Memory', 'AvailableMB', 8000],
  ['Network', 'ReadBytesPerSecond', 300_000],
  ['LogicalDisk', 'FreeSpacePercentage', 50],
] as const;

const insightsMetrics = defineTable<readonly [Host, (typeof INSIGHTS)[number]]>({
  table: 'InsightsMetrics',
  every: HOUR,
  span: DAY,
  columns: 'Computer Origin Namespace Name Val Tags AgentId _ResourceId _SubscriptionId',
  constants: { SourceSystem: 'Insights' },
  sources: (profile) =>
    each(
      pairs(profile.hosts, INSIGHTS),
      ([host, metric]) => `${host.name} ${metric[0]}`,
      ([host]) => host.silentSince,
    ),
  row: ([host, [namespace, name, level]], time, random) => [
    host.computer,
    'vm.azm.ms',
    namespace,
    name,
    random.real(level * 0.4, level * (0.9 + 0.4 * daylight(time)), 2),
    namespace === 'Memory' ? '{"vm.azm.ms/memorySizeMB":16384}' : '',
    host.vmId,
    host.resourceId.toLowerCase(),
    host.subscriptionId,
  ],
});

const PROCESSES = {
  Windows: ['sqlservr', 'w3wp', 'svchost', 'lsass', 'AzureNetworkAgent'],
  Linux: ['nginx', 'java', 'sshd', 'python3', 'kubelet'],
} as const;

const vmConnection = defineTable<Host>({
  table: 'VMConnection',
  every: 20 * MINUTE,
  span: DAY,
  columns:
    'Computer Direction ProcessName SourceIp DestinationIp DestinationPort Protocol RemoteIp RemoteCountry BytesSent BytesReceived LinksEstablished LinksTerminated LinksFailed LinksLive Responses ResponseTimeSum Machine AgentId _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      profile.hosts,
      (host) => host.name,
      (host) => host.silentSince,
    ),
  row: (host, _time, random, profile) => {
    const peer = random.pick(profile.hosts);
    const outbound = random.chance(0.6);
    const remote = random.chance(0.3) ? random.ip('20.50') : peer.ip;
    const responses = random.int(1, 400);
    return [
      host.computer,
      outbound ? 'outbound' : 'inbound',
      random.pick(PROCESSES[host.os]),
      outbound ? host.ip : remote,
      outbound ? remote : host.ip,
      random.pick([443, 1433, 445, 3389, 22, 5432, 80]),
      'tcp',
      remote,
      remote === peer.ip ? '' : 'Netherlands',
      random.int(200, 900_000),
      random.int(200, 2_500_000),
      random.int(1, 20),
      random.int(0, 12),
      random.chance(0.05) ? random.int(1, 9) : 0,
      random.int(0, 8),
      responses,
      responses * random.int(1, 40),
      `m-${host.vmId}`,
      host.vmId,
      host.resourceId.toLowerCase(),
      host.subscriptionId,
    ];
  },
});

const PATCHES = [
  [
    '2026-10 Cumulative Update for Windows Server 2022 (KB5066782)',
    '5066782',
    'Security Updates',
    'Critical',
    'Windows',
  ],
  ['2026-09 Cumulative Update for .NET Framework 4.8.1 (KB5064401)', '5064401', 'Updates', '', 'Windows'],
  [
    'Security Intelligence Update for Microsoft Defender Antivirus (KB2267602)',
    '2267602',
    'Definition Updates',
    '',
    'Windows',
  ],
  ['2026-11 Servicing Stack Update (KB5067035)', '5067035', 'Security Updates', 'Important', 'Windows'],
  ['openssl', '', 'Security Updates', 'Important', 'Linux'],
  ['linux-image-azure', '', 'Critical Updates', '', 'Linux'],
  ['curl', '', 'Security Updates', 'Moderate', 'Linux'],
] as const;

const update = defineTable<readonly [Host, (typeof PATCHES)[number]]>({
  table: 'Update',
  every: 12 * HOUR,
  span: 2 * DAY,
  columns:
    'Computer OSType Title KBID Classification MSRCSeverity UpdateState Approved Optional Product PublishedDate SourceComputerId VMUUID ComputerEnvironment ResourceId ResourceGroup SubscriptionId _ResourceId _SubscriptionId',
  constants: { SourceSystem: 'OpsManager' },
  billable: false,
  sources: (profile) =>
    each(
      pairs(profile.hosts, PATCHES).filter(([host, patch]) => host.os === patch[4]),
      ([host, patch]) => `${host.name} ${patch[0]}`,
      ([host]) => host.silentSince,
    ),
  row: ([host, [title, kb, classification, severity]], time, random) => [
    host.computer,
    host.os,
    title,
    kb,
    classification,
    severity,
    (host.vmId.charCodeAt(3) + kb.charCodeAt(0)) % 4 === 0 ? 'Needed' : random.chance(0.02) ? 'NotNeeded' : 'Installed',
    true,
    false,
    host.osName,
    new Date(time - 20 * DAY).toISOString(),
    host.vmId,
    host.vmId,
    environment(host),
    host.resourceId,
    host.resourceGroup,
    host.subscriptionId,
    host.resourceId.toLowerCase(),
    host.subscriptionId,
  ],
});

const SERVICES = [
  ['wuauserv', 'Windows Update'],
  ['BITS', 'Background Intelligent Transfer Service'],
  ['Spooler', 'Print Spooler'],
  ['MSSQLSERVER', 'SQL Server (MSSQLSERVER)'],
  ['WinRM', 'Windows Remote Management'],
] as const;

const configurationChange = defineTable<Host>({
  table: 'ConfigurationChange',
  every: 3 * HOUR,
  span: 3 * DAY,
  columns:
    'Computer ConfigChangeType ChangeCategory SvcName SvcDisplayName SvcState SvcPreviousState SvcStartupType SvcAccount SoftwareName Current Previous Publisher SourceComputerId VMUUID _ResourceId _SubscriptionId',
  constants: { SourceSystem: 'OpsManager' },
  sources: (profile) =>
    each(
      profile.hosts.filter(({ os }) => os === 'Windows'),
      (host) => host.name,
      (host) => host.silentSince,
    ),
  row: (host, _time, random) => {
    const software = random.chance(0.2);
    const [name, display] = random.pick(SERVICES);
    const stopped = random.chance(0.5);
    const tail = [host.vmId, host.vmId, host.resourceId.toLowerCase(), host.subscriptionId];
    return software
      ? [
          host.computer,
          'Software',
          'Modified',
          '',
          '',
          '',
          '',
          '',
          '',
          'Microsoft Edge',
          `14${random.int(0, 3)}.0.${random.int(3000, 3900)}.60`,
          '142.0.3595.53',
          'Microsoft Corporation',
          ...tail,
        ]
      : [
          host.computer,
          'WindowsServices',
          'Modified',
          name,
          display,
          stopped ? 'Stopped' : 'Running',
          stopped ? 'Running' : 'Stopped',
          'Auto',
          'LocalSystem',
          '',
          '',
          '',
          '',
          ...tail,
        ];
  },
});

/** What agents on computers send besides event logs. */
export const AGENT_TABLES: readonly TableGenerator[] = [
  heartbeat,
  perf,
  insightsMetrics,
  vmConnection,
  update,
  configurationChange,
];

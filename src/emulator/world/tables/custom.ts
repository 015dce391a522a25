import { DAY, defineTable, each, HOUR, MINUTE, type TableGenerator } from '../generator.ts';
import type { AzureThing, Host, WorkspaceProfile } from '../profile.ts';
import type { Cell } from '../../../model/kqlType.ts';

const SEVERITIES = ['critical', 'error', 'warning', 'notice', 'info'];

/**
 * The same appliance, onboarded by different hands: Severity and DestinationPort are numbers in some workspaces and
 * text in others.
 */
const firewall = defineTable<AzureThing>({
  table: 'Firewall_CL',
  every: 6 * MINUTE,
  span: DAY,
  columns: (profile) =>
    `Appliance:string Action:string Severity:${profile.quirks.has('severityAsString') ? 'string' : 'long'} SourceAddress:string DestinationAddress:string DestinationPort:${profile.quirks.has('portAsString') ? 'string' : 'int'} ` +
    `Bytes:long Rule:string Sites:${profile.quirks.has('sitesAsDynamic') ? 'dynamic' : 'string'}`,
  sources: (profile) => each(profile.firewalls, ({ name }) => name),
  row: (thing, _time, random, profile) => {
    const level = random.skewed([4, 3, 2, 1, 0]);
    const port = random.skewed([443, 80, 53, 22, 3389]);
    const sites = random.skewed(['head office', 'warehouse', 'branch']);
    return [
      thing.name,
      random.chance(0.85) ? 'allow' : 'drop',
      profile.quirks.has('severityAsString') ? SEVERITIES[level]! : level,
      random.skewed(profile.hosts).ip,
      random.ip('20.60'),
      profile.quirks.has('portAsString') ? String(port) : port,
      // A few counters are as large as appliances make them when they wrap: beyond what a double holds exactly.
      random.chance(0.01) ? 9_007_199_254_740_993n + BigInt(random.int(0, 1000)) : random.int(60, 5_000_000),
      `rule-${random.int(1, 30)}`,
      profile.quirks.has('sitesAsDynamic') ? JSON.stringify([sites, random.hex(4)]) : sites,
    ] satisfies Cell[];
  },
});

const JOBS = ['nightly', 'sql full', 'sql log', 'fileserver', 'mailbox'];
const backup = defineTable<Host>({
  table: 'BackupJobs_CL',
  every: 12 * HOUR,
  span: 14 * DAY,
  columns:
    'JobName_s:string Computer:string Status_s:string DurationSeconds_d:real SizeBytes_d:real Started_t:datetime Succeeded_b:bool JobId_g:string',
  sources: (profile) =>
    each(
      profile.hosts.filter(({ role }) => role !== 'node'),
      ({ name }) => name,
      ({ silentSince }) => silentSince,
    ),
  row: (host, time, random) => {
    const ok = random.chance(0.93);
    const seconds = random.int(60, 9000);
    return [
      random.pick(JOBS),
      host.computer,
      ok ? 'Success' : random.pick(['Warning', 'Failed']),
      seconds,
      random.int(1e6, 9e10),
      new Date(time - seconds * 1000).toISOString(),
      ok,
      random.guid(),
    ];
  },
});

const inventory = defineTable<Host>({
  table: 'PatchCompliance_CL',
  every: DAY,
  span: 7 * DAY,
  exact: true,
  columns: 'Computer:string Missing:int Critical:int LastReboot:datetime Ring:string Compliant:bool Age:timespan',
  sources: (profile) =>
    each(
      profile.hosts,
      ({ name }) => name,
      ({ silentSince }) => silentSince,
    ),
  row: (host, time, random) => {
    const missing = random.skewed([0, 0, 1, 3, 9, 27]);
    const days = random.int(0, 60);
    return [
      host.computer,
      missing,
      Math.floor(missing / 3),
      new Date(time - days * DAY).toISOString(),
      random.pick(['pilot', 'broad', 'servers']),
      missing === 0,
      `${days}.0${random.int(0, 9)}:15:00.1234567`,
    ];
  },
});

const verbose = defineTable<WorkspaceProfile>({
  table: 'AppTrace_CL',
  every: 2 * MINUTE,
  span: DAY,
  columns: 'Level:string Component:string Message:string TraceId:string DurationMs:real',
  sources: (profile) => [{ key: 'trace', it: profile }],
  row: (_profile, _time, random) => [
    random.skewed(['Debug', 'Info', 'Warn', 'Error']),
    random.pick(['gateway', 'billing', 'search']),
    `request ${random.hex(8)} served`,
    random.hex(32),
    random.real(0.2, 900, 3),
  ],
});

const audit = defineTable<WorkspaceProfile>({
  table: 'ProxyArchive_CL',
  every: 3 * MINUTE,
  span: 2 * DAY,
  columns: 'User:string Url:string Status:int Bytes:long Category:string',
  sources: (profile) => [{ key: 'proxy', it: profile }],
  row: (profile, _time, random) => [
    random.skewed(profile.people).upn,
    `https://${random.pick(['intranet', 'news', 'shop', 'mail'])}.example/${random.hex(6)}`,
    random.skewed([200, 304, 403, 404]),
    random.int(200, 900_000),
    random.pick(['business', 'news', 'unknown']),
  ],
});

const summary = defineTable<Host>({
  table: 'HostsDaily_CL',
  every: DAY,
  span: 14 * DAY,
  exact: true,
  columns:
    'Computer:string Beats:long _RuleName:string _RuleLastModifiedTime:datetime _BinSize:int _BinStartTime:datetime',
  sources: (profile) => each(profile.hosts, ({ name }) => name),
  row: (host, time, random) => [
    host.computer,
    random.int(280, 288),
    'hosts-daily',
    new Date(Math.floor(time / DAY) * DAY - 40 * DAY).toISOString(),
    1440,
    new Date(time - DAY).toISOString(),
  ],
});

const rollup = defineTable<WorkspaceProfile['rollups'][number]>({
  table: 'CustomerHourly_CL',
  every: HOUR,
  span: 7 * DAY,
  exact: true,
  columns: 'Customer:string Computers:long Events:long FailedSignins:long _SubscriptionId',
  sources: (profile) => each(profile.rollups, ({ name }) => name),
  row: ({ name, subscriptionId }, _time, random) => [
    name,
    random.int(4, 14),
    random.int(2_000, 90_000),
    random.int(0, 40),
    subscriptionId,
  ],
});

/**
 * Custom tables: a firewall whose columns differ by workspace, backup jobs in the old suffix style, patch compliance, a
 * Basic and an Auxiliary table, what a summary rule keeps of a workspace's computers, and the hourly figures that a
 * provider pulls of its customers.
 */
export const CUSTOM_TABLES: readonly TableGenerator[] = [firewall, backup, inventory, verbose, audit, summary, rollup];

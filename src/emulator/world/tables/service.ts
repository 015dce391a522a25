import {
  CAPPED_HOURS,
  DAY,
  defineTable,
  each,
  HOUR,
  isCapped,
  type Source,
  type TableGenerator,
} from '../generator.ts';
import type { Person, WorkspaceProfile } from '../profile.ts';
import { daylight } from './agents.ts';

/** Share of a workspace's volume; what is not named is small. */
const WEIGHTS: Readonly<Record<string, number>> = {
  SecurityEvent: 24,
  CommonSecurityLog: 22,
  ContainerLogV2: 18,
  Perf: 14,
  Syslog: 10,
  AzureDiagnostics: 10,
  InsightsMetrics: 8,
  StorageBlobLogs: 7,
  SigninLogs: 4,
  VMConnection: 5,
  AppRequests: 5,
  AppDependencies: 4,
  WindowsEvent: 9,
  Event: 3,
};
const FREE = new Set(['Heartbeat', 'AzureActivity', 'Usage', 'Operation', 'OfficeActivity', 'Update']);
const SOLUTIONS: Readonly<Record<string, string>> = {
  SecurityEvent: 'SecurityInsights',
  CommonSecurityLog: 'SecurityInsights',
  ContainerLogV2: 'ContainerInsights',
  InsightsMetrics: 'InfrastructureInsights',
  VMConnection: 'ServiceMap',
  Update: 'Updates',
};

/** The part of a workspace's volume that is charged for, where it has these tables: 0 to 1. */
export function billableShare(tables: readonly string[]): number {
  const counted = tables.filter((table) => table !== 'Usage');
  const all = counted.reduce((sum, table) => sum + weightOf(table), 0);
  const free = counted.filter((table) => FREE.has(table)).reduce((sum, table) => sum + weightOf(table), 0);
  return all === 0 ? 0 : 1 - free / all;
}

function weightOf(table: string): number {
  return FREE.has(table) ? 0.3 : (WEIGHTS[table] ?? 2);
}

/** One table in Usage: its share of the volume, and over how many hours a row of it tells. */
interface Counted {
  readonly table: string;
  readonly share: number;
  readonly hours: number;
}

const usage = defineTable<Counted>({
  table: 'Usage',
  every: HOUR,
  // A month, as assessments read it; of estates of thousands of workspaces the week that fits into memory.
  span: ({ history }) => (history < 1 ? 7 : 30) * DAY,
  exact: true,
  billable: false,
  columns:
    'DataType Solution Quantity QuantityUnit IsBillable StartTime EndTime ResourceUri BatchesWithinSla BatchesOutsideSla BatchesCapped TotalBatches AvgLatencyInSeconds',
  constants: { SourceSystem: 'OMS', Plan: 'Analytics' },
  sources: (profile) => {
    const tables = profile.tables.filter((table) => table !== 'Usage');
    const total = tables.reduce((sum, table) => sum + weightOf(table), 0);
    // The service writes a row an hour; of what is older than a week six hours are one here: a third of the rows.
    const hourly = Math.floor(profile.anchor / DAY) * DAY - 7 * DAY;
    return tables.flatMap((table): Source<Counted>[] => {
      const share = weightOf(table) / total;
      const end = profile.silentTables[table] ?? Infinity;
      return [
        { key: table, it: { table, share, hours: 1 }, since: hourly, until: end },
        { key: table, it: { table, share, hours: 6 }, every: 6 * HOUR, since: 0, until: Math.min(end, hourly) },
      ];
    });
  },
  row: ({ table, share, hours }, time, random, profile) => {
    let megabytes = 0;
    let capped = 0;
    for (let end = time; end > time - hours * HOUR; end -= HOUR) {
      if (isCapped(profile, end - 1) && !FREE.has(table)) capped++;
      else
        megabytes +=
          (profile.gbPerDay * 1000 * share * (0.4 + 1.2 * daylight(end)) * (0.85 + random.next() * 0.3)) / 24;
    }
    const batches = random.int(20, 400) * hours;
    const lost = Math.round((batches * capped) / hours);
    return [
      table,
      SOLUTIONS[table] ?? 'LogManagement',
      Number(megabytes.toFixed(6)),
      'MBytes',
      !FREE.has(table),
      new Date(time - hours * HOUR).toISOString(),
      new Date(time).toISOString(),
      profile.workspaceId,
      batches - lost,
      0,
      lost,
      batches,
      random.real(1, 9),
    ];
  },
});

interface Notice {
  readonly key: string;
  readonly category: string;
  readonly operation: string;
  readonly status: string;
  readonly detail: (profile: WorkspaceProfile) => string;
  readonly when: (profile: WorkspaceProfile, hour: number) => boolean;
  readonly computer: boolean;
}
const NOTICES: readonly Notice[] = [
  {
    key: 'cap',
    category: 'Ingestion',
    operation: 'Data collection stopped',
    status: 'Warning',
    computer: false,
    when: (profile, hour) => profile.capHour === hour,
    detail: () => 'Data collection stopped due to daily limit of free data reached. Ingestion status = OverQuota',
  },
  {
    key: 'resume',
    category: 'Ingestion',
    operation: 'Data collection resumed',
    status: 'Info',
    computer: false,
    when: (profile, hour) => profile.capHour !== undefined && hour === (profile.capHour + CAPPED_HOURS) % 24,
    detail: () => 'Data collection resumed: the daily limit was reset. Ingestion status = RespectQuota',
  },
  {
    key: 'agent',
    category: 'Agent',
    operation: 'Agent health',
    status: 'Warning',
    computer: true,
    when: (profile, hour) => hour % 6 === 3 && profile.hosts.some(({ agent }) => agent === 'Direct Agent'),
    detail: () => 'The Log Analytics agent on this computer is retired; move it to Azure Monitor Agent.',
  },
  {
    key: 'collect',
    category: 'Data collection',
    operation: 'Data collection',
    status: 'Info',
    computer: true,
    when: (_profile, hour) => hour % 8 === 1,
    detail: () => 'Syslog facility local7 is not configured for collection.',
  },
];

const operation = defineTable<readonly [WorkspaceProfile, Notice]>({
  table: 'Operation',
  every: HOUR,
  span: ({ history }) => (history < 1 ? 10 : 30) * DAY,
  exact: true,
  billable: false,
  constants: { SourceSystem: 'OpsManager', Solution: 'LogManagement' },
  columns:
    'OperationCategory OperationKey OperationStatus Detail Computer HelpLink CorrelationId _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      NOTICES.map((notice) => [profile, notice] as const),
      ([, notice]) => notice.key,
    ),
  row: ([profile, notice], time, random) => {
    if (!notice.when(profile, Math.floor(time / HOUR) % 24)) return undefined;
    return [
      notice.category,
      notice.operation,
      notice.status,
      notice.detail(profile),
      notice.computer ? random.pick(profile.hosts).computer : '',
      'https://learn.microsoft.com/azure/azure-monitor/logs/monitor-workspace',
      random.guid(),
      profile.workspaceId,
      profile.subscriptionId,
    ];
  },
});

const QUERIES = [
  'Heartbeat | summarize max(TimeGenerated) by Computer',
  'SigninLogs | where ResultType != "0" | summarize count() by UserPrincipalName',
  'Usage | where IsBillable | summarize sum(Quantity) by DataType',
  'SecurityEvent | where EventID == 4625 | summarize count() by IpAddress',
  'Perf | where CounterName == "% Processor Time" | summarize avg(CounterValue) by bin(TimeGenerated, 1h)',
];
const CLIENTS = ['AppAnalytics', 'Unknown', 'Grafana', 'ASI_Portal', 'csharpsdk'];

const laQueryLogs = defineTable<Person>({
  table: 'LAQueryLogs',
  every: 3 * HOUR,
  span: 3 * DAY,
  columns:
    'CorrelationId AADObjectId AADTenantId AADEmail AADClientId RequestClientApp QueryText RequestTarget QueryTimeRangeStart QueryTimeRangeEnd ResponseCode ResponseRowCount ResponseDurationMs StatsCPUTimeMs StatsDataProcessedStart StatsDataProcessedEnd StatsWorkspaceCount StatsRegionCount WorkspaceRegion IsBillableQuery _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      profile.people.filter(({ admin }) => admin),
      ({ upn }) => upn,
    ),
  row: (person, time, random, profile) => {
    if (!random.chance(0.2 + 0.8 * daylight(time))) return undefined;
    const start = new Date(time - DAY).toISOString();
    const end = new Date(time).toISOString();
    const code = random.chance(0.94) ? 200 : random.pick([400, 504, 429]);
    return [
      random.guid(),
      person.id,
      profile.entraTenant,
      person.upn,
      random.pick(['80dbdb39-4f33-4799-8b6f-711b5e3e61b6', 'aebc6443-996d-45c2-90f0-388ff96faa56']),
      random.skewed(CLIENTS),
      random.skewed(QUERIES),
      profile.workspaceId,
      start,
      end,
      code,
      code === 200 ? random.int(0, 5000) : 0,
      random.real(80, 9000),
      random.real(10, 3000),
      start,
      end,
      random.skewed([1, 1, 3, 12]),
      1,
      profile.region,
      false,
      profile.workspaceId,
      profile.subscriptionId,
    ];
  },
});

/** What the workspace writes about itself. */
export const SERVICE_TABLES: readonly TableGenerator[] = [usage, operation, laQueryLogs];

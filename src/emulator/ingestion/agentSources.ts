import type { Cell } from '../../model/kqlType.ts';
import { key } from '../armId.ts';
import type { OtherResource, World } from '../state.ts';

/** Tables that the Azure Monitor Agent writes to, as far as its machines are emulated. */
export type AgentTable = 'Heartbeat' | 'Event' | 'Syslog' | 'Perf';

/** A machine with the agent, which is of the system that the agent was made for. */
export interface AgentMachine {
  /** ARM id. */
  readonly id: string;
  readonly os: 'Windows' | 'Linux';
}

/** Something that a machine sends at an interval (ms) to a workspace (ARM id in lower case). */
export interface AgentSource {
  readonly table: AgentTable;
  readonly workspace: string;
  readonly every: number;
  /** What it is a source of, beside others of its table. */
  readonly name: string;
  readonly values: Readonly<Record<string, Cell>>;
}

const EXTENSIONS = { Windows: 'AzureMonitorWindowsAgent', Linux: 'AzureMonitorLinuxAgent' } as const;
const SECOND = 1_000;
const MINUTE = 60_000;
/** How often what a rule asks for happens on a machine: an event of each query, a line of each facility. */
const EVENTS_EVERY = 5 * MINUTE;
const LEVELS: Readonly<Record<string, string>> = { 1: 'Critical', 2: 'Error', 3: 'Warning', 4: 'Information' };

/**
 * A machine that the agent is installed on: its extension of that name, as Resource Manager lists it below a machine.
 */
export function agentOn(world: World, machine: string): AgentMachine | undefined {
  for (const os of ['Windows', 'Linux'] as const) {
    const extension = world.resources.get(key(`${machine}/extensions/${EXTENSIONS[os]}`));
    if (extension?.properties['provisioningState'] === 'Succeeded') return { id: machine, os };
  }
  return undefined;
}

/** Installs the agent on a machine that is there, as `az vm extension set` does. */
export function installAgent(world: World, machine: OtherResource, os: AgentMachine['os']): void {
  const name = EXTENSIONS[os];
  const extension: OtherResource = {
    id: `${machine.id}/extensions/${name}`,
    name,
    type: `${machine.type}/extensions`,
    location: machine.location,
    tags: {},
    properties: { publisher: 'Microsoft.Azure.Monitor', type: name, provisioningState: 'Succeeded' },
  };
  world.resources.set(key(extension.id), extension);
  world.touch();
}

interface RuleProperties {
  readonly dataSources?: {
    readonly windowsEventLogs?: readonly { readonly streams?: readonly string[]; readonly xPathQueries?: string[] }[];
    readonly syslog?: readonly {
      readonly streams?: readonly string[];
      readonly facilityNames?: readonly string[];
      readonly logLevels?: readonly string[];
    }[];
    readonly performanceCounters?: readonly {
      readonly streams?: readonly string[];
      readonly samplingFrequencyInSeconds?: number;
      readonly counterSpecifiers?: readonly string[];
    }[];
  };
  readonly destinations?: {
    readonly logAnalytics?: readonly { readonly name?: string; readonly workspaceResourceId?: string }[];
  };
  readonly dataFlows?: readonly { readonly streams?: readonly string[]; readonly destinations?: readonly string[] }[];
}

/**
 * What a machine sends for a rule it follows: the rule's own sources, as far as its system has them, along the flows of
 * their streams; and a heartbeat a minute to every workspace the rule names (azure-monitor-docs,
 * agents/azure-monitor-agent-troubleshoot-windows-vm.md: it is sent whatever the rule collects).
 */
export function sourcesOf(rule: OtherResource, { os, id }: AgentMachine): readonly AgentSource[] {
  const { dataSources = {}, destinations, dataFlows = [] } = rule.properties as RuleProperties;
  const workspaces = new Map(
    (destinations?.logAnalytics ?? []).map(({ name, workspaceResourceId = '' }) => [name, key(workspaceResourceId)]),
  );
  const along = (streams: readonly string[] = [], own: Omit<AgentSource, 'workspace'>): readonly AgentSource[] =>
    dataFlows
      .filter((flow) => flow.streams?.some((stream) => streams.includes(stream)))
      .flatMap((flow) => flow.destinations ?? [])
      .flatMap((name) => workspaces.get(name) ?? [])
      .map((workspace) => ({ ...own, workspace }));
  const events = os === 'Windows' ? (dataSources.windowsEventLogs ?? []) : [];
  const lines = os === 'Linux' ? (dataSources.syslog ?? []) : [];
  return [
    ...[...new Set(workspaces.values())].map((workspace) => heartbeat(workspace, os, id)),
    ...events.flatMap(({ streams, xPathQueries = [] }) => xPathQueries.flatMap((one) => along(streams, event(one)))),
    ...lines.flatMap(({ streams, facilityNames = [], logLevels = [] }) =>
      facilityNames.flatMap((facility) => along(streams, syslog(facility, logLevels[0] ?? 'Info'))),
    ),
    ...(dataSources.performanceCounters ?? []).flatMap(
      ({ streams, counterSpecifiers = [], samplingFrequencyInSeconds = 60 }) =>
        counterSpecifiers.flatMap((counter) => along(streams, perf(counter, samplingFrequencyInSeconds))),
    ),
  ];
}

function heartbeat(workspace: string, os: AgentMachine['os'], machine: string): AgentSource {
  const arc = /\/microsoft\.hybridcompute\//i.test(machine);
  return {
    table: 'Heartbeat',
    workspace,
    every: MINUTE,
    name: '',
    values: {
      Category: 'Azure Monitor Agent',
      OSType: os,
      ComputerEnvironment: arc ? 'Non-Azure' : 'Azure',
      ResourceProvider: arc ? 'Microsoft.HybridCompute' : 'Microsoft.Compute',
      ResourceType: arc ? 'machines' : 'virtualMachines',
    },
  };
}

/** `System!*[System[(Level=1 or Level=2)]]`: the log, and the first level it names. */
function event(query: string): Omit<AgentSource, 'workspace'> {
  const level = /Level\s*=\s*(\d)/.exec(query)?.[1] ?? '4';
  const log = query.split('!')[0]!;
  return {
    table: 'Event',
    every: EVENTS_EVERY,
    name: query,
    values: {
      EventLog: log,
      Source: 'Service Control Manager',
      EventID: 7036,
      EventLevel: Number(level),
      EventLevelName: LEVELS[level] ?? 'Information',
    },
  };
}

function syslog(facility: string, level: string): Omit<AgentSource, 'workspace'> {
  return {
    table: 'Syslog',
    every: EVENTS_EVERY,
    name: facility,
    values: {
      Facility: facility,
      SeverityLevel: level.toLowerCase(),
      ProcessName: 'systemd',
      SyslogMessage: 'Started',
    },
  };
}

/** `\Processor Information(_Total)\% Processor Time`: object, instance and counter. */
function perf(counter: string, seconds: number): Omit<AgentSource, 'workspace'> {
  const [, object = '', instance = '', name = ''] = /^\\?([^\\(]+)(?:\(([^)]*)\))?\\(.+)$/.exec(counter) ?? [];
  return {
    table: 'Perf',
    every: Math.max(1, seconds) * SECOND,
    name: counter,
    values: { ObjectName: object, InstanceName: instance, CounterName: name, CounterValue: 12.5, CounterPath: counter },
  };
}

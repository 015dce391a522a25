import type { Difference } from '../../../model/plan.ts';
import type { AgentRuleBody, AgentRuleState, BaselinePort } from '../../../ports/baseline.ts';
import { asTemplateTexts } from '../../changes/asTemplateTexts.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';

/** A data collection rule for machines with the Azure Monitor Agent. */
export interface WantedAgentRule extends AgentRuleBody {
  readonly name: string;
}

const API_VERSION = '2024-03-11';

/** Data collection rules of agents: Windows events, syslog and performance counters into one workspace. */
export function agentRuleHandler(
  port: Pick<BaselinePort, 'agentRule' | 'putAgentRule'>,
): ChangeHandler<WantedAgentRule, AgentRuleState> {
  return {
    resource: 'agentRule',
    noun: 'data collection rule',
    read: ({ target }, { issuer, signal }) => port.agentRule(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const { name, workspace, region } = wanted;
      const into = `into workspace ${lastOf(workspace)}`;
      const differences = differencesOf(wanted, now);
      if (!now)
        return {
          action: 'create',
          title: `Create data collection rule ${name}`,
          detail: `For agents, in ${region}, ${into}`,
          differences,
        };
      if (differences.length === 0)
        return { action: 'none', title: `Data collection rule ${name} is as wanted`, detail: into, differences };
      return {
        action: 'update',
        title: `Change data collection rule ${name}`,
        detail: `For agents, ${into}; machines that follow it get the change at once`,
        differences,
        basis: JSON.stringify(now),
      };
    },
    apply: ({ target, wanted }, _action, { issuer, signal }) => port.putAgentRule(issuer, target, wanted, signal),
    verify: ({ wanted }, now) => {
      if (!now) return { state: 'pending', what: `data collection rule ${wanted.name} is not shown yet` };
      const [different] = differencesOf(wanted, now);
      return different
        ? {
            state: 'different',
            message: `Data collection rule ${wanted.name} keeps another ${different.name.toLowerCase()} than was sent.`,
          }
        : { state: 'verified' };
    },
    describe: ({ wanted }, now) => now && `data collection rule ${wanted.name}`,
    commands: ({ target, wanted }) => [
      [
        ...['rest', '--method', 'put', '--url', `${target}?api-version=${API_VERSION}`],
        ...['--body', JSON.stringify({ location: wanted.region, properties: agentRuleProperties(wanted) })],
      ],
    ],
    templateResources: ({ wanted }) => [
      {
        type: 'Microsoft.Insights/dataCollectionRules',
        apiVersion: API_VERSION,
        name: wanted.name,
        location: wanted.region,
        properties: asTemplateTexts(agentRuleProperties(wanted)),
      },
    ],
  };
}

/**
 * `properties` of such a rule, as in azure-rest-api-specs, monitor 2024-03-11,
 * examples/DataCollectionRulesCreate.json.
 */
function agentRuleProperties({ workspace, sources }: Pick<AgentRuleBody, 'workspace' | 'sources'>): {
  readonly dataSources: Readonly<Record<string, readonly object[]>>;
  readonly destinations: { readonly logAnalytics: readonly object[] };
  readonly dataFlows: readonly object[];
} {
  const { windowsEvents, syslog, performance } = sources;
  const streams = [
    ...(windowsEvents ? ['Microsoft-Event'] : []),
    ...(syslog ? ['Microsoft-Syslog'] : []),
    ...(performance ? ['Microsoft-Perf'] : []),
  ];
  return {
    dataSources: {
      ...(windowsEvents
        ? { windowsEventLogs: [{ name: 'windowsEvents', streams: ['Microsoft-Event'], xPathQueries: windowsEvents }] }
        : {}),
      ...(syslog
        ? {
            syslog: [
              {
                name: 'syslog',
                streams: ['Microsoft-Syslog'],
                facilityNames: syslog.facilities,
                logLevels: syslog.levels,
              },
            ],
          }
        : {}),
      ...(performance
        ? {
            performanceCounters: [
              {
                name: 'performance',
                streams: ['Microsoft-Perf'],
                samplingFrequencyInSeconds: performance.seconds,
                counterSpecifiers: performance.counters,
              },
            ],
          }
        : {}),
    },
    destinations: { logAnalytics: [{ workspaceResourceId: workspace, name: 'workspace' }] },
    dataFlows: [{ streams, destinations: ['workspace'] }],
  };
}

function differencesOf(wanted: AgentRuleBody, now: AgentRuleState | undefined): readonly Difference[] {
  const [is, shall] = [now?.sources ?? {}, wanted.sources];
  const [sent, shallGo] = [now?.workspaces ?? [], wanted.workspace.toLowerCase()];
  const rows: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['Windows events', listed(is.windowsEvents), listed(shall.windowsEvents)],
    ['Syslog', syslogText(is.syslog), syslogText(shall.syslog)],
    ['Performance counters', performanceText(is.performance), performanceText(shall.performance)],
    ['Workspace', sent.includes(shallGo) ? shallGo : sent.join(', ') || undefined, shallGo],
  ];
  return rows.flatMap(([name, before, after]) =>
    after === undefined || before === after ? [] : [{ name, ...(now ? { before: before ?? 'none' } : {}), after }],
  );
}

function listed(texts: readonly string[] | undefined): string | undefined {
  return texts && [...texts].sort().join(', ');
}

function syslogText(syslog: AgentRuleState['sources']['syslog']): string | undefined {
  return syslog && `${listed(syslog.facilities)!.toLowerCase()} at ${listed(syslog.levels)!}`;
}

function performanceText(counters: AgentRuleState['sources']['performance']): string | undefined {
  return counters && `${listed(counters.counters)!} every ${counters.seconds} s`;
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

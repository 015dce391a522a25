import type { AgentRuleBody } from '../../../ports/baseline.ts';
import { isTrue, toList, toObject, toText } from '../assess/wire.ts';
import type { Wire } from '../assess/wire.ts';

/** Groups of categories have another field than categories (learn.microsoft.com, platform/diagnostic-settings). */
const GROUPS: ReadonlySet<string> = new Set(['alllogs', 'audit']);

/**
 * The body of a PUT of a diagnostic setting, which replaces it: what is there (other places, other categories) is sent
 * again, with this workspace and these categories.
 */
export function mergedDiagnostic(
  there: Wire,
  { workspace, categories }: { readonly workspace: string; readonly categories: readonly string[] },
): object {
  const kept = toList(there['logs'])
    .map(toObject)
    .filter(({ enabled }) => isTrue(enabled));
  const sent = new Set(kept.map((line) => (toText(line['category']) || toText(line['categoryGroup'])).toLowerCase()));
  const added = categories.filter((one) => !sent.has(one.toLowerCase()));
  const places = Object.entries(there).filter(
    ([name, value]) => !['logs', 'workspaceId'].includes(name) && value !== null && value !== '',
  );
  return {
    properties: {
      ...Object.fromEntries(places),
      workspaceId: workspace,
      logs: [
        ...kept,
        ...added.map((one) => ({ [GROUPS.has(one.toLowerCase()) ? 'categoryGroup' : 'category']: one, enabled: true })),
      ],
    },
  };
}

/**
 * The body of a PUT of a data collection rule, which replaces it: of one that is there everything stays but the kinds
 * of sources that are wanted, which go to this workspace, too. Shapes: azure-rest-api-specs, monitor 2024-03-11,
 * examples/DataCollectionRulesCreate.json.
 */
export function agentRuleBody(there: Wire | undefined, { region, workspace, sources }: AgentRuleBody): object {
  const { windowsEvents, syslog, performance } = sources;
  const made = [
    ...(windowsEvents
      ? [['windowsEventLogs', 'Microsoft-Event', { name: 'windowsEvents', xPathQueries: windowsEvents }] as const]
      : []),
    ...(syslog
      ? [
          [
            'syslog',
            'Microsoft-Syslog',
            { name: 'syslog', facilityNames: syslog.facilities, logLevels: syslog.levels },
          ] as const,
        ]
      : []),
    ...(performance
      ? [
          [
            'performanceCounters',
            'Microsoft-Perf',
            {
              name: 'performance',
              samplingFrequencyInSeconds: performance.seconds,
              counterSpecifiers: performance.counters,
            },
          ] as const,
        ]
      : []),
  ];
  const streams = made.map(([, stream]) => stream);
  const before = toObject(there?.['properties']);
  const { immutableId: _id, provisioningState: _state, endpoints: _ends, metadata: _meta, ...kept } = before;
  const flows = toList(kept['dataFlows']).map(toObject);
  const places = toList(toObject(kept['destinations'])['logAnalytics']).map(toObject);
  const known = places.find((one) => toText(one['workspaceResourceId']).toLowerCase() === workspace.toLowerCase());
  const place = known ? toText(known['name']) : freeName(places.map((one) => toText(one['name'])));
  const missing = streams.filter(
    (stream) =>
      !flows.some((flow) => toList(flow['streams']).includes(stream) && toList(flow['destinations']).includes(place)),
  );
  return {
    location: there === undefined ? region : there['location'],
    ...(there?.['kind'] === undefined ? {} : { kind: there['kind'] }),
    ...(there?.['tags'] === undefined ? {} : { tags: there['tags'] }),
    properties: {
      ...kept,
      dataSources: {
        ...toObject(kept['dataSources']),
        ...Object.fromEntries(made.map(([kind, stream, source]) => [kind, [{ ...source, streams: [stream] }]])),
      },
      destinations: {
        ...toObject(kept['destinations']),
        logAnalytics: known ? places : [...places, { workspaceResourceId: workspace, name: place }],
      },
      dataFlows: missing.length === 0 ? flows : [...flows, { streams: missing, destinations: [place] }],
    },
  };
}

function freeName(taken: readonly string[]): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? 'workspace' : `workspace${i}`;
    if (!taken.includes(name)) return name;
  }
}

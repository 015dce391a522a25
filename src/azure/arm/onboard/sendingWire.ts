import type { SendingNow, SettingBody } from '../../../ports/leaving.ts';
import { isTrue, toList, toObject, toText } from '../assess/wire.ts';
import type { Wire } from '../assess/wire.ts';

/** Destinations of a diagnostic setting that are no workspace. */
const OTHER_PLACES = [
  'storageAccountId',
  'eventHubAuthorizationRuleId',
  'serviceBusRuleId',
  'marketplacePartnerId',
] as const;

/** A diagnostic setting as it was read, and what is left of it without some workspaces (lower case). */
export function toSetting(wire: unknown, without: ReadonlySet<string>): SendingNow {
  const properties = toObject(toObject(wire)['properties']);
  const workspace = toText(properties['workspaceId']);
  const elsewhere = OTHER_PLACES.map((name) => toText(properties[name])).filter((place) => place !== '');
  const { workspaceId: _id, logAnalyticsDestinationType: _type, ...kept } = properties;
  const isGiven = ([, value]: readonly [string, unknown]): boolean => value !== null && value !== '';
  const given = Object.entries(kept).filter(isGiven);
  const on = (list: unknown): readonly string[] =>
    toList(list)
      .map(toObject)
      .filter(({ enabled }) => isTrue(enabled))
      .map((line) => toText(line['category']) || toText(line['categoryGroup']));
  const dedicated = /^dedicated$/i.test(toText(properties['logAnalyticsDestinationType']));
  const body = { logs: on(properties['logs']), metrics: on(properties['metrics']) };
  return {
    ...(workspace === '' ? {} : { body: { ...body, ...(dedicated ? { dedicated } : {}) } }),
    definition: { properties: Object.fromEntries(Object.entries(properties).filter(isGiven)) },
    workspaces: workspace === '' ? [] : [workspace.toLowerCase()],
    elsewhere: elsewhere.map((place) => place.toLowerCase()),
    ...(elsewhere.length > 0 && without.has(workspace.toLowerCase())
      ? { remaining: { properties: Object.fromEntries(given) } }
      : {}),
  };
}

/** Groups of categories have another field than categories (learn.microsoft.com, platform/diagnostic-settings). */
const GROUPS: ReadonlySet<string> = new Set(['alllogs', 'audit']);

/** The body of a PUT of a setting that sends to a workspace again, over what is there of it (its `properties`). */
export function settingBody(there: Wire, workspace: string, { logs, metrics, dedicated }: SettingBody): object {
  const given = Object.entries(there).filter(([, value]) => value !== null && value !== '');
  const kept = Object.fromEntries(given);
  const lines = (name: string, wanted: readonly string[], isGroup: (one: string) => boolean): readonly object[] => {
    const on = toList(there[name])
      .map(toObject)
      .filter(({ enabled }) => isTrue(enabled));
    const known = new Set(on.map((line) => (toText(line['category']) || toText(line['categoryGroup'])).toLowerCase()));
    const missing = wanted.filter((one) => !known.has(one.toLowerCase()));
    return [...on, ...missing.map((one) => ({ [isGroup(one) ? 'categoryGroup' : 'category']: one, enabled: true }))];
  };
  return {
    properties: {
      ...kept,
      workspaceId: workspace,
      ...(dedicated ? { logAnalyticsDestinationType: 'Dedicated' } : {}),
      logs: lines('logs', logs, (one) => GROUPS.has(one.toLowerCase())),
      metrics: lines('metrics', metrics, () => false),
    },
  };
}

/** What only the service says of a rule; it is not sent back. */
const READ_ONLY: ReadonlySet<string> = new Set(['immutableId', 'provisioningState', 'endpoints', 'metadata']);

/** A data collection rule as it was read, and what is left of it without some workspaces (lower case). */
export function toCollection(wire: unknown, without: ReadonlySet<string>): SendingNow {
  const rule = toObject(wire);
  const properties = toObject(rule['properties']);
  const { logAnalytics, ...others } = toObject(properties['destinations']);
  const workspaces = toList(logAnalytics).map(toObject);
  const idOf = (one: Wire): string => toText(one['workspaceResourceId']).toLowerCase();
  const elsewhere = Object.entries(others).flatMap(([kind, places]) =>
    (Array.isArray(places) ? places : [places]).map((place) => `${kind} ${toText(toObject(place)['name'])}`.trim()),
  );
  const gone = new Set(workspaces.filter((one) => without.has(idOf(one))).map((one) => toText(one['name'])));
  const flows = toList(properties['dataFlows'])
    .map(toObject)
    .map((flow) => ({
      ...flow,
      streams: toList(flow['streams']).map(toText),
      destinations: toList(flow['destinations']).filter((name) => !gone.has(toText(name))),
    }))
    .filter(({ destinations }) => destinations.length > 0);
  const kept = Object.entries(properties).filter(([name]) => !READ_ONLY.has(name));
  const about = {
    location: rule['location'],
    ...Object.fromEntries(['kind', 'tags', 'identity'].flatMap((name) => (rule[name] ? [[name, rule[name]]] : []))),
  };
  const definition = { ...about, properties: Object.fromEntries(kept) };
  const now = { workspaces: workspaces.map(idOf), elsewhere, definition };
  if (flows.length === 0) return now;
  const left = workspaces.filter((one) => !gone.has(toText(one['name'])));
  return {
    ...now,
    remaining: {
      ...about,
      properties: {
        ...Object.fromEntries(kept),
        ...sourcesOf(properties, new Set(flows.flatMap(({ streams }) => streams))),
        destinations: { ...others, ...(left.length > 0 ? { logAnalytics: left } : {}) },
        dataFlows: flows,
      },
    },
  };
}

/** Sources whose streams flow on: the service refuses a source that leads nowhere. */
function sourcesOf(properties: Wire, flowing: ReadonlySet<string>): { readonly dataSources?: object } {
  if (properties['dataSources'] === undefined) return {};
  const kinds = Object.entries(toObject(properties['dataSources'])).flatMap(([kind, sources]) => {
    if (!Array.isArray(sources)) return [[kind, sources] as const];
    const kept = sources.map(toObject).flatMap((source) => {
      if (source['streams'] === undefined) return [source];
      const streams = toList(source['streams']).filter((stream) => flowing.has(toText(stream)));
      return streams.length === 0 ? [] : [{ ...source, streams }];
    });
    return kept.length === 0 ? [] : [[kind, kept] as const];
  });
  return { dataSources: Object.fromEntries(kinds) };
}

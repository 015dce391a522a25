import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import type { Difference } from '../../model/plan.ts';
import type { SavedQuery, SavedQueryBody } from '../../model/savedQuery.ts';
import type { SavedQueriesPort } from '../../ports/savedQueries.ts';
import type { ChangeHandler, Effect } from '../changes/changeHandler.ts';
import { asTemplateTexts } from '../changes/asTemplateTexts.ts';

/** What is wanted of a saved query, and what its place is called. */
export interface WantedQuery extends SavedQueryBody {
  readonly place: string;
}

/** Saved searches of workspaces and queries of query packs, as plans change them. */
export function savedQueryHandler(
  port: Pick<SavedQueriesPort, 'query' | 'putQuery'>,
): ChangeHandler<WantedQuery, SavedQuery> {
  return {
    resource: 'savedQuery',
    noun: 'saved query',
    read: ({ target }, { issuer, signal }) => port.query(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const { name, place } = wanted;
      const lines = `${counted(wanted.text.split('\n').length, 'line')} of KQL`;
      if (!now)
        return {
          action: 'create',
          title: `Save query ${name}`,
          detail: `In ${place}, ${lines}${wanted.functionAlias === undefined ? '' : `, as function ${callOf(wanted)}`}`,
          differences: [],
        };
      const differences = differencesOf(now, wanted);
      if (differences.length === 0)
        return { action: 'none', title: `Query ${name} is there already`, detail: `In ${place}`, differences };
      return {
        action: 'update',
        title: `Change saved query ${name}`,
        detail: `In ${place}, ${lines}`,
        differences,
        // The KQL as a whole: what is shown of it is its first line that differs.
        basis: JSON.stringify(now),
        ...(now.functionAlias === undefined
          ? {}
          : {
              warnings: [
                `"${now.name}" is the function ${now.functionAlias}(): ${
                  (wanted.functionAlias ?? now.functionAlias) === now.functionAlias
                    ? 'whoever calls it gets the new text at once'
                    : 'whoever calls it by this name finds it no more'
                }.`,
              ],
            }),
      };
    },
    apply: ({ target, wanted }, _action, { issuer, signal }) => port.putQuery(issuer, target, wanted, signal),
    verify: ({ wanted }, now) => {
      if (!now) return { state: 'pending', what: `saved query ${wanted.name} is not shown yet` };
      const [different] = differencesOf(now, wanted);
      return different
        ? {
            state: 'different',
            message: `The service keeps another ${different.name.toLowerCase()} of saved query ${wanted.name} than was sent.`,
          }
        : { state: 'verified' };
    },
    describe: (_intent, now) => now && `saved query ${now.name}`,
    commands: ({ target, wanted }) => [commandOf(target, wanted)],
    templateResources: ({ target, wanted }) => [templateOf(target, wanted)],
  };
}

function differencesOf(now: SavedQuery, wanted: WantedQuery): readonly Difference[] {
  const settings: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['Name', now.name, wanted.name],
    ['Description', now.description, wanted.description],
    ['Category', now.category, wanted.category ?? now.category],
    ['Tags', listed(now.tags), listed(wanted.tags)],
    ['Function', callOf(now), callOf(wanted.functionAlias === undefined ? now : wanted)],
  ];
  const query = kqlDifference(now.text, wanted.text);
  return [
    ...(query ? [query] : []),
    ...settings
      .filter(([, before, after]) => before !== after)
      .map(([name, before, after]): Difference => ({ name, before: before ?? 'none', after: after ?? 'none' })),
  ];
}

/** `Name(age:timespan = 1h)`; undefined for what is no function. */
function callOf({ functionAlias, functionParameters = '' }: Partial<SavedQuery>): string | undefined {
  return functionAlias === undefined ? undefined : `${functionAlias}(${functionParameters})`;
}

function listed(tags: readonly string[]): string | undefined {
  return tags.length === 0 ? undefined : [...tags].sort((a, b) => a.localeCompare(b)).join(', ');
}

/** The first line that differs; blanks at the ends and the way lines end are the service's to keep or not. */
export function kqlDifference(before: string, after: string): Difference | undefined {
  const [old, made] = [before, after].map((text) => text.replaceAll(/\r\n?/g, '\n').trim().split('\n'));
  const at = made!.findIndex((line, i) => line !== old![i]);
  const line = at < 0 && old!.length > made!.length ? made!.length : at;
  if (line < 0) return undefined;
  const shown = (text: string | undefined): string => (text === undefined ? 'no such line' : text.trim().slice(0, 120));
  return { name: `KQL, line ${line + 1}`, before: shown(old![line]), after: shown(made![line]) };
}

const PARTS =
  /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.OperationalInsights\/(workspaces|queryPacks)\/([^/]+)\/[^/]+\/([^/]+)$/i;

function partsOf(target: string): { group: string; isPack: boolean; place: string; id: string } {
  const [, group, kind, place, id] = PARTS.exec(target) ?? [];
  if (!group || !kind || !place || !id)
    throw new AppError('bug.savedQueryTarget', 'A saved query is planned at an id that is none.');
  return { group, isPack: kind.toLowerCase() === 'querypacks', place, id };
}

/** No command of the Azure CLI takes every text as it is: it reads quotes, brackets and `null` in them. */
function commandOf(target: string, wanted: WantedQuery): readonly string[] {
  return [
    ...['rest', '--method', 'put', '--url', `${target}?api-version=${versionOf(target)}`],
    ...['--body', JSON.stringify({ properties: propertiesOf(target, wanted) })],
  ];
}

function templateOf(target: string, wanted: WantedQuery): object {
  const { isPack, place, id } = partsOf(target);
  return {
    type: `Microsoft.OperationalInsights/${isPack ? 'queryPacks/queries' : 'workspaces/savedSearches'}`,
    apiVersion: versionOf(target),
    name: `${place}/${id}`,
    properties: asTemplateTexts(propertiesOf(target, wanted)),
  };
}

function versionOf(target: string): string {
  return partsOf(target).isPack ? '2023-09-01' : '2020-08-01';
}

function propertiesOf(target: string, wanted: WantedQuery): object {
  const { name, text, description, category, tags, functionAlias, functionParameters } = wanted;
  if (partsOf(target).isPack)
    return {
      displayName: name,
      body: text,
      ...(description ? { description } : {}),
      related: { categories: category ? [category] : [] },
      tags: { labels: tags },
    };
  return {
    displayName: name,
    query: text,
    category: category ?? 'Queries',
    ...(functionAlias ? { functionAlias } : {}),
    ...(functionAlias && functionParameters ? { functionParameters } : {}),
    tags: [
      ...(description ? [{ name: 'description', value: description }] : []),
      ...(tags.length > 0 ? [{ name: 'labels', value: tags.join(',') }] : []),
    ],
  };
}

import type { LogAnalyticsQueryPackQuery, SavedSearch } from '@azure/arm-operationalinsights';
import type { SavedQuery, SavedQueryBody } from '../../model/savedQuery.ts';

/** Tags of a saved search that are no labels of people: the service and the portal keep notes in them. */
const NOTES = /^(?:description|created.*|group|modified.*|lastModified.*)$/i;
/** Under which name labels are kept: ours in a saved search, the portal's in a query pack. */
const LABELS = 'labels';

/** A saved search; undefined for one without an id or a text, which nobody could keep again. */
export function toSavedSearch(search: SavedSearch): SavedQuery | undefined {
  const { id, displayName, query, category, tags = [], functionAlias, functionParameters } = search;
  if (!id || !query) return undefined;
  const description = tags.find(({ name }) => name.toLowerCase() === 'description')?.value;
  return {
    armId: id.startsWith('/') ? id : `/${id}`,
    name: displayName || search.name || 'query',
    text: query,
    ...(description ? { description } : {}),
    ...(category ? { category } : {}),
    tags: labels(tags.filter(({ name }) => !NOTES.test(name)).flatMap(({ value }) => value.split(','))),
    ...(functionAlias ? { functionAlias } : {}),
    ...(functionAlias && functionParameters ? { functionParameters } : {}),
  };
}

/** A query of a pack; undefined for one without an id or a text. */
export function toPackQuery(query: LogAnalyticsQueryPackQuery): SavedQuery | undefined {
  const { id, displayName, body, description, related, tags } = query;
  if (!id || !body) return undefined;
  const [category] = related?.categories ?? [];
  return {
    armId: id,
    name: displayName || query.name || 'query',
    text: body,
    ...(description ? { description } : {}),
    ...(category ? { category } : {}),
    tags: labels(Object.values(tags ?? {}).flat()),
  };
}

/** What is sent for a saved search: the notes of others that are there stay, so does an alias if none is given. */
export function searchBody(body: SavedQueryBody, now: SavedSearch | undefined): SavedSearch {
  const others = (now?.tags ?? []).filter(({ name }) => NOTES.test(name) && name.toLowerCase() !== 'description');
  const { functionAlias, functionParameters } = body.functionAlias === undefined && now ? now : body;
  return {
    ...(functionAlias ? { functionAlias } : {}),
    ...(functionParameters ? { functionParameters } : {}),
    ...(now?.version === undefined ? {} : { version: now.version }),
    ...(now?.etag === undefined ? {} : { etag: now.etag }),
    category: body.category ?? now?.category ?? DEFAULT_CATEGORY,
    displayName: body.name,
    query: body.text,
    tags: [
      ...others,
      ...(body.description ? [{ name: 'description', value: body.description }] : []),
      ...(body.tags.length > 0 ? [{ name: LABELS, value: body.tags.join(',') }] : []),
    ],
  };
}

/** What is sent for a query of a pack: what it is related to stays, and so do tags of other kinds. */
export function packBody(
  body: SavedQueryBody,
  now: LogAnalyticsQueryPackQuery | undefined,
): LogAnalyticsQueryPackQuery {
  const categories = body.category === undefined ? now?.related?.categories : [body.category];
  return {
    displayName: body.name,
    body: body.text,
    ...(body.description ? { description: body.description } : {}),
    related: { ...now?.related, ...(categories ? { categories } : {}) },
    tags: { ...(body.tags.length > 0 ? { [LABELS]: [...body.tags] } : {}) },
    ...(now?.properties === undefined ? {} : { properties: now.properties as unknown }),
  };
}

/** A saved search has to have a category. */
const DEFAULT_CATEGORY = 'Queries';

function labels(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))];
}

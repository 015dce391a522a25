import type { BaselineFile } from '../../model/baseline.ts';
import type { NamesAt } from '../../model/namesAt.ts';
import { cursorAt } from '../customers/placedJson.ts';
import { OFFER_ROLES } from '../onboard/offerRoles.ts';
import { lighthouseLimit } from '../access/lighthouseLimits.ts';

/** Names that complete a baseline file where nothing in its schema does; undefined at other places. */
export function namesAt(
  text: string,
  offset: number,
  file: BaselineFile,
  known: {
    readonly customers: readonly string[];
    readonly groups: readonly string[];
    readonly tables: readonly string[];
  },
): NamesAt | undefined {
  const { path, isName, start, end } = cursorAt(text, offset);
  const inLayer = path[0] === 'provider' ? path.slice(1) : path.slice(2);
  const here = { isName, start, end, hasValue: /^\s*:/.test(text.slice(end)) };
  if (isName && path.length === 2 && path[0] === 'customers')
    return { ...here, what: 'customer', names: known.customers };
  if (isName && path.length === 2 && path[0] === 'groups') return { ...here, what: 'group', names: known.groups };
  if (isName && inLayer.length === 2 && inLayer[0] === 'tables') return { ...here, what: 'table', names: known.tables };
  if (!isName && inLayer[0] === 'delegations' && inLayer.at(-1) === 'role')
    return { ...here, what: 'role', names: OFFERED };
  if (!isName && inLayer[0] === 'alerts' && inLayer[2] === 'actionGroups' && inLayer.length === 4)
    return { ...here, what: 'action group', names: groupsOf(file) };
  return undefined;
}

/** Roles that a delegation passes on. */
const OFFERED: readonly string[] = OFFER_ROLES.filter(
  (role) => lighthouseLimit({ action: 'offerRole', role }).allowed,
).map(({ name }) => name);

function groupsOf({ provider, architectures, groups, customers }: BaselineFile): readonly string[] {
  const layers = [provider, ...[...architectures, ...groups, ...customers].map(({ layer }) => layer)];
  return [...new Set(layers.flatMap(({ actionGroups }) => Object.keys(actionGroups ?? {})))].sort();
}

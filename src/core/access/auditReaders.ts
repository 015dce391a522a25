import type { QueryAudit, Reader } from '../../model/access.ts';
import type { DiagnosticSetting, Fact } from '../../model/assessment/facts.ts';
import type { Workspace } from '../../model/estate.ts';
import { findAudits } from '../assess/facts/audit.ts';

/**
 * Where the text of what is asked here is kept (LAQueryLogs), and who can read it there. Of a place that is not this
 * workspace the readers are whoever may read that place.
 */
export function auditOf(
  workspace: Workspace,
  diagnostics: Fact<readonly DiagnosticSetting[]>,
  readers: readonly Reader[],
  ownRolesSeen: boolean,
): QueryAudit {
  if (diagnostics.state === 'unknown') return { state: 'notVisible', why: diagnostics.error.message };
  const places = findAudits(diagnostics.value);
  if (places.length === 0) return { state: 'off' };
  const here = diagnostics.value.some(
    (setting) => findAudits([setting]).length > 0 && setting.workspace?.toLowerCase() === workspace.armId.toLowerCase(),
  );
  const inside = readers.filter(({ by, limit }) => by !== 'sharedKey' && !limit.startsWith('Reads no rows'));
  const others = places.filter((place) => !(here && place.toLowerCase() === workspace.name.toLowerCase()));
  return {
    state: 'kept',
    places,
    readers: [
      ...(here ? [...new Set(inside.flatMap(namesOf))] : []),
      ...(here && !ownRolesSeen ? ["The customer's own readers of the workspace, who are not visible"] : []),
      ...others.map((place) => `Whoever may read ${place}`),
    ],
  };
}

/** A group is told with who is in it: people read, not groups. */
function namesOf({ name, who, side, members }: Reader): readonly string[] {
  const own = `${name ?? who} (${SIDES[side]})`;
  if (members?.state !== 'known') return [own];
  const people = members.people.map((one) => `${one.name} (${SIDES[one.side]}, in ${name ?? who})`);
  return [`${own}${members.more > 0 ? `, with ${members.more} further members` : ''}`, ...people];
}

const SIDES: Readonly<Record<Reader['side'], string>> = {
  customer: "the customer's",
  provider: "the provider's",
  unknown: 'whose is not known',
};

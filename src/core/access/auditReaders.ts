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
      ...(here ? [...new Set(inside.map(({ name, who, side }) => `${name ?? who} (${SIDES[side]})`))] : []),
      ...(here && !ownRolesSeen ? ["The customer's own readers of the workspace, who are not visible"] : []),
      ...others.map((place) => `Whoever may read ${place}`),
    ],
  };
}

const SIDES: Readonly<Record<Reader['side'], string>> = {
  customer: "the customer's",
  provider: "the provider's",
  unknown: 'whose is not known',
};

import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { TenantId } from '../../model/ids.ts';
import type { MicrosoftGraphPort, PrincipalName } from '../../ports/microsoftGraph.ts';
import type { EstateIndex } from '../estate/estateIndex.ts';
import { insiderOf } from './principalNames.ts';
import type { Names } from './principalNames.ts';

/** A group, and the directory that it is a group of. */
export interface GroupPlace {
  readonly directory: TenantId;
  readonly group: string;
}

/** Who is in a group, by name; `more` counts those past the first ones. */
export type Members =
  | { readonly state: 'known'; readonly people: readonly PrincipalName[]; readonly more: number }
  | { readonly state: 'notVisible'; readonly why: string };

/** Who is in groups; of one that was not asked for nothing is said. */
export interface AllMembers {
  of(place: GroupPlace): Members | undefined;
}

/** Questions to Microsoft Graph at a time. */
const AT_ONCE = 4;
/** Members that are told by name: who wants them all looks into the directory. */
const TOLD = 200;

/**
 * Asks the directories for the members of their groups, those of groups in them too. A directory that nobody entered,
 * or that refuses, tells none, and that is said. Rejects when cancelled only.
 */
export async function membersOf(
  places: readonly GroupPlace[],
  index: EstateIndex,
  names: Names,
  port: Partial<Pick<MicrosoftGraphPort, 'members'>> | undefined,
  signal: CancelSignal,
): Promise<AllMembers> {
  const limiter = new Limiter(AT_ONCE);
  const wanted = new Map(places.map((place) => [keyOf(place), place]));
  const told = new Map<string, Members>();
  await Promise.all(
    [...wanted].map(async ([key, { directory, group }]) => {
      const issuer = insiderOf(directory, index.estate);
      // A directory that does not tell names does not tell members either: it is asked once.
      const refused = names.why(directory);
      const hidden = (why: string): void => void told.set(key, { state: 'notVisible', why });
      if (!issuer) return hidden(`Nobody is signed in to tenant ${index.tenantName(directory)}.`);
      if (refused) return hidden(refused.message);
      if (!port?.members) return hidden('The directory was not asked.');
      const ask = port.members.bind(port);
      try {
        const found = await limiter.run(() => ask(issuer, group, signal), signal);
        told.set(key, toMembers(found));
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'cancelled') throw error;
        hidden(error.message);
      }
    }),
  );
  return { of: (place) => told.get(keyOf(place)) };
}

function toMembers(found: ReadonlyMap<string, PrincipalName>): Members {
  const people = [...found]
    // The service may tell who is in a group, and not what they are called.
    .map(([id, principal]) => (principal.name === '' ? { ...principal, name: id } : principal))
    .sort((a, b) => a.name.localeCompare(b.name));
  return { state: 'known', people: people.slice(0, TOLD), more: Math.max(0, people.length - TOLD) };
}

function keyOf({ directory, group }: GroupPlace): string {
  return `${directory} ${group.toLowerCase()}`;
}

import { AppError, toAppError } from '../../base/errors.ts';
import type { ErrorSubject } from '../errors/subject.ts';

/** A management lock that keeps a resource as it is. */
export interface LockNow {
  readonly name: string;
  /** `CanNotDelete` lets everything but a deletion, `ReadOnly` nothing. */
  readonly level: string;
  /** ARM id of what is locked, in whatever case the lock was set. */
  readonly scope: string;
  /** What whoever set it wrote to it. */
  readonly notes?: string;
  /** A person's name, or an application's id. */
  readonly createdBy?: string;
}

/** So much of somebody's text goes into a message. */
const MOST_CHARS = 120;

/** The locks of a list as Resource Manager writes it (2020-05-01); what is none is left out. */
export function parseLocks(body: string): readonly LockNow[] {
  type Wire = {
    readonly id?: string;
    readonly name?: string;
    readonly properties?: { readonly level?: string; readonly notes?: string };
    readonly systemData?: { readonly createdBy?: string };
  };
  const { value = [] } = JSON.parse(body) as { readonly value?: readonly Wire[] };
  return value.flatMap(({ id, name, properties, systemData }) => {
    const scope = /^(.*)\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i.exec(id ?? '')?.[1];
    if (scope === undefined || !name || !properties?.level || properties.level === 'NotSpecified') return [];
    const { level, notes } = properties;
    const createdBy = systemData?.createdBy;
    return [{ name, level, scope, ...(notes ? { notes } : {}), ...(createdBy ? { createdBy } : {}) }];
  });
}

/**
 * The same refusal with the locks' own names: who set which, where, and who can take it away. `locks` reads them; where
 * it may not, the service's own words stay. `delegated`: the token comes by Azure Lighthouse, which gives nobody that
 * right.
 */
export async function nameLocks(
  refusal: AppError,
  subject: ErrorSubject,
  delegated: boolean,
  locks: () => Promise<readonly LockNow[]>,
): Promise<AppError> {
  let found: readonly LockNow[];
  try {
    found = await locks();
  } catch (thrown) {
    const error = toAppError(thrown);
    return error.family === 'cancelled' ? error : refusal;
  }
  if (found.length === 0) return refusal;
  const several = found.length > 1;
  const who = delegated
    ? 'A delegation by Azure Lighthouse cannot do that: somebody of the customer with Owner or User Access Administrator there'
    : 'Somebody with Owner or User Access Administrator there';
  const message = [
    `${several ? 'Locks keep' : 'A lock keeps'} the ${subject.what} as it is: ${found.map(describe).join('; ')}.`,
    `${who} removes ${several ? 'them' : 'it'} (Locks in the portal, or "az lock delete"), then try again.`,
  ];
  return new AppError('access.locked', message.join(' '), {
    data: { ...refusal.data, locks: found.map(({ name, level, scope }) => ({ name, level, scope })) },
  });
}

function describe({ name, level, scope, notes, createdBy }: LockNow): string {
  const facts = [
    ...(createdBy ? [`set by ${short(createdBy)}`] : []),
    ...(notes?.trim() ? [`note: ${short(notes)}`] : []),
  ];
  return `${level} "${short(name)}" on the ${placeOf(scope)}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}

/** `resource group rg-logs`: what an ARM id stands for, in words. */
function placeOf(scope: string): string {
  const [, subscription, group, rest] =
    /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+)(?:\/providers\/(.+))?)?$/i.exec(scope) ?? [];
  if (rest !== undefined) {
    const name = short(rest.slice(rest.lastIndexOf('/') + 1));
    return /^microsoft\.operationalinsights\/workspaces\/[^/]+$/i.test(rest) ? `workspace ${name}` : `resource ${name}`;
  }
  if (group !== undefined) return `resource group ${short(group)}`;
  return subscription === undefined ? short(scope) : `subscription ${subscription}`;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS - 1)}…` : line;
}

import { AppError } from '../../base/errors.ts';
import type { AccessPath, AccessPathKind, Workspace } from '../../model/estate.ts';
import type { Issuer } from '../../ports/issuer.ts';

/**
 * Cheapest and most certain first: our own tenant, then delegation (one token for many customers), then an automation
 * identity, then guests.
 */
const PREFERENCE: readonly AccessPathKind[] = ['home', 'lighthouse', 'servicePrincipal', 'guest'];

/** The path a query takes, the same one every time for the same picture of the estate. */
export function choosePath(workspace: Workspace): AccessPath | undefined {
  return [...workspace.paths].sort(comparePaths)[0];
}

/** Whose token asks a workspace. Throws `access.noPath` where no signed-in account reaches it. */
export function issuerOf(workspace: Workspace): Issuer {
  const path = choosePath(workspace);
  if (path) return { account: path.account, tenant: path.issuer };
  throw noPath(workspace);
}

/** The error of a workspace that was seen, but that no signed-in account reaches any more. */
export function noPath(workspace: Workspace): AppError {
  return new AppError('access.noPath', `No signed-in account reaches ${workspace.name}. Sign in, or ask for access.`);
}

/** Sorts access paths: the one to take first. */
export function comparePaths(a: AccessPath, b: AccessPath): number {
  return (
    PREFERENCE.indexOf(a.kind) - PREFERENCE.indexOf(b.kind) ||
    a.account.localeCompare(b.account) ||
    a.issuer.localeCompare(b.issuer)
  );
}

/** Badge text of all paths together: `home`, `Lighthouse`, `guest`, `service principal`, or `both` kinds joined. */
export function pathLabel(workspace: Workspace): string {
  const kinds = PREFERENCE.filter((kind) => workspace.paths.some((path) => path.kind === kind));
  return kinds.map((kind) => PATH_NAMES[kind]).join(' and ');
}

/** What the kinds of access path are called on screen. */
export const PATH_NAMES: Readonly<Record<AccessPathKind, string>> = {
  home: 'home',
  lighthouse: 'Lighthouse',
  guest: 'guest',
  servicePrincipal: 'service principal',
};

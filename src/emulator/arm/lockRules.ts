import { isWithin } from '../armId.ts';
import { armError } from '../router.ts';
import type { Lock, World } from '../state.ts';

/** The resource type of a management lock. */
export const LOCK_TYPE = 'Microsoft.Authorization/locks';

/**
 * The locks that keep a call from doing this at an ARM id: of both levels those at it or above; for a deletion those
 * beneath it, too, for what they protect would go with it. A POST counts as a write, as with a storage account's
 * `listKeys`, which a ReadOnly lock refuses with these words.
 */
function locksAgainst(world: World, operation: 'write' | 'delete', id: string): readonly Lock[] {
  return world.locks.filter(({ level, scope }) => {
    if (operation === 'write') return level === 'ReadOnly' && isWithin(id, scope);
    return level !== 'NotSpecified' && (isWithin(id, scope) || isWithin(scope, id));
  });
}

/**
 * Throws 409 ScopeLocked in Resource Manager's words (as in Azure/apiops#606 and microsoft/AzureTRE#4664): the path of
 * the request, then each locked scope as its lock was written.
 */
export function checkLocks(world: World, operation: 'write' | 'delete', id: string): void {
  const scopes = new Map(locksAgainst(world, operation, id).map(({ scope }) => [scope.toLowerCase(), scope]));
  if (!scopes.size) return;
  throw armError(
    409,
    'ScopeLocked',
    `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: '${[...scopes.values()].join(',')}'. Please remove the lock and try again.`,
  );
}

import type { Lock, World } from './state.ts';

/** Locks a subscription, resource group or resource, as a person of that name did it now. */
export function addLock(
  world: World,
  spec: { scope: string; name: string; level?: Lock['level']; notes?: string; by: string },
): Lock {
  const now = world.clock.iso();
  const lock: Lock = {
    name: spec.name,
    scope: spec.scope,
    level: spec.level ?? 'CanNotDelete',
    ...(spec.notes === undefined ? {} : { notes: spec.notes }),
    systemData: {
      createdBy: spec.by,
      createdByType: 'User',
      createdAt: now,
      lastModifiedBy: spec.by,
      lastModifiedByType: 'User',
      lastModifiedAt: now,
    },
  };
  world.locks.push(lock);
  world.touch();
  return lock;
}

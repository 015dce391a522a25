import { EmulatedClock } from './clock.ts';
import { seededGuid } from './ids.ts';
import type { World } from './state.ts';

/** A world with nothing in it. Fill it with the functions of populate.ts. */
export function emptyWorld(options: { readonly seed?: number; readonly clock?: EmulatedClock } = {}): World {
  const seed = options.seed ?? 1;
  const listeners = new Set<() => void>();
  let version = 0;
  return {
    seed,
    clock: options.clock ?? new EmulatedClock(),
    tenants: new Map(),
    accounts: new Map(),
    subscriptions: new Map(),
    resourceGroups: new Map(),
    workspaces: new Map(),
    deletedWorkspaces: new Map(),
    resources: new Map(),
    deployments: new Map(),
    queryPacks: new Map(),
    stores: new Map(),
    logicApps: new Map(),
    alerting: new Map(),
    partners: new Map(),
    governance: new Map(),
    standardTables: new Map(),
    roleAssignments: [],
    delegations: [],
    diagnosticSettings: [],
    collectionAssociations: [],
    locks: [],
    activityLog: [],
    get version() {
      return version;
    },
    touch() {
      version++;
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    guid: (...words) => seededGuid(seed, ...words),
  };
}

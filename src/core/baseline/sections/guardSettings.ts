import type { WantedDelegation } from '../handlers/delegationJudge.ts';
import type { WantedLock } from '../handlers/lockHandler.ts';
import { placeOf } from '../setting.ts';
import type { CustomerWorld, Setting } from '../setting.ts';

/** Locks of workspaces, their resource groups and subscriptions, each once. */
export function lockSettings(world: CustomerWorld): readonly Setting[] {
  return Object.entries(world.baseline.locks ?? {}).flatMap(([name, { on, level, notes }]) => {
    const seen = new Set<string>();
    return world.workspaces.flatMap(({ workspace, issuer }): Setting[] => {
      const { subscription, subscriptionName, resourceGroup, tenant } = workspace;
      const group = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`;
      const [scope, scopeName] = {
        workspace: [workspace.armId, `workspace ${workspace.name}`] as const,
        resourceGroup: [group, `resource group ${resourceGroup}`] as const,
        subscription: [`/subscriptions/${subscription}`, `subscription ${subscriptionName}`] as const,
      }[on];
      if (seen.has(scope.toLowerCase())) return [];
      seen.add(scope.toLowerCase());
      const target = `${scope}/providers/Microsoft.Authorization/locks/${name}`;
      const wanted: WantedLock = {
        scope,
        scopeName,
        name,
        lock: { level, ...(notes === undefined ? {} : { notes }) },
        delegated: issuer.tenant !== tenant,
      };
      return [
        {
          ...placeOf(world, 'locks', name, scopeName, target),
          issuer,
          owner: tenant,
          intent: { id: `lock ${target}`, resource: 'lock', target, wanted },
          list: { kind: 'locks', issuer, subscription },
        },
      ];
    });
  });
}

/** What each subscription of the customer delegates. */
export function delegationSettings(world: CustomerWorld): readonly Setting[] {
  const all = Object.entries(world.baseline.delegations ?? {});
  const alsoAgreed = (name: string, manager: string): WantedDelegation['authorizations'] =>
    all.flatMap(([other, { managedBy, authorizations }]) =>
      other !== name && managedBy.toLowerCase() === manager.toLowerCase() ? authorizations : [],
    );
  return all.flatMap(([name, delegation]) =>
    world.subscriptions.map(({ id, name: subscriptionName, issuer, tenant }): Setting => {
      const target = `/subscriptions/${id}`;
      const wanted: WantedDelegation = {
        ...delegation,
        name,
        subscriptionName,
        alsoAgreed: alsoAgreed(name, delegation.managedBy),
      };
      return {
        ...placeOf(world, 'delegations', name, `subscription ${subscriptionName}`, target),
        issuer,
        owner: tenant,
        intent: { id: `delegation ${name} ${target}`, resource: 'agreedDelegation', target, wanted },
        list: { kind: 'delegations', issuer },
      };
    }),
  );
}

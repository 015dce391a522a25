import type { TenantId } from '../../../model/ids.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { Tags } from '../../../ports/tags.ts';
import type { WantedTags } from '../handlers/tagsHandler.ts';
import { placeOf } from '../setting.ts';
import type { CustomerWorld, Setting } from '../setting.ts';

/** Tags of the customer's subscriptions, and of the resource groups that have its workspaces, each once. */
export function tagSettings(world: CustomerWorld): readonly Setting[] {
  const { subscriptions = {}, resourceGroups = {} } = world.baseline.tags ?? {};
  const groups = new Map(
    world.workspaces.map(({ workspace, issuer }) => {
      const { subscription, resourceGroup, tenant } = workspace;
      const target = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`;
      return [
        target.toLowerCase(),
        { target, name: `resource group ${resourceGroup}`, issuer, owner: tenant },
      ] as const;
    }),
  );
  return [
    ...world.subscriptions.flatMap(({ id, name, issuer, tenant }) =>
      setting(
        world,
        { target: `/subscriptions/${id}`, name: `subscription ${name}`, issuer, owner: tenant },
        subscriptions,
      ),
    ),
    ...[...groups.values()].flatMap((group) => setting(world, group, resourceGroups)),
  ];
}

interface Tagged {
  readonly target: string;
  /** For people. */
  readonly name: string;
  readonly issuer: Issuer;
  readonly owner: TenantId;
}

function setting(world: CustomerWorld, { target, name, issuer, owner }: Tagged, tags: Tags): readonly Setting[] {
  if (Object.keys(tags).length === 0) return [];
  const wanted: WantedTags = { scopeName: name, tags };
  return [
    {
      ...placeOf(world, 'tags', 'tags', name, target),
      issuer,
      owner,
      intent: { id: `tags ${target}`, resource: 'tags', target, wanted },
      list: { kind: 'containers', issuer },
    },
  ];
}

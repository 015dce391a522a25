import type { Workspace } from '../../../model/estate.ts';
import type { WorkspaceChange } from '../../../model/plan.ts';
import { wantWorkspace } from '../../provision/workspaceWanted.ts';
import type { WantedFeatures } from '../handlers/featuresHandler.ts';
import type { WantedTable } from '../handlers/tableHandler.ts';
import { placeOf } from '../setting.ts';
import type { CustomerWorld, Setting } from '../setting.ts';

/** Settings, switches and tables of every workspace of a customer. */
export function workspaceSettings(world: CustomerWorld): readonly Setting[] {
  return world.workspaces.flatMap(({ workspace, issuer }) => {
    const { armId, name, tenant } = workspace;
    const where = `workspace ${name}`;
    const common = { issuer, owner: tenant, workspace };
    const change = changeOf(workspace, world);
    const features = featuresOf(world);
    const settings: Setting[] = [];
    if (change)
      settings.push({
        ...placeOf(world, 'workspace', 'settings', where, armId),
        ...common,
        // Of two workspaces in one plan both may have this name.
        intent: { ...wantWorkspace(armId, { kind: 'settings', change }), id: `workspace ${armId}` },
        list: { kind: 'estate' },
      });
    if (Object.keys(features).length > 0)
      settings.push({
        ...placeOf(world, 'workspace', 'features', where, armId),
        ...common,
        intent: {
          id: `features ${armId}`,
          resource: 'workspaceFeatures',
          target: armId,
          wanted: { ...features, workspace: name } satisfies WantedFeatures,
        },
        list: { kind: 'configurations', issuer },
      });
    for (const [table, wanted] of Object.entries(world.baseline.tables ?? {})) {
      const target = `${armId}/tables/${table}`;
      settings.push({
        ...placeOf(world, 'tables', table, where, target),
        ...common,
        intent: {
          id: `table ${target}`,
          resource: 'table',
          target,
          wanted: {
            ...wanted,
            name: table,
            workspace: name,
            ...(change?.retentionDays === undefined ? {} : { workspaceDays: change.retentionDays }),
          } satisfies WantedTable,
        },
        list: { kind: 'tables', issuer, workspace: armId },
      });
    }
    return settings;
  });
}

function changeOf(workspace: Workspace, { baseline }: CustomerWorld): WorkspaceChange | undefined {
  const { retentionDays, dailyCapGb, tags = {} } = baseline.workspace ?? {};
  const change = {
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(dailyCapGb === undefined ? {} : { dailyCapGb: dailyCapGb === 'none' ? null : dailyCapGb }),
    ...(Object.keys(tags).length === 0 ? {} : { tags: withTags(workspace.tags, tags) }),
  };
  return Object.keys(change).length === 0 ? undefined : { workspace: workspace.key, ...change };
}

/** Tags that are there stay; Azure compares their names without case. */
function withTags(
  there: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(wanted).map((name) => name.toLowerCase()));
  const kept = Object.entries(there).filter(([name]) => !names.has(name.toLowerCase()));
  return Object.fromEntries([...kept, ...Object.entries(wanted)]);
}

function featuresOf({ baseline }: CustomerWorld): Omit<WantedFeatures, 'workspace'> {
  const { sku, commitmentGb, features = {} } = baseline.workspace ?? {};
  const tier = sku ?? (commitmentGb === undefined ? undefined : 'CapacityReservation');
  return {
    ...(tier === undefined ? {} : { sku: tier }),
    ...(commitmentGb === undefined || tier === 'PerGB2018' ? {} : { commitmentGb }),
    ...features,
  };
}

import type { MachineFact } from '../../../model/assessment/facts.ts';
import type { BaselineCollectionRule } from '../../../model/baseline.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { Intent } from '../../changes/changeHandler.ts';
import { wantResourceProvider } from '../../provision/resourceProviderHandler.ts';
import type { WantedAgentRule } from '../handlers/agentRuleHandler.ts';
import type { WantedAssociation } from '../handlers/collectionAssociationHandler.ts';
import { placeOf } from '../setting.ts';
import type { CustomerWorld, Setting, Wanted } from '../setting.ts';

/** Rules for agents beside the main workspace of each tenant, and the machines of that tenant that follow them. */
export function collectionSettings(world: CustomerWorld): Wanted {
  const settings: Setting[] = [];
  const unknown: Wanted['unknown'][number][] = [];
  for (const [name, rule] of Object.entries(world.baseline.collectionRules ?? {}))
    for (const [tenant, main] of world.mains) {
      const machines = machinesOf(world, tenant, rule.machines);
      const isNeeded = world.workspaces.some(({ workspace }) => workspace.tenant === tenant) || machines.length > 0;
      if (!main.ok) {
        if (isNeeded) unknown.push({ ...placeOf(world, 'collectionRules', name, 'its workspace'), error: main.error });
        continue;
      }
      const { workspace, issuer } = main.value;
      const target = `/subscriptions/${workspace.subscription}/resourceGroups/${workspace.resourceGroup}/providers/Microsoft.Insights/dataCollectionRules/${name}`;
      settings.push({
        ...placeOf(world, 'collectionRules', name, `resource group ${workspace.resourceGroup}`, target),
        issuer,
        owner: workspace.tenant,
        intent: ruleIntent(name, target, rule, workspace),
        list: { kind: 'agentRules', issuer },
      });
      if (rule.machines !== undefined && !world.machines.ok)
        unknown.push({ ...placeOf(world, 'collectionRules', name, 'its machines'), error: world.machines.error });
      settings.push(...machines.flatMap((machine) => association(world, machine, name, target)));
    }
  return { settings, unknown };
}

function machinesOf(
  { machines, subscriptions }: CustomerWorld,
  tenant: TenantId,
  which: BaselineCollectionRule['machines'],
): readonly MachineFact[] {
  if (which === undefined || !machines.ok) return [];
  const inside = new Set(subscriptions.filter((one) => one.tenant === tenant).map(({ id }) => id));
  return machines.value.filter((machine) => inside.has(machine.subscription) && isMeant(machine, which));
}

function ruleIntent(
  name: string,
  target: string,
  { windowsEvents, syslog, performance }: BaselineCollectionRule,
  workspace: { readonly armId: string; readonly region: string },
): Intent<WantedAgentRule> {
  return {
    id: `rule ${target}`,
    resource: 'agentRule',
    target,
    wanted: {
      name,
      region: workspace.region,
      workspace: workspace.armId,
      sources: {
        ...(windowsEvents ? { windowsEvents } : {}),
        ...(syslog ? { syslog } : {}),
        ...(performance ? { performance } : {}),
      },
    },
  };
}

function isMeant({ arc }: MachineFact, which: NonNullable<BaselineCollectionRule['machines']>): boolean {
  return which === 'all' || (which === 'arc') === arc;
}

function association(world: CustomerWorld, machine: MachineFact, name: string, rule: string): readonly Setting[] {
  const place = world.subscriptions.find(({ id }) => id === machine.subscription);
  if (!place) return [];
  const target = `${machine.id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${name}`;
  const intent: Intent<WantedAssociation> = {
    id: `association ${target}`,
    resource: 'collectionAssociation',
    target,
    // In one plan the rule comes first.
    after: [`rule ${rule}`],
    wanted: { machine: machine.name, rule },
  };
  return [
    {
      ...placeOf(world, 'collectionRules', `${name} on ${machine.name}`, `machine ${machine.name}`, target),
      issuer: place.issuer,
      owner: place.tenant,
      intent,
      list: { kind: 'rules', issuer: place.issuer },
    },
  ];
}

/** The provider that rules and associations of a subscription need. */
export function insightsProvider(subscription: Parameters<typeof wantResourceProvider>[0]['subscription']): Intent {
  const intent = wantResourceProvider({ subscription, namespace: 'Microsoft.Insights' });
  return { ...intent, id: `${intent.id} ${subscription}` };
}

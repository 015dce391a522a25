import { toAppError } from '../../../base/errors.ts';
import { SecretText } from '../../../base/secretText.ts';
import type { AlertDefinition } from '../../../model/alert.ts';
import type { BaselineAlert } from '../../../model/baseline.ts';
import type { Workspace } from '../../../model/estate.ts';
import { EVERYTHING } from '../../../model/scope.ts';
import type { WantedActionGroup } from '../../alerts/actionGroupHandler.ts';
import type { WantedRule } from '../../alerts/ruleHandler.ts';
import { ruleName, toAlertRule } from '../../alerts/toAlertRule.ts';
import { placeOf } from '../setting.ts';
import type { CustomerWorld, Setting, Wanted } from '../setting.ts';

/** Action groups in each resource group with a workspace, and the alert rules of each workspace. */
export function alertSettings(world: CustomerWorld): Wanted {
  const { alerts = {} } = world.baseline;
  const groups = groupSettings(world);
  const settings: Setting[] = [];
  const unknown: Wanted['unknown'][number][] = [];
  for (const { workspace, issuer } of world.workspaces)
    for (const [name, alert] of Object.entries(alerts)) {
      const folder = `${groupOf(workspace)}/providers/Microsoft.Insights`;
      const definition = definitionOf(name, alert);
      const target = `${folder}/scheduledQueryRules/${ruleName(definition, workspace)}`;
      const place = placeOf(world, 'alerts', name, `workspace ${workspace.name}`, target);
      const actionGroups = (alert.actionGroups ?? []).map((group) => `${folder}/actionGroups/${group}`);
      try {
        const rule = toAlertRule(definition, workspace, { actionGroups, customerName: world.customer.name });
        settings.push({
          ...place,
          issuer,
          owner: workspace.tenant,
          intent: {
            id: `alert ${target}`,
            resource: 'scheduledQueryRule',
            target,
            after: actionGroups.map((group) => `group ${group}`),
            wanted: { ...rule, name: ruleName(definition, workspace), place: workspace.name } satisfies WantedRule,
          },
          list: { kind: 'alerting', issuer },
        });
      } catch (thrown) {
        unknown.push({ ...place, error: toAppError(thrown).toData() });
      }
    }
  return { settings: [...groups, ...settings], unknown };
}

function groupSettings(world: CustomerWorld): readonly Setting[] {
  const seen = new Set<string>();
  return world.workspaces.flatMap(({ workspace, issuer }) =>
    Object.entries(world.baseline.actionGroups ?? {}).flatMap(([name, { shortName, webhooks }]): Setting[] => {
      const target = `${groupOf(workspace)}/providers/Microsoft.Insights/actionGroups/${name}`;
      if (seen.has(target.toLowerCase())) return [];
      seen.add(target.toLowerCase());
      const wanted: WantedActionGroup = {
        name,
        groupShortName: shortName,
        enabled: true,
        webhookReceivers: Object.entries(webhooks).map(([receiver, address]) => ({
          name: receiver,
          serviceUri: new SecretText(address, 'serviceUri'),
        })),
      };
      return [
        {
          ...placeOf(world, 'actionGroups', name, `resource group ${workspace.resourceGroup}`, target),
          issuer,
          owner: workspace.tenant,
          intent: { id: `group ${target}`, resource: 'actionGroup', target, wanted },
          list: { kind: 'alerting', issuer },
        },
      ];
    }),
  );
}

function groupOf({ armId }: Workspace): string {
  return armId.replace(/\/providers\/Microsoft\.OperationalInsights\/.*$/i, '');
}

function definitionOf(name: string, alert: BaselineAlert): AlertDefinition {
  const { query, threshold, description, severity = 2, every = 15, window = every, identity = false } = alert;
  const { measure = 'count', column, comparison = '>', periods = 1, failing = 1 } = alert;
  const { dimensions = [], lookBack, autoResolve = true } = alert;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    query,
    scope: EVERYTHING,
    everyMinutes: every,
    windowMinutes: window,
    // Of a rule nobody asks: it is evaluated where it lies.
    latenessMinutes: 0,
    ...(lookBack === undefined ? {} : { lookBackMinutes: lookBack }),
    severity,
    condition: {
      measure,
      ...(column === undefined ? {} : { column }),
      comparison,
      threshold,
      periods,
      failing,
    },
    dimensions: dimensions.map(({ column: of, values = [], exclude = false }) => ({ column: of, values, exclude })),
    autoResolve,
    identity,
    actionGroups: [],
    deliveries: [],
  };
}

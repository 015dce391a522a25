import type { Difference } from '../../model/plan.ts';
import type { ActionGroup, AlertsPort } from '../../ports/alerts.ts';
import type { ChangeHandler, Effect } from '../changes/changeHandler.ts';
import { templateText } from '../changes/export.ts';

/** What is wanted of an action group. */
export interface WantedActionGroup extends ActionGroup {
  readonly name: string;
}

const TYPE = 'Microsoft.Insights/actionGroups';
const API_VERSION = '2023-01-01';

/** Action groups with webhooks, as plans change them. Receivers of other kinds are others' business. */
export function actionGroupHandler(
  port: Pick<AlertsPort, 'actionGroup' | 'putActionGroup'>,
): ChangeHandler<WantedActionGroup, ActionGroup> {
  return {
    resource: 'actionGroup',
    noun: 'action group',
    read: ({ target }, { issuer, signal }) => port.actionGroup(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const detail = `It calls ${webhooks(wanted)}`;
      if (!now) return { action: 'create', title: `Create action group ${wanted.name}`, detail, differences: [] };
      const differences = differencesOf(now, wanted);
      if (differences.length === 0)
        return { action: 'none', title: `Action group ${wanted.name} is there already`, detail, differences };
      return {
        action: 'update',
        title: `Change action group ${wanted.name}`,
        detail,
        differences,
        basis: JSON.stringify(now),
      };
    },
    apply: ({ target, wanted }, _action, { issuer, signal }) => port.putActionGroup(issuer, target, wanted, signal),
    verify: ({ wanted }, now) => {
      if (!now) return { state: 'pending', what: `action group ${wanted.name} is not shown yet` };
      const [different] = differencesOf(now, wanted);
      return different
        ? {
            state: 'different',
            message: `The service keeps other ${different.name.toLowerCase()} of action group ${wanted.name} than were sent.`,
          }
        : { state: 'verified' };
    },
    describe: ({ wanted }, now) => now && `action group ${wanted.name}`,
    commands: ({ target, wanted: { name, groupShortName, webhookReceivers } }) => [
      [
        ...['monitor', 'action-group', 'create', '--name', name],
        ...['--resource-group', /\/resourceGroups\/([^/]+)/i.exec(target)?.[1] ?? '', '--short-name', groupShortName],
        ...webhookReceivers.flatMap((one) => [
          ...['--action', 'webhook', one.name, one.serviceUri, 'usecommonalertschema'],
        ]),
      ],
    ],
    templateResources: ({ wanted: { name, groupShortName, enabled, webhookReceivers } }) => [
      {
        type: TYPE,
        apiVersion: API_VERSION,
        name,
        location: 'Global',
        properties: {
          groupShortName: templateText(groupShortName),
          enabled,
          webhookReceivers: webhookReceivers.map((one) => ({
            name: templateText(one.name),
            serviceUri: one.serviceUri,
            useCommonAlertSchema: true,
          })),
        },
      },
    ],
  };
}

function differencesOf(now: ActionGroup, wanted: ActionGroup): readonly Difference[] {
  const settings: readonly (readonly [name: string, before: string, after: string])[] = [
    ['Short name', now.groupShortName, wanted.groupShortName],
    ['Enabled', now.enabled ? 'yes' : 'no', wanted.enabled ? 'yes' : 'no'],
    ['Webhooks', webhooks(now), webhooks(wanted)],
  ];
  return settings
    .filter(([, before, after]) => before !== after)
    .map(([name, before, after]): Difference => ({ name, before: before || 'none', after: after || 'none' }));
}

function webhooks({ webhookReceivers }: ActionGroup): string {
  return webhookReceivers
    .map(({ name, serviceUri }) => `${name} at ${String(serviceUri)}`)
    .sort()
    .join(', ');
}

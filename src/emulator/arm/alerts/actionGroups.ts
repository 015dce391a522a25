import type { ActionGroup, TestNotification, WebhookReceiver } from '../../alerting.ts';
import { groupScope, key } from '../../armId.ts';
import { armError } from '../../router.ts';
import type { World } from '../../state.ts';
import type { ArmCall, ArmGate } from '../gate.ts';
import { addLists, pathInGroup } from '../resourceLists.ts';
import { resourceNotFound } from '../workspaceBody.ts';
import { readInput } from '../workspaces.ts';
import { groupBody } from './bodies.ts';
import { testPayload } from './payload.ts';
import type { PostWebhook } from './webhooks.ts';

const TYPE = 'Microsoft.Insights/actionGroups';
const IN_GROUP = pathInGroup(TYPE);

/** Kinds of receiver there are; a body that leaves one out gets it empty. */
const RECEIVERS = [
  'emailReceivers',
  'smsReceivers',
  'webhookReceivers',
  'itsmReceivers',
  'azureAppPushReceivers',
  'automationRunbookReceivers',
  'voiceReceivers',
  'logicAppReceivers',
  'azureFunctionReceivers',
  'armRoleReceivers',
  'eventHubReceivers',
] as const;
const MOST_WEBHOOKS = 10;

type Input = { readonly location?: string; readonly tags?: Record<string, string>; readonly properties?: object };

/**
 * Action groups and their tests, as in azure-rest-api-specs, monitor 2023-01-01 (getActionGroup.json,
 * postTestNotificationsAtActionGroupResourceLevel.json, getTestNotificationsAtActionGroupResourceLevel.json). Of the
 * receivers only webhooks are acted on.
 */
export function registerActionGroups(gate: ArmGate, post: PostWebhook): void {
  const { world } = gate;
  const read = { type: TYPE, action: `${TYPE}/read` };
  addLists(gate, TYPE, {
    all: () => [...world.alerting.values()].filter((one) => one.kind === 'group'),
    idOf: ({ id }) => id,
    bodyOf: groupBody,
  });
  gate.add('GET', `${IN_GROUP}/{group}`, read, (call) => ({ status: 200, body: groupBody(groupOf(world, call)) }));
  gate.add('PUT', `${IN_GROUP}/{group}`, { type: TYPE, action: `${TYPE}/write` }, (call) => {
    const { ctx } = call;
    const input = readInput<Input>(ctx.json(), ctx.body);
    const properties = (input.properties ?? {}) as ActionGroup['properties'];
    checkInput(input, properties);
    const id = idOf(call);
    const known = world.alerting.get(key(id));
    const group: ActionGroup = {
      kind: 'group',
      id: known?.id ?? id,
      name: ctx.params['group']!,
      tags: input.tags ?? {},
      properties: { enabled: true, ...Object.fromEntries(RECEIVERS.map((name) => [name, []])), ...properties },
    };
    world.alerting.set(key(id), group);
    world.touch();
    return { status: known ? 200 : 201, body: groupBody(group) };
  });
  gate.add('DELETE', `${IN_GROUP}/{group}`, { type: TYPE, action: `${TYPE}/delete` }, (call) => {
    const had = world.alerting.delete(key(idOf(call)));
    world.touch();
    return { status: had ? 200 : 204 };
  });
  registerTests(gate, post);
}

function registerTests(gate: ArmGate, post: PostWebhook): void {
  const { world } = gate;
  gate.add(
    'POST',
    `${IN_GROUP}/{group}/createNotifications`,
    { type: TYPE, action: `${TYPE}/createNotifications/write` },
    async (call) => {
      const { ctx } = call;
      const { name } = groupOf(world, call);
      const input = readInput<{ alertType?: string; webhookReceivers?: WebhookReceiver[] }>(ctx.json(), ctx.body);
      const receivers = input.webhookReceivers ?? [];
      if (!input.alertType) throw invalid('The alert type of the test notification is missing.');
      if (receivers.length === 0) throw invalid('The test notification has no receiver.');
      const number = String(world.alerting.size + 11_000_222_191_000);
      const id = `${idOf(call)}/notificationStatus/${number}`;
      const notification: TestNotification = {
        kind: 'notification',
        id,
        createdTime: offsetTime(world),
        contextType: CONTEXTS[input.alertType.toLowerCase()] ?? 'Microsoft.Insights/Budget',
        actionDetails: [],
      };
      world.alerting.set(key(id), notification);
      for (const { name: receiver, serviceUri } of receivers) {
        const status = await post(serviceUri, testPayload(world, name));
        notification.actionDetails.push({
          MechanismType: 'Webhook',
          Name: receiver,
          Status: status >= 200 && status < 300 ? 'Completed' : 'Failed',
          SubState: 'Default',
          SendTime: offsetTime(world),
          Detail: status >= 200 && status < 300 ? null : status === 0 ? 'No answer' : `HTTP ${status}`,
        });
      }
      notification.completedTime = offsetTime(world);
      world.touch();
      return { status: 202, headers: { location: `${ctx.origin}${id}?api-version=${call.apiVersion}` } };
    },
  );
  gate.add('GET', `${IN_GROUP}/{group}/notificationStatus/{id}`, { type: TYPE, action: `${TYPE}/read` }, (call) => {
    const found = world.alerting.get(key(`${idOf(call)}/notificationStatus/${call.ctx.params['id']!}`));
    if (found?.kind !== 'notification') throw resourceNotFound(TYPE, call.ctx.params['resourceGroup']!);
    const { contextType, createdTime, completedTime, actionDetails } = found;
    return {
      status: 200,
      body: {
        context: { contextType, notificationSource: 'Microsoft.Insights/TestNotification' },
        state: actionDetails.some(({ Status }) => Status === 'Failed') ? 'Failed' : 'Completed',
        createdTime,
        completedTime,
        actionDetails,
      },
    };
  });
}

const CONTEXTS: Readonly<Record<string, string>> = {
  budget: 'Microsoft.Insights/Budget',
  logalertv2: 'Microsoft.Insights/LogAlertV2',
};

function checkInput({ location }: Input, { groupShortName, webhookReceivers = [] }: ActionGroup['properties']): void {
  if (!location) throw armError(400, 'LocationRequired', 'The location property is required for this definition.');
  if (!groupShortName || groupShortName.length > 12)
    throw invalid('The short name of an action group is required, and has at most 12 characters.');
  if (webhookReceivers.length > MOST_WEBHOOKS)
    throw invalid(`An action group has at most ${MOST_WEBHOOKS} webhook receivers.`);
  const names = webhookReceivers.map(({ name }) => name.toLowerCase());
  if (new Set(names).size < names.length) throw invalid('The names of the receivers of an action group are unique.');
  for (const { name, serviceUri } of webhookReceivers)
    if (!name || !URL.canParse(serviceUri) || !/^https?:/i.test(serviceUri))
      throw invalid(`The service URI of the webhook receiver '${name}' is not a valid address.`);
}

function invalid(message: string): Error {
  return armError(400, 'BadRequest', message);
}

function idOf({ ctx }: ArmCall): string {
  const { subscriptionId, resourceGroup, group } = ctx.params;
  // The service writes its own namespace in lower case, as the examples have it.
  return `${groupScope(subscriptionId!, resourceGroup!)}/providers/microsoft.insights/actionGroups/${group!}`;
}

function groupOf(world: World, call: ArmCall): ActionGroup {
  const found = world.alerting.get(key(idOf(call)));
  if (found?.kind === 'group') return found;
  throw resourceNotFound(`${TYPE}/${call.ctx.params['group']!}`, call.ctx.params['resourceGroup']!);
}

/** Times here have an offset instead of a Z. */
function offsetTime(world: World): string {
  return world.clock.iso().replace('Z', '+00:00');
}

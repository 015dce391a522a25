import type { CancelSignal } from '../../../base/cancel.ts';
import { AppError } from '../../../base/errors.ts';
import type { AlertUserState } from '../../../model/firedAlert.ts';
import type {
  ActionGroup,
  AlertRule,
  AlertsPort,
  NotificationOutcome,
  WebhookReceiver,
} from '../../../ports/alerts.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { READ_DEADLINE_MS, callAzure } from '../../calls.ts';
import type { AzureClients } from '../../clients.ts';
import { subjectOf } from '../../errors/subject.ts';
import { toList, toObject, toText } from '../assess/wire.ts';
import type { ResourceDoor } from '../resourceDoor.ts';
import { actionGroupBody, receiverBody, ruleBody, toActionGroup, toRule } from './alertsWire.ts';

const RULES = '2025-01-01-preview';
const GROUPS = '2023-01-01';
const INSTANCES = '2025-05-25-preview';

/** Pause between two looks at a test, and how long one may take. */
const LOOK_MS = 2_000;
const LOOKS = 45;

/** What an ARM id that is not ours to choose may look like before a token goes along with it. */
const ALERT_ID =
  /^\/subscriptions\/[0-9a-f-]{36}(?:\/[^?#]*)?\/providers\/Microsoft\.AlertsManagement\/alerts\/[0-9a-f-]{36}$/i;

type Abort = { readonly abortSignal: AbortSignal };

/** Alert rules, action groups and what fired. */
export class AlertsClient implements AlertsPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  async rule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<AlertRule | undefined> {
    return this.at(issuer, armId, signal, async (door, abort) => {
      const found = await orAbsent(door.get(armId, RULES, abort));
      return found === undefined ? undefined : toRule(toObject(found));
    });
  }

  async putRule(issuer: Issuer, armId: string, rule: AlertRule, signal?: CancelSignal): Promise<void> {
    await this.at(issuer, armId, signal, async (door, abort) => {
      await door.send('PUT', armId, RULES, ruleBody(rule, await orAbsent(door.get(armId, RULES, abort))), abort);
    });
  }

  async actionGroup(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<ActionGroup | undefined> {
    return this.at(issuer, armId, signal, async (door, abort) => {
      const found = await orAbsent(door.get(armId, GROUPS, abort));
      return found === undefined ? undefined : toActionGroup(toObject(found));
    });
  }

  async putActionGroup(issuer: Issuer, armId: string, group: ActionGroup, signal?: CancelSignal): Promise<void> {
    await this.at(issuer, armId, signal, async (door, abort) => {
      await door.send(
        'PUT',
        armId,
        GROUPS,
        actionGroupBody(group, await orAbsent(door.get(armId, GROUPS, abort))),
        abort,
      );
    });
  }

  async testActionGroup(
    issuer: Issuer,
    armId: string,
    receivers: readonly WebhookReceiver[],
    signal?: CancelSignal,
  ): Promise<readonly NotificationOutcome[]> {
    const body = {
      alertType: 'logalertv2',
      webhookReceivers: receivers.map(receiverBody),
    };
    return this.at(issuer, armId, signal, async (door, abort) => {
      const status = await door.start(`${armId}/createNotifications`, GROUPS, body, abort);
      if (status === undefined)
        throw new AppError('service.badAnswer', 'The test was sent, and the service does not tell what became of it.');
      for (let look = 1; ; look++) {
        const told = toObject(await door.get(status, GROUPS, abort));
        if (/^(?:Completed|Failed|Success|Canceled)$/i.test(toText(told['state']))) return toOutcomes(told);
        if (look === LOOKS)
          throw new AppError('service.timeout', 'The test was sent; what became of it was not told in time.');
        await pause(this.clients.settings.pollMs ?? LOOK_MS, abort.abortSignal);
      }
    });
  }

  async changeState(
    issuer: Issuer,
    alertId: string,
    state: AlertUserState,
    comment: string | undefined,
    signal?: CancelSignal,
  ): Promise<void> {
    if (!ALERT_ID.test(alertId)) throw new AppError('input.alert', 'This is not the resource id of an alert.');
    await this.at(issuer, alertId, signal, async (door, abort) => {
      const path = `${alertId}/changestate?newState=${state}`;
      await door.send('POST', path, INSTANCES, comment === undefined ? {} : { comment }, abort);
    });
  }

  private at<T>(
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
    call: (door: ResourceDoor, abort: Abort) => Promise<T>,
  ): Promise<T> {
    return callAzure(
      { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => call(await this.clients.anyResource(issuer), abort),
    );
  }
}

function toOutcomes(told: ReturnType<typeof toObject>): readonly NotificationOutcome[] {
  return toList(told['actionDetails']).map((one) => {
    const detail = toObject(one);
    const status = toText(detail['Status']);
    return {
      receiver: toText(detail['Name']),
      ok: /^(?:Completed|Succeeded|Success)$/i.test(status),
      detail: toText(detail['Detail']) || status,
    };
  });
}

/** What is not there is no failure of reading it. */
async function orAbsent(reading: Promise<unknown>): Promise<unknown> {
  try {
    return await reading;
  } catch (thrown) {
    const { response } = thrown as { response?: { status?: number; bodyAsText?: string | null } };
    // A group or subscription that is gone is another matter: nothing can be made there.
    if (response?.status === 404 && !/ResourceGroupNotFound|SubscriptionNotFound/.test(response.bodyAsText ?? ''))
      return undefined;
    throw thrown;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

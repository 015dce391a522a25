import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import { toSubscriptionId } from '../../../model/ids.ts';
import { ENTRA_SCOPE } from '../../../ports/baseline.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { ListedRole, OwnRolesPort, SendingNow, SendingPort, SettingBody } from '../../../ports/leaving.ts';
import { callAzure, READ_DEADLINE_MS } from '../../calls.ts';
import type { AzureClients } from '../../clients.ts';
import { subjectOf } from '../../errors/subject.ts';
import { DIAGNOSTICS } from '../assess/diagnosticSettings.ts';
import { SUBSCRIPTION_LISTS, toRoles } from '../assess/subscriptionLists.ts';
import { toObject, toText } from '../assess/wire.ts';
import type { ResourceDoor } from '../resourceDoor.ts';
import { settingBody, toCollection, toSetting } from './sendingWire.ts';

const RULES = '2024-03-11';
const ENTRA = '2017-04-01';

/** Roles that decide about roles: who removes its own last one removes nothing after it. */
const ACCESS_ROLES: ReadonlySet<string> = new Set([
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
]);

/** What is looked at and ended when a customer is let go: what sends, and who of ours has which role. */
export class LeavingClient implements SendingPort, OwnRolesPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  async sending(
    issuer: Issuer,
    armId: string,
    without: readonly string[],
    signal?: CancelSignal,
  ): Promise<SendingNow | undefined> {
    const gone = new Set(without.map((id) => id.toLowerCase()));
    const wire = await this.read(issuer, armId, signal);
    if (wire === undefined) return undefined;
    return isRule(armId) ? toCollection(wire, gone) : toSetting(wire, gone);
  }

  putSending(issuer: Issuer, armId: string, body: object, signal?: CancelSignal): Promise<void> {
    return this.at(issuer, armId, signal, (door, abort) => door.send('PUT', armId, versionOf(armId), body, abort));
  }

  async restoreSetting(
    issuer: Issuer,
    armId: string,
    workspace: string,
    body: SettingBody,
    signal?: CancelSignal,
  ): Promise<void> {
    const there = await this.read(issuer, armId, signal);
    const properties = toObject(toObject(there)['properties']);
    await this.putSending(issuer, armId, settingBody(properties, workspace, body), signal);
  }

  removeSending(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void> {
    return this.at(issuer, armId, signal, (door, abort) => door.remove(armId, versionOf(armId), abort));
  }

  roleAssignments(issuer: Issuer, subscription: string, signal?: CancelSignal): Promise<readonly ListedRole[]> {
    const { path, apiVersion } = SUBSCRIPTION_LISTS.roles;
    const scope = `/subscriptions/${subscription}`;
    return callAzure(
      { subject: subjectOf(scope, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => {
        const { items } = await (await this.clients.armReads(issuer)).list(`${scope}${path}`, apiVersion, abort);
        return toRoles(items, toSubscriptionId(subscription)).map(({ principalId, roleName, roleId }, at) => {
          const { id, properties } = toObject(items[at]);
          return {
            armId: toText(id),
            scope: toText(toObject(properties)['scope']),
            principalId,
            roleName,
            givesAccess: ACCESS_ROLES.has(roleId),
          };
        });
      },
    );
  }

  ownObjectId(issuer: Issuer): Promise<string | undefined> {
    return this.clients.objectIdOf(issuer);
  }

  private async read(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<unknown> {
    try {
      return await this.at(issuer, armId, signal, (door, abort) => door.get(armId, versionOf(armId), abort));
    } catch (thrown) {
      if (toAppError(thrown).code === 'access.notFound') return undefined;
      throw thrown;
    }
  }

  private at<T>(
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
    call: (door: ResourceDoor, abort: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    return callAzure(
      { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => call(await this.clients.anyResource(issuer), abort),
    );
  }
}

function isRule(armId: string): boolean {
  return /\/providers\/microsoft\.insights\/datacollectionrules\/[^/]+$/i.test(armId);
}

function versionOf(armId: string): string {
  if (isRule(armId)) return RULES;
  return armId.toLowerCase().startsWith(`${ENTRA_SCOPE}/`) ? ENTRA : DIAGNOSTICS.apiVersion;
}

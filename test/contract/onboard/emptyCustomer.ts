import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { installAgent } from '../../../src/emulator/ingestion/agentSources.ts';
import { partnerOf } from '../../../src/emulator/msgraph/partner.ts';
import { addSubscription, addTenant, addUser, assignRole } from '../../../src/emulator/populate.ts';
import { addResource } from '../../../src/emulator/populateFlows.ts';
import { ROLES } from '../../../src/emulator/roles.ts';
import type { Subscription, Tenant } from '../../../src/emulator/state.ts';
import { toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { ComingCustomer } from '../../../src/model/onboarding.ts';
import { ask, form, userToken } from '../emulator/smallEstate.ts';
import type { MemoryFolder } from './memoryFolder.ts';

/**
 * A customer's tenant with a subscription, two machines with an agent that follow nothing, and its administrator, who
 * does over the wire what was handed over, and nothing else.
 */
export interface EmptyCustomer {
  readonly tenant: Tenant;
  readonly subscription: Subscription;
  readonly coming: ComingCustomer;
  /** Does all that the texts of this folder ask for, each person the own part of it. */
  consent(folder: Pick<MemoryFolder, 'text'>): Promise<void>;
}

/** Adds one; `access` with what belongs to it, Azure Lighthouse unless given. */
export function addCustomer(
  emulator: Emulator,
  name: string,
  access: Pick<ComingCustomer, 'access' | 'application' | 'guests'> = { access: 'lighthouse' },
): EmptyCustomer {
  const { world } = emulator;
  const key = name.toLowerCase();
  const tenant = addTenant(world, { displayName: name, domain: `${key}.example` });
  const subscription = addSubscription(world, { tenant, displayName: name });
  subscription.providers['microsoft.operationalinsights'] = 'NotRegistered';
  subscription.providers['microsoft.insights'] = 'NotRegistered';
  const username = `admin@${key}.example`;
  const scope = `/subscriptions/${subscription.subscriptionId}`;
  const admin = addUser(world, { tenant, username, password: 'pass' });
  assignRole(world, { scope, principalId: admin.objectId, role: 'Owner' });
  // What the Azure CLI is allowed at Microsoft Graph for whoever signs in with it.
  partnerOf(world, tenant).permissions[admin.objectId] = ['User.ReadWrite.All', 'Directory.AccessAsUser.All'];
  const place = { subscription, resourceGroup: `rg-${key}-machines`, location: 'westeurope' };
  for (const [vm, os] of [
    ['win', 'Windows'],
    ['lin', 'Linux'],
  ] as const)
    installAgent(world, addResource(world, { ...place, type: 'Microsoft.Compute/virtualMachines', name: vm }), os);
  const administrator = new Administrator(emulator, username, scope);
  return {
    tenant,
    subscription,
    coming: {
      key,
      name,
      tenant: toTenantId(tenant.tenantId),
      subscription: toSubscriptionId(subscription.subscriptionId),
      architecture: 'distributed',
      region: 'westeurope',
      resourceGroup: `rg-${key}-logs`,
      workspace: `law-${key}`,
      retentionDays: 90,
      dailyCapGb: 5,
      tags: { 'looked-after-by': 'provider' },
      ...access,
    },
    consent: async (folder) => {
      if (access.access === 'lighthouse') await administrator.deploy(folder.text('lighthouse-offer.json'));
      else if (access.access === 'guest') await administrator.invite(folder.text('access.md'));
      else await administrator.install(folder.text('access.md'), tenant);
    },
  };
}

/** Follows a text that was handed over: what is in its commands is sent as the command would send it. */
class Administrator {
  private readonly emulator: Emulator;
  private readonly username: string;
  private readonly scope: string;

  constructor(emulator: Emulator, username: string, scope: string) {
    this.emulator = emulator;
    this.username = username;
    this.scope = scope;
  }

  /** `az deployment sub create` */
  async deploy(template: string): Promise<void> {
    const path = `${this.scope}/providers/Microsoft.Resources/deployments/offer?api-version=2025-04-01`;
    const properties = { mode: 'Incremental', template: JSON.parse(template) as object };
    let text = await this.send('PUT', path, { location: 'westeurope', properties });
    while (!text.includes('"provisioningState":"Succeeded"')) {
      await sleep(10);
      text = await this.send('GET', path);
      if (text.includes('"provisioningState":"Failed"')) throw new Error(text);
    }
  }

  /** `az rest --method post --url .../invitations`, the role for each, and each guest accepts. */
  async invite(text: string): Promise<void> {
    for (const [, url, body] of text.matchAll(/az rest --method post --url (\S+) --body '([^']+)'/g)) {
      const answer = await this.send('POST', url!, JSON.parse(body!) as object, 'https://graph.microsoft.com/.default');
      const { invitedUser, inviteRedeemUrl, invitedUserEmailAddress } = JSON.parse(answer) as {
        readonly invitedUser: { readonly id: string };
        readonly inviteRedeemUrl: string;
        readonly invitedUserEmailAddress: string;
      };
      await this.giveRole(text, invitedUser.id);
      await this.press(inviteRedeemUrl, invitedUserEmailAddress);
    }
  }

  /** Opens the link and accepts, asks for the object that is there now, and gives it the role. */
  async install(text: string, { tenantId }: Tenant): Promise<void> {
    await this.press(/<(\S+\/adminconsent\S+)>/.exec(text)![1]!, this.username);
    const application = /az ad sp show --id (\S+)/.exec(text)![1]!;
    const graph = 'https://graph.microsoft.com/.default';
    const answer = await this.send('GET', `/v1.0/servicePrincipals(appId='${application}')`, undefined, graph);
    await this.giveRole(text, (JSON.parse(answer) as { readonly id: string }).id);
    if (!text.includes(tenantId)) throw new Error('The text is of another tenant.');
  }

  /** `az role assignment create` */
  private async giveRole(text: string, principalId: string): Promise<void> {
    const [, principalType, role, scope] =
      /az role assignment create --assignee-object-id \S+ --assignee-principal-type (\S+) --role (\S+) --scope (\S+)/.exec(
        text,
      )!;
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role as keyof typeof ROLES].id}`;
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
    await this.send('PUT', path, { properties: { roleDefinitionId, principalId, principalType } });
  }

  /** A button of a page in the browser. */
  private async press(url: string, username: string): Promise<void> {
    const { status, text } = await ask(this.emulator, url, { method: 'POST', body: form({ username }) });
    if (status >= 400) throw new Error(text);
  }

  private async send(method: string, path: string, body?: object, scope?: string): Promise<string> {
    const { access_token: token } = await userToken(this.emulator, this.username, 'organizations', scope);
    const { status, text } = await ask(this.emulator, path, { method, token, ...(body ? { body } : {}) });
    if (status >= 300) throw new Error(text);
    return text;
  }
}

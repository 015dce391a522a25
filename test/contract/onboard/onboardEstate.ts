import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { openOnboarding } from '../../../src/app/onboarding.ts';
import type { Onboarding } from '../../../src/app/onboarding.ts';
import { SavedQueriesClient } from '../../../src/azure/arm/savedQueries.ts';
import type { Clock } from '../../../src/base/clock.ts';
import type { ChangeHandler } from '../../../src/core/changes/changeHandler.ts';
import { ChangeService } from '../../../src/core/changes/changeService.ts';
import { NO_CUSTOMERS } from '../../../src/core/customers/customersFile.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { SavedQueries } from '../../../src/core/queryPacks/savedQueries.ts';
import { Provisioning } from '../../../src/core/provision/provisioning.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { LogSource, WorkspaceLogs } from '../../../src/emulator/logs/source.ts';
import { addSubscription, addTenant, addUser, assignRole, newTable } from '../../../src/emulator/populate.ts';
import type { Subscription, Tenant, World } from '../../../src/emulator/state.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { ComingCustomer, ManagedOffer } from '../../../src/model/onboarding.ts';
import type { OnboardingFolder } from '../../../src/ports/onboarding.ts';
import { connect, signedIn } from '../azure/connect.ts';
import { ask, smallEstate, startSmall, userToken } from '../emulator/smallEstate.ts';
import type { SmallEstate } from '../emulator/smallEstate.ts';

const HEARTBEAT = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
] as const;

/** A clock on which waiting for a service that is here takes a few milliseconds. */
const HASTY: Clock = {
  now: Date.now,
  sleep: async (ms) => {
    await sleep(Math.min(ms, 10));
  },
};

/** A customer's tenant with a subscription and nothing in it, and its administrator. */
export interface EmptyCustomer {
  readonly tenant: Tenant;
  readonly subscription: Subscription;
  readonly coming: ComingCustomer;
  /** Deploys what was handed over, as its administrator would. */
  consent(template: string): Promise<void>;
}

/** The provider's side of the small estate, with everything onboarding stands on. */
export interface OpenedOnboarding {
  readonly emulator: Emulator;
  readonly estate: SmallEstate;
  readonly offer: ManagedOffer;
  /** Machines begin to send to the workspace of this name. */
  beginSending(workspace: string): void;
  add(name: string): EmptyCustomer;
  /** One program's life: its own clients and caches. `wrap` stands between a plan and the service. */
  open(wrap?: (handler: ChangeHandler) => ChangeHandler): Onboarding;
  close(): Promise<void>;
}

export async function openOnboardEstate(): Promise<OpenedOnboarding> {
  const estate = smallEstate();
  const { world, engineer, provider } = estate;
  const sending = new Set<string>();
  const operations = { durationMs: 60, retryAfterSeconds: 0 };
  const emulator = await startSmall(estate, {
    operations,
    logs: sendersOf(world, sending),
    engine: () => openEngine(),
  });
  const closers: (() => void)[] = [];
  const offer: ManagedOffer = {
    name: 'Managed logs',
    description: 'Logs, looked after by the provider',
    managedBy: toTenantId(provider.tenantId),
    authorizations: [
      {
        principalId: engineer.groups[0]!,
        name: 'Operations',
        role: { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor' },
      },
      {
        principalId: engineer.groups[0]!,
        name: 'Operations',
        role: {
          id: '91c1777a-f3dc-4fae-b103-61d183457e46',
          name: 'Managed Services Registration assignment Delete Role',
        },
      },
    ],
  };
  return {
    emulator,
    estate,
    offer,
    beginSending: (name) => {
      const workspace = [...world.workspaces.values()].find((one) => one.name === name)!;
      workspace.tables.set('heartbeat', newTable({ name: 'Heartbeat', columns: HEARTBEAT }));
      sending.add(name);
      world.touch();
    },
    add: (name) => addCustomer(emulator, name),
    open: (wrap = (handler) => handler) => {
      const person = signedIn(emulator, engineer, 'pass');
      const { clients, tokens, directory, logs, provision, dispose } = connect(emulator, person);
      closers.push(dispose, () => {
        person.close();
      });
      const picture = new EstateService({
        accounts: tokens,
        directory,
        customers: { load: () => Promise.resolve(NO_CUSTOMERS) },
        clock: HASTY,
        cloud: emulator.cloud.name,
      });
      const changes = new ChangeService({
        handlers: changeHandlers(clients).map(wrap),
        estate: picture,
        clock: HASTY,
        newId: randomUUID,
      });
      const provisioning = new Provisioning({ port: provision, directory, estate: picture, changes });
      const savedQueries = new SavedQueries({
        port: new SavedQueriesClient(clients),
        estate: picture,
        changes,
        newId: randomUUID,
      });
      const ends = { clients, estate: picture, changes, logs, directory, provisioning, savedQueries };
      return { ...openOnboarding(ends), clock: HASTY };
    },
    close: async () => {
      for (const each of closers) each();
      await emulator.close();
    },
  };
}

function addCustomer(emulator: Emulator, name: string): EmptyCustomer {
  const { world } = emulator;
  const key = name.toLowerCase();
  const tenant = addTenant(world, { displayName: name, domain: `${key}.example` });
  const subscription = addSubscription(world, { tenant, displayName: name });
  subscription.providers['microsoft.operationalinsights'] = 'NotRegistered';
  const username = `admin@${key}.example`;
  const scope = `/subscriptions/${subscription.subscriptionId}`;
  assignRole(world, {
    scope,
    principalId: addUser(world, { tenant, username, password: 'pass' }).objectId,
    role: 'Owner',
  });
  return {
    tenant,
    subscription,
    coming: {
      key,
      name,
      tenant: toTenantId(tenant.tenantId),
      subscription: toSubscriptionId(subscription.subscriptionId),
      access: 'lighthouse',
      architecture: 'distributed',
      region: 'westeurope',
      resourceGroup: `rg-${key}-logs`,
      workspace: `law-${key}`,
      retentionDays: 90,
      dailyCapGb: 5,
      tags: { 'looked-after-by': 'provider' },
    },
    consent: async (template) => {
      const { access_token: token } = await userToken(emulator, username);
      const path = `${scope}/providers/Microsoft.Resources/deployments/offer?api-version=2025-04-01`;
      const properties = { mode: 'Incremental', template: JSON.parse(template) as object };
      const body = { location: 'westeurope', properties };
      let { status, text } = await ask(emulator, path, { method: 'PUT', token, body });
      while (status < 300 && !text.includes('"provisioningState":"Succeeded"')) {
        await sleep(10);
        ({ status, text } = await ask(emulator, path, { token }));
        if (text.includes('"provisioningState":"Failed"')) throw new Error(text);
      }
      if (status >= 300) throw new Error(text);
    },
  };
}

/** A heartbeat a minute in workspaces whose machines send. */
function sendersOf(world: World, sending: ReadonlySet<string>): LogSource {
  const logsOf = (name: string, customerId: string): WorkspaceLogs => ({
    customerId,
    resources: [],
    tables: [
      {
        kind: 'made',
        table: 'Heartbeat',
        columns: HEARTBEAT,
        constants: {},
        span: 3_600_000,
        *rows(from, to) {
          for (let at = Math.ceil((from + 1) / 60_000) * 60_000; at <= to; at += 60_000)
            yield [new Date(at).toISOString(), `vm-${name}`];
        },
      },
    ],
  });
  const all = (): WorkspaceLogs[] =>
    [...world.workspaces.values()]
      .filter(({ name }) => sending.has(name))
      .map(({ name, properties }) => logsOf(name, properties.customerId));
  return { all, find: (customerId) => all().find((one) => one.customerId === customerId) };
}

/** A folder in memory that outlives the programs which write to it. */
export class MemoryFolder implements OnboardingFolder {
  readonly files = new Map<string, string>();
  journalText = '';
  readonly journal = {
    read: () => Promise.resolve(this.journalText === '' ? undefined : this.journalText),
    append: (line: string) => {
      this.journalText += line;
      return Promise.resolve();
    },
  };
  hold(): Promise<void> {
    return Promise.resolve();
  }
  release(): Promise<void> {
    return Promise.resolve();
  }
  write(name: string, text: string): Promise<void> {
    this.files.set(name, text);
    return Promise.resolve();
  }
}

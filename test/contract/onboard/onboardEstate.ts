import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { openOnboarding } from '../../../src/app/onboarding.ts';
import type { Onboarding } from '../../../src/app/onboarding.ts';
import { AssessClient } from '../../../src/azure/arm/assess/assessClient.ts';
import { BaselineClient } from '../../../src/azure/arm/baseline/baselineClient.ts';
import { TagsClient } from '../../../src/azure/arm/baseline/tagsClient.ts';
import { SavedQueriesClient } from '../../../src/azure/arm/savedQueries.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { BaselineService } from '../../../src/core/baseline/baselineService.ts';
import type { ChangeHandler } from '../../../src/core/changes/changeHandler.ts';
import { ChangeService } from '../../../src/core/changes/changeService.ts';
import { NO_CUSTOMERS } from '../../../src/core/customers/customersFile.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { agreedBy } from '../../../src/core/onboard/agreed.ts';
import { Provisioning } from '../../../src/core/provision/provisioning.ts';
import { SavedQueries } from '../../../src/core/queryPacks/savedQueries.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { World } from '../../../src/emulator/state.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { BaselineFile } from '../../../src/model/baseline.ts';
import { toTenantId } from '../../../src/model/ids.ts';
import type { ManagedOffer } from '../../../src/model/onboarding.ts';
import type { TokenSource } from '../../../src/ports/accounts.ts';
import { connect, signedIn } from '../azure/connect.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import type { SmallEstate } from '../emulator/smallEstate.ts';
import { addCustomer } from './emptyCustomer.ts';
import type { EmptyCustomer } from './emptyCustomer.ts';

/** How one program is opened. */
export interface OpenOptions {
  /** Stands between a plan and the service. */
  readonly wrap?: (handler: ChangeHandler) => ChangeHandler;
  /** Whose program it is; the engineer's unless given. */
  readonly tokens?: TokenSource;
  /** What was agreed with customers; nothing unless given. */
  readonly baseline?: BaselineFile;
}

/** The provider's side of the small estate, with everything onboarding stands on. */
export interface OpenedOnboarding {
  readonly emulator: Emulator;
  readonly estate: SmallEstate;
  readonly offer: ManagedOffer;
  add(name: string, access?: Parameters<typeof addCustomer>[2]): EmptyCustomer;
  /** One program's life: its own clients and caches. */
  open(options?: OpenOptions): Onboarding;
  close(): Promise<void>;
}

/** Waiting lets the emulator's time go on by two minutes at least, and takes a moment of ours. */
function patientClock({ clock }: World): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms) => {
      clock.advance(Math.max(ms, 120_000));
      await sleep(1);
    },
  };
}

/** Starts the emulator; everything that was opened is closed with it. */
export async function openOnboardEstate(): Promise<OpenedOnboarding> {
  const estate = smallEstate();
  const { world, engineer, provider } = estate;
  const clock = patientClock(world);
  const operations = { durationMs: 60, retryAfterSeconds: 0 };
  const emulator = await startSmall(estate, { operations, engine: () => openEngine() });
  const closers: (() => void)[] = [];
  const operationsGroup = { principalId: engineer.groups[0]!, name: 'Operations' };
  const offer: ManagedOffer = {
    name: 'Managed logs',
    description: 'Logs, looked after by the provider',
    managedBy: toTenantId(provider.tenantId),
    authorizations: [
      { ...operationsGroup, role: { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor' } },
      {
        ...operationsGroup,
        role: {
          id: '91c1777a-f3dc-4fae-b103-61d183457e46',
          name: 'Managed Services Registration assignment Delete Role',
        },
      },
    ],
  };
  const engineerTokens = (): TokenSource => {
    const person = signedIn(emulator, engineer, 'pass');
    closers.push(() => {
      person.close();
    });
    return person;
  };
  return {
    emulator,
    estate,
    offer,
    add: (name, access) => addCustomer(emulator, name, access),
    open: ({ wrap = (handler: ChangeHandler) => handler, tokens: source = engineerTokens(), baseline: file } = {}) => {
      const { clients, tokens, directory, logs, provision, dispose } = connect(emulator, source);
      closers.push(dispose);
      const picture = new EstateService({
        accounts: tokens,
        directory,
        customers: { load: () => Promise.resolve(NO_CUSTOMERS) },
        clock,
        cloud: emulator.cloud.name,
      });
      const handlers = changeHandlers(clients).map(wrap);
      const changes = new ChangeService({ handlers, estate: picture, clock, newId: randomUUID });
      const provisioning = new Provisioning({ port: provision, directory, estate: picture, changes });
      const port = new SavedQueriesClient(clients);
      const savedQueries = new SavedQueries({ port, estate: picture, changes, newId: randomUUID });
      const ends = { clients, estate: picture, changes, logs, directory, provisioning, savedQueries };
      const baseline = new BaselineService({
        assess: new AssessClient(clients),
        savedQueries: port,
        tags: new TagsClient(clients),
        baseline: new BaselineClient(clients),
        handlers,
        clock,
        estate: picture,
        changes,
      });
      return { ...openOnboarding(ends), clock, ...(file ? { agreed: agreedBy(file, baseline) } : {}) };
    },
    close: async () => {
      for (const each of closers) each();
      await emulator.close();
    },
  };
}

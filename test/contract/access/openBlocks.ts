import { AssessClient } from '../../../src/azure/arm/assess/assessClient.ts';
import { blockSenders } from '../../../src/app/onboarding.ts';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { CustomerBlocks } from '../../../src/core/access/block/customerBlocks.ts';
import { ChangeService } from '../../../src/core/changes/changeService.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { Account } from '../../../src/emulator/state.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { Workspace } from '../../../src/model/estate.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';

/** What one person's program blocks customers with. */
export interface OpenedBlocks {
  readonly blocks: CustomerBlocks;
  readonly changes: ChangeService;
  readonly connection: Connection;
  /** The workspace that the provider shares. */
  readonly shared: Workspace;
  close(): void;
}

/** Signs a person in, whose customers file says `customers`. */
export async function openBlocks(
  emulator: Emulator,
  engineer: Account,
  customers = '{"customers":[]}',
): Promise<OpenedBlocks> {
  const person = signedIn(emulator, engineer, 'pass');
  const connection = connect(emulator, person);
  const file = { load: async () => parseCustomers(customers, 'customers.json') };
  const estate = new EstateService({
    accounts: connection.tokens,
    directory: connection.directory,
    customers: file,
    clock: SYSTEM_CLOCK,
    cloud: 'emulator',
  });
  let plans = 0;
  const changes = new ChangeService({
    handlers: changeHandlers(connection.clients),
    estate,
    clock: { now: Date.now, sleep: async () => undefined },
    newId: () => `plan-${++plans}`,
  });
  const blocks = new CustomerBlocks({
    estate,
    customers: file,
    assess: new AssessClient(connection.clients),
    logs: connection.logs,
    quota: new QuotaScheduler(SYSTEM_CLOCK),
    changes,
    clock: SYSTEM_CLOCK,
    senders: blockSenders(connection.clients),
  });
  return {
    blocks,
    changes,
    connection,
    shared: (await estate.load()).workspaces.find(({ name }) => name === 'law-provider')!,
    close: () => {
      connection.dispose();
      person.close();
    },
  };
}

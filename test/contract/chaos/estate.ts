import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { LogSource, WorkspaceLogs } from '../../../src/emulator/logs/source.ts';
import {
  addSubscription,
  addTenant,
  addUser,
  addWorkspace,
  assignRole,
  delegate,
} from '../../../src/emulator/populate.ts';
import type { Account, Tenant, World } from '../../../src/emulator/state.ts';
import type { Cell } from '../../../src/model/kqlType.ts';

/** How many customers a chaos run asks, each with one workspace in a tenant of its own. */
export const CUSTOMERS = 24;
/** Rows that each workspace has, written a minute before the start. */
export const ROWS_EACH = 3;
/** What every canary looks like: rows, errors, requests and files are searched for it. */
export const ANY_CANARY = /canary-(\d\d)-[0-9a-f]{8}/g;

/** One customer's workspace, and the text that its rows alone may hold. */
export interface Nest {
  readonly workspace: string;
  readonly customerId: string;
  readonly tenant: Tenant;
  readonly canary: string;
}

/** A provider's own workspace, delegated ones, and ones reached as a guest: 24 customers, one engineer. */
export interface ChaosEstate {
  readonly world: World;
  readonly engineer: Account;
  readonly nests: readonly Nest[];
  readonly logs: LogSource;
}

/** Columns of the one table. */
const COLUMNS = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Canary', type: 'string' },
  { name: 'Number', type: 'long' },
  { name: 'Bag', type: 'dynamic' },
] as const;

/** The estate, the same every time. */
export function chaosEstate(): ChaosEstate {
  const world = emptyWorld({ seed: 24, clock: new EmulatedClock() });
  const tenants = Array.from({ length: CUSTOMERS }, (_, n) =>
    addTenant(world, { displayName: `Customer ${n}`, domain: `customer${n}.example` }),
  );
  const [provider, ...customers] = tenants as [Tenant, ...Tenant[]];
  const guestOf = customers.filter((_, n) => n % 3 === 0);
  const engineer = addUser(world, {
    tenant: provider,
    username: 'engineer@customer0.example',
    password: 'pass',
    guestOf,
  });
  const nests = tenants.map((tenant, n): Nest => {
    const subscription = addSubscription(world, { tenant, displayName: `Subscription ${n}` });
    const scope = `/subscriptions/${subscription.subscriptionId}`;
    const guest = engineer.memberships.find((membership) => membership.tenantId === tenant.tenantId);
    if (n > 0 && !guest)
      delegate(world, {
        scope,
        to: provider,
        authorizations: [{ principalId: engineer.objectId, role: 'Contributor' }],
      });
    else assignRole(world, { scope, principalId: guest?.objectId ?? engineer.objectId, role: 'Contributor' });
    const tables = [{ name: 'Secret_CL', columns: COLUMNS.map((column) => ({ ...column })) }];
    const name = `law-${String(n).padStart(2, '0')}`;
    const { properties } = addWorkspace(world, {
      subscription,
      resourceGroup: 'rg-logs',
      name,
      location: 'westeurope',
      tables,
    });
    const canary = `canary-${name.slice(4)}-${world.guid('canary', name).slice(0, 8)}`;
    return { workspace: name, customerId: properties.customerId, tenant, canary };
  });
  const writtenAt = world.clock.now() - 60_000;
  const logs = nests.map((nest) => secrets(nest, writtenAt));
  return {
    world,
    engineer,
    nests,
    logs: { find: (customerId) => logs.find((entry) => entry.customerId === customerId), all: () => logs },
  };
}

function secrets({ customerId, canary }: Nest, writtenAt: number): WorkspaceLogs {
  return {
    customerId,
    resources: [],
    tables: [
      {
        kind: 'made',
        table: 'Secret_CL',
        columns: COLUMNS.map((column) => ({ ...column })),
        constants: {},
        span: 365 * 86_400_000,
        *rows(from: number, to: number): Iterable<readonly Cell[]> {
          for (let row = 0; row < ROWS_EACH; row++) {
            const time = writtenAt - row * 60_000;
            if (time > from && time <= to) yield [new Date(time).toISOString(), canary, row, `{"canary":"${canary}"}`];
          }
        },
      },
    ],
  };
}

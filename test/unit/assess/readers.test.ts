import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCustomerFacts } from '../../harness/customerPieces.ts';
import { measureEstate } from '../../../src/core/assess/measureEstate.ts';
import { readersOf } from '../../../src/core/assess/readers.ts';
import type { DelegatedRole, RoleFact } from '../../../src/model/assessment/facts.ts';
import type { ReaderRow } from '../../../src/model/assessment/assessment.ts';
import type { AccessPathKind } from '../../../src/model/estate.ts';
import { listedTable } from '../runs/world.ts';
import { CONFIGURATION, FakeWorld, makeEstate } from './fakeWorld.ts';

const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const DATA_READER = '3b03c2da-16b3-4a49-8834-0f8130efdd3b';
const PRIVILEGED = 'dbc9c667-e97f-4491-aee6-90b9cf960190';
const PUBLISHER = '3913510d-42f4-4e42-8a64-420c390055eb';

const role = (principalId: string, roleId: string, more: Partial<RoleFact> = {}): RoleFact => ({
  principalId,
  principalType: 'Group',
  roleId,
  roleName: `role of ${principalId}`,
  scope: '/subscriptions/sub-a',
  conditioned: false,
  ...more,
});

interface Given {
  readonly path?: AccessPathKind;
  readonly roles?: readonly RoleFact[];
  readonly delegated?: readonly DelegatedRole[];
  readonly scope?: string;
  readonly dataActionsOnly?: boolean;
  readonly protectedTables?: boolean;
}

/** The readers of the one workspace of customer a. */
async function readers(given: Given = {}): Promise<readonly ReaderRow[]> {
  const estate = makeEstate([{ name: 'wa', customer: 'a', path: given.path ?? 'guest' }], 'provider');
  const { key } = estate.workspaces[0]!;
  const delegation = {
    scope: given.scope ?? '/subscriptions/sub-a',
    subscription: 'sub-a',
    managedBy: 't-provider',
    offer: 'o',
    roles: given.delegated ?? [],
  };
  const configuration = { ...CONFIGURATION, localAuth: false, dataActionsOnly: given.dataActionsOnly ?? false };
  const world = new FakeWorld(estate, {
    arm: (name) => {
      if (name === 'roles') return given.roles;
      const tables = [listedTable('Perf'), listedTable('Secret_CL', { protected: true })];
      return name === 'tables' && given.protectedTables ? tables : undefined;
    },
    graph: (name) =>
      name === 'delegations'
        ? new Map([['t-a', [delegation]]])
        : name === 'configurations'
          ? new Map([[key, configuration]])
          : undefined,
  });
  const scope = { estate, customers: estate.customers.map((customer) => customer.key), entries: [] };
  const measured = await world.clock.run(measureEstate(scope, world));
  return readersOf(toCustomerFacts(scope, measured).find(({ customer }) => customer.key === 'a')!);
}
const by = (all: readonly ReaderRow[], kind: ReaderRow['by']): readonly ReaderRow[] =>
  all.filter((row) => row.by === kind);

test('roles that read logs, at the workspace or above it; those that read none are left out', async () => {
  const rows = await readers({
    roles: [
      role('at the subscription', READER),
      role('at the group', READER, { scope: '/subscriptions/sub-a/resourcegroups/RG' }),
      role('at another group', READER, { scope: '/subscriptions/sub-a/resourcegroups/rg2' }),
      role('at the root', READER, { scope: '/' }),
      role('publisher', PUBLISHER),
      role('custom', '11111111-1111-4111-8111-111111111111'),
      role('somebody', READER, { principalType: 'User' }),
      role('program', READER, { principalType: 'ServicePrincipal' }),
      role('of another tenant', READER, { principalType: 'ForeignGroup' }),
    ],
  });
  const told = by(rows, 'role').map(({ who, side, kind, limit }) => [who, side, kind, limit].join(' | '));
  assert.deepEqual(told.sort(), [
    'at the group | customer | group | ',
    'at the root | customer | group | ',
    'at the subscription | customer | group | ',
    'custom | customer | group | What this role reads is not known here.',
    'of another tenant | provider | group | ',
    'program | unknown | application | ',
    'somebody | unknown | user | ',
    'test:me | provider | user | ',
  ]);
});

test('what a role does not reach: protected tables, conditions, a workspace of data actions alone', async () => {
  const roles = [
    role('reader', READER),
    role('data', DATA_READER, { conditioned: true }),
    role('privileged', PRIVILEGED),
  ];
  const limits = async (given: Given): Promise<Record<string, string>> =>
    Object.fromEntries((await readers({ roles, ...given })).map(({ who, limit }) => [who, limit]));
  const closed = await limits({ protectedTables: true });
  assert.deepEqual(
    [closed['reader'], closed['data'], closed['privileged']],
    ['Not the protected tables Secret_CL.', 'Only what its condition allows. Not the protected tables Secret_CL.', ''],
  );
  const only = await limits({ dataActionsOnly: true });
  assert.deepEqual(
    [only['reader'], only['data']],
    ['Reads no rows: this workspace opens to data roles alone.', 'Only what its condition allows.'],
  );
});

test("over Lighthouse the customer's own assignments are not known, and that is a row", async () => {
  const rows = await readers({ path: 'lighthouse', roles: [] });
  assert.deepEqual(
    by(rows, 'role').map(({ who, side, role: name }) => [who, side, name]),
    [["The customer's own administrators", 'customer', 'not known']],
  );
});

test('delegations that cover the workspace: who, whether it must be activated, and what cannot work', async () => {
  const delegated: DelegatedRole[] = [
    { principalId: 'p1', principalName: 'On call', roleId: READER, roleName: 'Reader', eligible: true },
    { principalId: 'p2', roleId: DATA_READER, roleName: 'Log Analytics Data Reader', eligible: false },
    { principalId: 'p3', roleId: PUBLISHER, roleName: 'Monitoring Metrics Publisher', eligible: false },
  ];
  const rows = await readers({ path: 'lighthouse', delegated });
  assert.deepEqual(
    by(rows, 'delegation').map(({ who, side, limit }) => [who, side, limit]),
    [
      ['On call', 'provider', 'Only while it is activated.'],
      ['p2', 'provider', 'Reads no rows: a delegation carries no data actions.'],
    ],
  );
  assert.deepEqual(by(await readers({ delegated, scope: '/subscriptions/other' }), 'delegation'), []);
});

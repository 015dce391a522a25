import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import type { AppError } from '../../../src/base/errors.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { toAccountId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';

const small = smallEstate();
const issuer = { account: toAccountId('test:engineer@provider.example'), tenant: toTenantId(small.provider.tenantId) };
const subscription = toSubscriptionId(small.delegated.subscriptionId);
const ARM_ID = `/subscriptions/${subscription}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-contoso`;
let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection;
before(async () => {
  emulator = await startSmall(small, { operations: { durationMs: 3_000, retryAfterSeconds: 1_000_000_000 } });
  person = signedIn(emulator, small.engineer, 'pass');
  connection = connect(emulator, person);
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.calls.clear();
});
after(async () => {
  person.close();
  connection.dispose();
  await emulator.close();
});

/** What asks of each service, and how long the pause is said to be. */
const ASKED = {
  'the query API': () =>
    connection.logs.query(
      { issuer, workspaceGuid: small.workspaces.contoso.properties.customerId, armId: ARM_ID, query: 'T' },
      NEVER,
    ),
  'Resource Manager': () => connection.directory.tables(issuer, ARM_ID),
  'Resource Graph': () => connection.directory.workspaces(issuer),
};
for (const [seconds, words] of [
  [600, '10 min'],
  [1_000_000_000, '24 h'],
] as const)
  for (const [name, ask] of Object.entries(ASKED))
    test(`${name} asks for a pause of ${seconds} s: refused at once, once, with when to come back`, async () => {
      await connection.directory.subscriptions(issuer);
      emulator.calls.clear();
      for (const service of ['logs', 'arm', 'graph'] as const)
        emulator.faults.add({ match: { service }, fault: { kind: 'throttle', retryAfterSeconds: seconds } });
      const started = performance.now();
      await assert.rejects(ask(), (error: AppError) => {
        assert.equal(error.code, 'service.throttled');
        assert.ok(error.message.endsWith(`Try again in ${words}.`), error.message);
        assert.equal(error.retryable, true);
        return true;
      });
      assert.ok(performance.now() - started < 5_000);
      assert.equal(emulator.calls.list().filter(({ status }) => status === 429).length, 1);
    });

test('an operation that is to be looked at in 30 years is looked at in half a minute, not at once and for ever', async () => {
  const { provision } = connection;
  emulator.faults.add({ match: { path: '/workspaces/' }, fault: { kind: 'asyncOperation' } });
  const { LocalSignal } = await import('../../../src/base/rpc.ts');
  const signal = new LocalSignal();
  const deleting = provision.deleteWorkspace(issuer, ARM_ID, false, () => undefined, signal);
  setTimeout(() => {
    signal.abort();
  }, 1_000);
  await assert.rejects(deleting, { code: 'cancelled.byUser' });
  const looks = emulator.calls.list().filter(({ path }) => /operation(Statuses|Results)/.test(path));
  assert.ok(looks.length <= 1, `${looks.length} looks in a second`);
});

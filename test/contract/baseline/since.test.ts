import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Services } from '../../../src/app/services.ts';
import { parseBaseline } from '../../../src/core/baseline/parseBaseline.ts';
import { customersOf } from '../../../src/core/customers/customersTexts.ts';
import type { Drift } from '../../../src/model/drift.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { noteActivity } from '../../../src/emulator/noteActivity.ts';
import { changedText } from '../../../src/model/driftTexts.ts';
import { signedIn } from '../azure/connect.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';

const DAY = 86_400_000;

/** A tag that is not there: one difference, of the workspace itself. */
const FILE = parseBaseline(JSON.stringify({ provider: { workspace: { tags: { managedBy: 'provider' } } } }), 'b.json');

describe('since when something differs', () => {
  const estate = smallEstate();
  const { world, fabrikam, engineer, workspaces } = estate;
  const resourceId = workspaceScope(workspaces.fabrikam);
  let emulator: Emulator;
  let azure: Services;
  let tokens: ReturnType<typeof signedIn>;
  before(async () => {
    emulator = await startSmall(estate);
    tokens = signedIn(emulator, engineer, 'pass');
    const customers = [{ name: 'Fabrikam', key: 'fabrikam', tenants: [fabrikam.tenantId] }];
    azure = new Services({
      cloud: emulator.cloud,
      version: '0.0.0-test',
      tokens,
      customers: customersOf([{ label: 'customers.json', text: JSON.stringify({ customers }) }]),
    });
  });
  after(async () => {
    azure.dispose();
    tokens.close();
    await emulator.close();
  });

  const drift = async (): Promise<Drift> => {
    const scope = { include: [{ kind: 'customer' as const, value: 'fabrikam' }], except: [] };
    const { report } = await azure.baseline.check({ file: FILE.baseline, scope });
    assert.equal(report.drift.length, 1);
    return report.drift[0]!;
  };
  const changed = (ago: number, caller: string): void => {
    const operation = 'Microsoft.OperationalInsights/workspaces/write';
    const event = { resourceId, operation, method: 'PATCH', caller, correlationId: '', status: 200 };
    noteActivity(world, event);
    const noted = world.activityLog.pop()!;
    world.activityLog.push({ ...noted, at: new Date(world.clock.now() - ago).toISOString() });
  };

  test('a change of longer ago than the activity log keeps is told as such, and names nobody', async () => {
    changed(91 * DAY, 'somebody@fabrikam.example');
    const found = await drift();
    assert.deepEqual(found.since, { state: 'notSeen', days: 89 });
    assert.equal(changedText(found), 'Not changed in the last 89 days');
  });

  test('a change by one of the customer names them, and the last of several', async () => {
    changed(20 * DAY, 'earlier@fabrikam.example');
    changed(3 * DAY, 'admin@fabrikam.example');
    const { since } = await drift();
    assert.equal(since?.state, 'known');
    assert.deepEqual(since.state === 'known' && [since.by, since.operation], [
      'admin@fabrikam.example',
      'Microsoft.OperationalInsights/workspaces/write',
    ]);
    assert.ok(since.state === 'known' && Math.abs(Date.parse(since.at) - (world.clock.now() - 3 * DAY)) < 60_000);
  });

  test('where the activity log is not ours to read, that is the reason, and the difference stays', async () => {
    const fault = emulator.faults.add({
      match: { service: 'arm', path: '/eventtypes/management/values' },
      fault: { kind: 'accessLag' },
    });
    const found = await drift();
    emulator.faults.remove(fault);
    assert.equal(found.since?.state, 'unknown');
    assert.match(changedText(found), /^When it was changed is not known: .*(permission|role|rights|access)/i);
    assert.equal(found.differences[0]!.name, 'Tag managedBy');
  });
});

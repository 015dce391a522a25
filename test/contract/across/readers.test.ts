import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { explainMarkdown } from '../../../src/app/explainMarkdown.ts';
import type { AppErrorData } from '../../../src/base/errors.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { addDiagnosticSetting } from '../../../src/emulator/populateFlows.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { openRunWorld, refused } from '../badInput/runWorld.ts';
import type { RunWorld } from '../badInput/runWorld.ts';

// Contoso's workspace keeps the text of queries: the category Audit goes to the provider's. Fabrikam's keeps metrics.
let world: RunWorld;
before(async () => {
  world = await openRunWorld({
    across: true,
    furnish: ({ world: estate, workspaces: { contoso, fabrikam, provider } }) => {
      const workspace = workspaceScope(provider);
      const setting = { name: 'to-us', workspace };
      addDiagnosticSetting(estate, { ...setting, resource: workspaceScope(contoso), categories: ['Audit'] });
      addDiagnosticSetting(estate, {
        ...setting,
        resource: workspaceScope(fabrikam),
        categories: ['Jobs'],
        off: ['Audit'],
      });
    },
  });
  await world.estate.load();
});
afterEach(() => {
  world.emulator.faults.clear();
});
after(() => world.close());

const REQUEST = { query: 'Heartbeat | count', scope: EVERYTHING, timeRange: { kind: 'inQuery' } } as const;
const armReads = (): number => world.emulator.calls.list({ path: '/diagnosticSettings' }).length;

test('where audited workspaces may be asked nobody looks for them', async () => {
  const run = await world.play(REQUEST.query);
  assert.deepEqual([run.state, armReads()], ['finished', 0]);
});

test('a run that refuses them sends nothing, and says who it is', async () => {
  const from = world.sent.length;
  await assert.rejects(world.runs.start({ ...REQUEST, audited: 'refuse' }), (error: AppErrorData) => {
    assert.deepEqual(
      [error.code, error.data],
      ['query.audited', { ask: false, audited: ['Contoso/law-contoso'], unseen: [] }],
    );
    return /kept, for others to read, by Contoso\/law-contoso\. It was not sent/.test(error.message);
  });
  assert.equal(world.sent.length, from);
});

test('who is asked first is told the same, and who leaves them out is answered; nothing is read twice', async () => {
  const reads = armReads();
  assert.deepEqual(await world.runs.readers(REQUEST), {
    asked: 3,
    audited: [{ target: 'Contoso/law-contoso', keptIn: ['law-provider'] }],
    unseen: [],
  });
  const scope = { include: 'all', except: [{ kind: 'customer', value: 'Contoso' }] } as const;
  const { id } = await world.runs.start({ ...REQUEST, scope, audited: 'refuse' });
  const { state } = await world.runs.ended(id);
  assert.deepEqual([state, armReads() - reads], ['finished', 0]);
});

test('settings that cannot be read are said as not visible, and are no leave to send', async () => {
  const other = await world.with(world.person);
  await other.estate.load();
  world.emulator.faults.add({
    match: { service: 'arm', workspace: 'law-fabrikam', path: '/diagnosticSettings' },
    fault: refused(403, 'AuthorizationFailed', 'No.'),
  });
  try {
    const { audited, unseen } = await other.runs.readers(REQUEST);
    assert.deepEqual([audited.length, unseen.map(({ target }) => target)], [1, ['Fabrikam/law-fabrikam']]);
    await assert.rejects(other.runs.start({ ...REQUEST, audited: 'ask' }), (error: AppErrorData) => {
      assert.deepEqual([error.code, error.data?.['ask']], ['query.audited', true]);
      return /Whether it is kept by Fabrikam\/law-fabrikam is not visible to you/.test(error.message);
    });
    assert.equal(other.sent.length, 0);
    const told = explainMarkdown(await other.runs.explain(REQUEST));
    assert.match(
      told,
      /## Who can read the query\n\n- \*\*Contoso\/law\\-contoso\*\* keeps its text in law\\-provider/,
    );
    assert.match(told, /Not visible to you in 1 workspace: Fabrikam\/law\\-fabrikam/);
    assert.match(told, /1 workspace keeps no text of queries/);
  } finally {
    await other.close();
  }
});

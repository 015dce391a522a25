import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { checkBaseline } from '../../../src/core/baseline/checkBaseline.ts';
import { customerSettings } from '../../../src/core/baseline/customerSettings.ts';
import { customerWorld } from '../../../src/core/baseline/customerWorlds.ts';
import { baselineOf } from '../../../src/core/baseline/layers.ts';
import { parseBaseline } from '../../../src/core/baseline/parseBaseline.ts';
import type { Estate, Workspace } from '../../../src/model/estate.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import { toSubscriptionId, toTenantId, toWorkspaceKey } from '../../../src/model/ids.ts';
import { estateOf } from '../runs/world.ts';

/** One customer with workspaces in these tenants, each in a subscription of its own; one machine in each. */
function made(...tenants: string[]): Estate {
  const estate = estateOf(tenants.length, (workspace, i): Workspace => {
    const armId = `/subscriptions/s${i}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/ws${i}`;
    return {
      ...{ ...workspace, armId, key: toWorkspaceKey(armId), name: `ws${i}`, subscription: toSubscriptionId(`s${i}`) },
      ...{ customer: estateOf(1).customers[0]!.key, tenant: toTenantId(tenants[i]!) },
    };
  });
  const [customer] = estate.customers;
  return { ...estate, customers: [{ ...customer!, tenants: [...new Set(tenants)].map(toTenantId) }] };
}

function settingsOf(estate: Estate, more: object = {}) {
  const { baseline, problems } = parseBaseline(
    JSON.stringify({
      provider: {
        collectionRules: { dcr: { windowsEvents: ['System!*'], machines: 'all' } },
        diagnosticSettings: { activity: { on: 'subscription', categories: ['Security'] } },
      },
      customers: { c1: more },
    }),
    'baseline.json',
  );
  assert.deepEqual(problems, []);
  const [customer] = estate.customers;
  const machines = estate.workspaces.map(({ tenant, subscription }) => {
    const machine = { id: `/subscriptions/${subscription}/vm`, name: `vm-${subscription}`, subscription };
    return [tenant, { ...machine, region: 'westeurope', arc: false }] as const;
  });
  const asked = {
    machines: new Map(
      machines.map(([tenant]) => [
        tenant,
        { ok: true as const, value: machines.filter(([of]) => of === tenant).map(([, machine]) => machine) },
      ]),
    ),
    resources: new Map(),
  };
  const { world } = customerWorld(
    estate,
    customer!,
    baselineOf(baseline, customer!).baseline,
    estate.workspaces,
    asked,
  );
  const { settings, unknown } = customerSettings(world);
  return {
    told: settings.map(
      ({ name, intent }) =>
        `${name} -> ${/ws\d|dcr$/.exec(JSON.stringify(intent.wanted))?.[0] ?? intent.target.split('/')[2]}`,
    ),
    targets: settings.map(({ intent }) => intent.target.split('/')[2]),
    unknown: unknown.map(({ error }) => error.message),
  };
}

describe('a customer of several tenants', () => {
  it('has rules and settings in each: what is of one tenant goes to no workspace of another', () => {
    const { told, targets, unknown } = settingsOf(made('a', 'b'));
    assert.deepEqual(unknown, []);
    assert.deepEqual(targets, ['s0', 's0', 's1', 's1', 's0', 's1']);
    assert.deepEqual(
      told.filter((line) => line.startsWith('activity')),
      ['activity -> ws0', 'activity -> ws1'],
    );
  });

  it('and several workspaces in one of them says which: nothing is guessed', () => {
    const estate = made('a', 'a', 'b');
    const { unknown, targets } = settingsOf(estate);
    assert.equal(unknown.length, 3);
    assert.match(unknown[0]!, /has 2 workspaces in tenant a: say with "main"/);
    assert.deepEqual(targets, ['s2', 's2', 's2']);

    const named = settingsOf(estate, { main: 'WS1' });
    assert.deepEqual(named.unknown, []);
    assert.deepEqual(
      named.told.filter((line) => line.startsWith('activity')),
      ['activity -> ws1', 'activity -> ws1', 'activity -> ws2'],
    );
  });
});

describe('a customer without a workspace', () => {
  const estate = { ...estateOf(2), workspaces: estateOf(2).workspaces.slice(1) };
  const check = async (layer: object) => {
    const { baseline } = parseBaseline(JSON.stringify({ customers: { c1: layer } }), 'baseline.json');
    const asked = () => Promise.reject(new AppError('bug.asked', 'Nobody was to be asked.'));
    const world = {
      assess: { graph: asked, subscription: asked },
      savedQueries: { queries: asked },
      tags: { containers: asked },
      baseline: {
        ...{ tables: asked, diagnostics: asked, agentRules: asked },
        ...{ alerting: asked, resourcesOf: asked, lastChange: asked },
      },
      handlers: [],
      clock: SYSTEM_CLOCK,
    };
    return (await checkBaseline({ file: baseline, estate, scope: EVERYTHING }, world)).report.unknown;
  };

  it('is as agreed where its logs lie with the provider, and cannot be compared else', async () => {
    const workspace = { retentionDays: 90 };
    assert.deepEqual(await check({ architecture: 'central', workspace }), []);
    assert.deepEqual(await check({}), [], 'nothing was agreed');
    assert.match(
      (await check({ architecture: 'hybrid', workspace }))[0]!.error.message,
      /^Nobody who is signed in sees a work/,
    );
  });
});

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { workspaceScope } from '../../src/emulator/armId.ts';
import { findSubscription } from '../../src/emulator/lookup.ts';
import { assignRole } from '../../src/emulator/populate.ts';
import { startSample, tenantscope } from './program.ts';

const BEATS = `// @scope workspace:contoso-prod
// @sink centre
// @limit 50000 rows
Heartbeat
| summarize Beats = count() by Hour = bin(TimeGenerated, 1h), Computer
`;

describe('what runs roll-ups by itself', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let env: Record<string, string>;
  let folder: string;
  const run = (...args: string[]) => tenantscope(['rollup', ...args], { env, cwd: folder });
  const inFolder = (name: string): string => join(folder, '.tenantscope', name);
  before(async () => {
    sample = await startSample();
    const { world } = sample.emulator;
    folder = join(sample.directory, 'repository');
    env = {
      TENANTSCOPE_CLOUD: sample.cloud,
      TENANTSCOPE_LAKE: join(sample.directory, 'lake'),
      XDG_STATE_HOME: join(sample.directory, 'own'),
    };
    await mkdir(inFolder('rollups'), { recursive: true });
    await writeFile(inFolder('rollups/Beats.kql'), BEATS);
    const workspace = [...world.workspaces.values()].find(({ name }) => name === 'nb-soc')!;
    const tenant = findSubscription(world, workspace.subscriptionId)!.tenantId;
    // Whoever makes a Logic App gives its identity roles.
    for (const { kind, homeTenantId, objectId } of [...world.accounts.values()])
      if (kind === 'servicePrincipal' && homeTenantId === tenant)
        assignRole(world, {
          scope: `/subscriptions/${workspace.subscriptionId}`,
          principalId: objectId,
          role: 'User Access Administrator',
        });
    const centre = { kind: 'logAnalytics', tenant, workspace: workspaceScope(workspace) };
    await writeFile(inFolder('centres.json'), JSON.stringify({ centres: { centre } }));
  });
  after(() => sample.close());

  test('github: refused where the state has no place, with what to do', async () => {
    const { code, err } = await run('runner', 'github');
    assert.equal(code, 2);
    assert.match(err, /each start of the runner is a new machine; add "state" with a container of blobs/);
  });

  test('logic-app: the centre is prepared, the app made by its plan, and its identity given its roles', async () => {
    const prepared = await run('prepare', 'Beats', '--yes', '--approve', 'centre');
    assert.equal(prepared.code, 0, prepared.err);
    const { code, err } = await run('runner', 'logic-app', 'Beats', '--deploy', '--yes', '--approve', 'centre');
    assert.equal(code, 0, err);
    assert.match(err, /Make Logic App tenantscope-rollup-Beats/);
    const [app] = sample.emulator.world.logicApps.values();
    const roles = sample.emulator.world.roleAssignments.filter(({ principalId }) => principalId === app!.principalId);
    assert.equal(roles.length, 2, 'the rule and the centre: the workspace is of another tenant');
    assert.match(err, /Their delegations by Azure Lighthouse have to name the identity/);
  });

  test('summary-rule: a rule in each workspace by its plan, and the roll-up that reads what they store', async () => {
    const out = inFolder('rollups/Beats_Rule.kql');
    const { code, err } = await run('summary-rule', 'Beats', '--yes', '--out', out);
    assert.equal(code, 0, err);
    assert.match(err, /never counted by the rule/);
    const rules = [...sample.emulator.world.workspaces.values()].flatMap(({ name, summaryRules }) =>
      [...(summaryRules?.values() ?? [])].filter(({ progress }) => progress).map((rule) => [name, rule.name]),
    );
    assert.deepEqual(
      rules.map(([workspace]) => workspace),
      ['contoso-prod'],
    );
    const text = await readFile(out, 'utf8');
    assert.match(text, /\/\/ @name Beats_Rule\n/);
    assert.match(text, /\n\| where _RuleName == "tenantscope_Beats_[\da-f]{8}"\n\| project Hour, Computer, Beats\n/);
  });
});

import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { groupScope } from '../../src/emulator/armId.ts';
import type { QueryPack } from '../../src/emulator/queryPack.ts';
import type { Workspace } from '../../src/emulator/state.ts';
import { NO_LINKS } from '../harness/system.ts';
import { startSample, tenantscope } from './program.ts';

describe('queries kept in Azure, on the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let workspace: Workspace;
  let pack: QueryPack;
  const run = (...args: string[]) =>
    tenantscope(args, { env: { TENANTSCOPE_CLOUD: sample.cloud }, cwd: sample.directory });
  const at = (...parts: string[]): string => join(sample.directory, ...parts);
  before(async () => {
    sample = await startSample();
    const { world } = sample.emulator;
    workspace = [...world.workspaces.values()].find(
      ({ name, savedSearches }) => name.includes('contoso') && savedSearches.size > 1,
    )!;
    const { subscriptionId, resourceGroup, location } = workspace;
    pack = {
      ...{ subscriptionId, resourceGroup, location, name: 'hunts', tags: {}, queryPackId: world.guid('pack') },
      ...{ timeCreated: world.clock.iso(), timeModified: world.clock.iso(), queries: new Map() },
    };
    const provider = `${groupScope(subscriptionId, resourceGroup)}/providers/Microsoft.OperationalInsights`;
    world.queryPacks.set(`${provider}/queryPacks/hunts`.toLowerCase(), pack);
  });
  after(() => sample.close());

  test('saved searches become files with front comments; what is there is not overwritten without a word', async () => {
    const command = ['pack', 'import', 'mine', '--workspace', workspace.name];
    const plan = await run(...command, '--plan', '--json');
    assert.equal(plan.code, 0, plan.err);
    assert.ok((JSON.parse(plan.out) as { state: string }[]).every(({ state }) => state === 'new'));
    assert.equal((await run(...command)).code, 2, 'nobody is here to confirm it');
    await assert.rejects(readdir(at('mine')), 'nothing was written');
    const done = await run(...command, '--yes', '--json');
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /Billable volume by table/);
    assert.doesNotMatch(done.err, /Billable volume by table/, 'one list, not two');
    const volume = at('mine', 'Billable-volume-by-table.kql');
    const text = await readFile(volume, 'utf8');
    assert.match(text, /^\/\/ @name Billable volume by table\n\/\/ @tags Northbridge\nUsage\n\| where IsBillable\n/);
    const quiet = await readFile(at('mine', 'Computers-that-stopped-reporting.kql'), 'utf8');
    assert.match(quiet, /^\/\/ @function QuietComputers\(age:timespan = 1h\)$/m);
    const unchanged = await run('pack', 'export', 'mine', '--workspace', workspace.name, '--plan');
    assert.match(unchanged.out, /NOTHING TO DO/, 'what came from there is there');
    await writeFile(volume, 'mine alone');
    const again = await run(...command);
    assert.match(again.err, /Billable volume by table - REPLACES another file/);
    assert.match(again.err, /Computers that stopped reporting - there already/);
    assert.equal(await readFile(volume, 'utf8'), 'mine alone');
    const one = await run(...command, '--query-name', 'billable VOLUME by table', '--yes');
    assert.equal(one.code, 0, one.err);
    assert.equal(await readFile(volume, 'utf8'), text);
    assert.match((await run(...command, '--query-name', 'x')).err, /No query is called "x"/);
  });

  test(
    'a link in the folder is not written through: it is refused, and nothing is written',
    { skip: NO_LINKS },
    async () => {
      await mkdir(at('linked'));
      await writeFile(at('elsewhere.txt'), 'not of the folder');
      const names = await readdir(at('mine'));
      const [first] = names;
      await writeFile(at('linked', names.at(-1)!), 'another text');
      const command = ['pack', 'import', 'linked', '--workspace', workspace.name, '--yes'];
      for (const target of [at('elsewhere.txt'), at('nowhere.txt')]) {
        await symlink(target, at('linked', first!));
        const { code, err } = await run(...command);
        assert.equal(code, 2, err);
        assert.match(
          err,
          /is a link, and is not replaced\. Remove it, or choose another folder\. Nothing was written\./,
        );
        assert.equal(await readFile(at('linked', names.at(-1)!), 'utf8'), 'another text');
        await rm(at('linked', first!));
      }
      assert.equal(await readFile(at('elsewhere.txt'), 'utf8'), 'not of the folder');
      assert.equal((await run(...command)).code, 0);
      assert.deepEqual(await readdir(at('linked')), names, 'and nothing else is left there');
    },
  );

  test('a saved search of somebody else does not choose whom it asks, and that is told', async () => {
    workspace.savedSearches.set('foreign', {
      ...{ name: 'foreign', etag: 'x' },
      properties: {
        category: 'x',
        displayName: 'Foreign',
        query: '// @scope all\n// @source resource-graph\nresources',
      },
    });
    const command = ['pack', 'import', 'foreign', '--workspace', workspace.name, '--query-name', 'Foreign'];
    const plan = await run(...command, '--plan', '--json');
    assert.deepEqual((JSON.parse(plan.out) as { ignored: string[] }[])[0]!.ignored, [
      '// @scope all',
      '// @source resource-graph',
    ]);
    const done = await run(...command, '--yes');
    workspace.savedSearches.delete('foreign');
    assert.equal(done.code, 0, done.err);
    assert.match(done.err, /Kept as comments that do not count.*"\/\/ @scope all", "\/\/ @source resource-graph"/);
    assert.equal(
      await readFile(at('foreign', 'Foreign.kql'), 'utf8'),
      '// @name Foreign\n// @tags x\n// @ignored scope all\n// @ignored source resource-graph\nresources\n',
    );
  });

  test('files become queries of a pack by a plan, and come back as they were', async () => {
    await mkdir(at('hunts'), { recursive: true });
    await writeFile(
      at('hunts', 'silent.kql'),
      '// @name Silent machines\n// @description Who stopped\n// @tags operations, daily\n// @param days:int = 7\n' +
        '// @scope customer:fabrikam\nHeartbeat\n| where TimeGenerated < ago(days * 1d)\n',
    );
    await writeFile(
      at('hunts', 'asks.kql'),
      '// @name Asks\n// @param who:string\nHeartbeat | where Computer == who\n',
    );
    await writeFile(at('hunts', 'told.kql'), '// @name Told\nHeartbeat | where Computer has "fabrikam"\n');
    const command = ['pack', 'export', 'hunts', '--workspace', workspace.name, '--query-pack', 'Hunts'];
    const plan = await run(...command, '--plan');
    assert.equal(plan.code, 4, 'not all of them can be kept');
    assert.match(plan.err, /Asks is left out: who has no default, and a saved query asks for nothing/);
    assert.match(plan.out, /1\. Save query Silent machines/);
    assert.match(plan.out, /"Told": the text names another customer.*query pack hunts/);
    assert.match(plan.out, /az rest --method put --url \S+\/queryPacks\/hunts\/queries\//i);
    assert.equal(pack.queries.size, 0, 'a plan does nothing');
    const done = await run(...command, '--yes', '--query-name', 'Silent machines');
    assert.equal(done.code, 0, done.err);
    const [kept] = [...pack.queries.values()];
    assert.deepEqual(kept!.properties, {
      displayName: 'Silent machines',
      body: 'let days = int(7); Heartbeat\n| where TimeGenerated < ago(days * 1d)',
      description: 'Who stopped',
      related: { categories: ['operations'] },
      tags: { labels: ['operations', 'daily'] },
    });
    const again = await run(...command, '--yes', '--query-name', 'Silent machines');
    assert.match(again.err, /NOTHING TO DO/);
    assert.equal(done.err.split('The same as an ARM template').length - 1, 1, 'in the plan, not in the receipt again');
    const back = await run('pack', 'import', 'back', '--workspace', workspace.name, '--query-pack', 'hunts', '--yes');
    assert.equal(back.code, 0, back.err);
    assert.equal(
      await readFile(at('back', 'Silent-machines.kql'), 'utf8'),
      '// @name Silent machines\n// @description Who stopped\n// @tags operations, daily\n' +
        'let days = int(7); Heartbeat\n| where TimeGenerated < ago(days * 1d)\n',
    );
  });

  test('a place that is not named, or is not there, is told', async () => {
    assert.match((await run('pack', 'import', 'x')).err, /Which workspace\? Give --workspace/);
    const missing = await run('pack', 'import', 'x', '--workspace', workspace.name, '--query-pack', 'nothing');
    assert.match(
      missing.err,
      /No query pack is called "nothing" in the subscription of .*There are: hunts\. To make one: az monitor/,
    );
    assert.match(
      missing.err,
      /query-pack create --subscription [-0-9a-f]{36} --resource-group \S+ --query-pack-name NAME/,
    );
    assert.equal(missing.code, 2);
  });
});

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { PlanResult } from '../../src/model/plan.ts';
import type { EraseReceipt } from '../../src/model/rollup.ts';
import { OnboardHold } from '../../src/app/onboardHold.ts';
import { startSample, tenantscope } from './program.ts';

const BEATS = `// @name Beats
// @window 1h
// @lateness 10m
// @schedule every 1h
// @scope customer:adatum customer:coho
Heartbeat
| summarize Beats = count() by Hour = bin(TimeGenerated, 1h), Computer
`;
const COUNT = 'Beats_parts | summarize Rows = count() by _Customer | order by _Customer asc';

describe('a customer of the sample estate is let go', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let folder: string;
  let lake: string;
  const run = (...args: string[]) =>
    tenantscope(args, { env: { TENANTSCOPE_CLOUD: sample.cloud, TENANTSCOPE_LAKE: lake }, cwd: folder });
  const stored = async (): Promise<string> => (await run('kql', 'count.kql', '--data', lake, '--format', 'csv')).out;
  before(async () => {
    sample = await startSample();
    folder = join(sample.directory, 'repository');
    lake = join(sample.directory, 'lake');
    await mkdir(join(folder, '.tenantscope', 'rollups'), { recursive: true });
    await writeFile(join(folder, '.tenantscope', 'rollups', 'Beats.kql'), BEATS);
    await writeFile(join(folder, 'count.kql'), COUNT);
  });
  after(() => sample.close());

  test('--erase: its rows leave the centre, those of others stay; run again, nothing is left to do', async () => {
    const hour = 3_600_000;
    const to = Math.floor(Date.now() / hour) * hour - hour;
    const range = [to - 2 * hour, to].map((ms) => new Date(ms).toISOString()).join('/');
    const filled = await run('rollup', 'run', '--backfill', range);
    assert.ok(filled.code === 0 || filled.code === 4, filled.err);
    const both = await stored();
    assert.match(both, /Adatum,\d+\r?\nCoho Winery,\d+/);

    const args = ['offboard', 'Adatum', '--erase', '--yes', '--name', 'Adatum', '--json'];
    const gone = await run(...args);
    assert.ok(gone.code === 0 || gone.code === 4, gone.err);
    const { results, erased } = JSON.parse(gone.out) as { results: PlanResult[]; erased: EraseReceipt[] };
    assert.ok(results.length > 0 && results.every(({ ok }) => ok));
    assert.deepEqual(
      erased.map(({ sink, tables }) => [sink, tables.length > 0 && tables.every(({ rows }) => rows > 0)]),
      [['lake', true]],
    );
    assert.equal(await stored(), both.replace(/Adatum,\d+\r?\n/, ''));
    const written = (name: string) => readFile(join(folder, '.tenantscope', 'offboarding', 'adatum', name), 'utf8');
    assert.match(await written('erased.txt'), /^lake: Adatum was erased at/);
    assert.match(await written('rollups.json'), /"sink": "lake"/);
    const settings = await written('settings.json');
    const workspaces = [...sample.emulator.world.workspaces.values()].map(({ name }) => name);
    for (const { name } of JSON.parse(settings) as { name: string }[]) assert.ok(workspaces.includes(name), name);

    const other = new OnboardHold(join(folder, '.tenantscope', 'offboarding', 'adatum'));
    await other.hold();
    const busy = await run('offboard', 'Adatum', '--plan');
    await other.release();
    assert.match(busy.err, /Process \d+ on .* is at this customer/, 'nobody writes down what another one is ending');
    const again = await run(...args);
    assert.ok(again.code === 0 || again.code === 4, again.err);
    assert.match(again.err, /Nothing is left at Adatum that your roles let you take away/);
    assert.equal(await written('settings.json'), settings, 'what was written down is not written over by less');
    const plan = await run('offboard', 'Nobody Ltd', '--erase', '--yes', '--name', 'Nobody Ltd');
    assert.match(plan.err, /No customer "Nobody Ltd".*rollup erase/);
  });
});

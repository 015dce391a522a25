import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { findWorkspace } from '../../../src/emulator/lookup.ts';
import { addLock, addSubscription, addTenant, addWorkspace } from '../../../src/emulator/populate.ts';
import { addExtent } from '../../../src/emulator/kusto/tableRows.ts';
import { addContainer, addDatabase } from '../../../src/emulator/populateStores.ts';
import { loadSnapshot } from '../../../src/emulator/snapshot.ts';
import { parseCloudFile } from '../../../src/model/cloudFile.ts';
import { RUNS_SOURCES } from '../../harness/sources.ts';
import { assertMode, ON_WINDOWS } from '../../harness/system.ts';
import { appToken, ask, form, smallEstate, startSmall, userToken } from './smallEstate.ts';

async function directory(t: { after(action: () => Promise<void>): void }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('the state outlives a restart: what was created, the authority, and refresh tokens', async (t) => {
  const stateDir = await directory(t);
  const estate = smallEstate();
  const first = await startSmall(estate, { stateDir });
  const token = await appToken(first, estate, estate.provider);
  const { refresh_token } = await userToken(first, 'engineer@provider.example');
  const group = `/subscriptions/${estate.home.subscriptionId}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces`;
  await ask(first, `${group}/law-kept?api-version=2025-07-01`, {
    token,
    method: 'PUT',
    body: { location: 'westeurope', tags: { kept: 'yes' } },
  });
  await ask(first, `${group}/law-provider?api-version=2025-07-01`, { token, method: 'DELETE' });
  addLock(estate.world, { scope: `${group}/law-kept`, name: 'keep', by: 'olga@provider.example' });
  await first.close();

  const again = smallEstate();
  const second = await startSmall(again, { stateDir });
  t.after(() => second.close());
  assert.equal(second.ca, first.ca);
  assert.deepEqual(findWorkspace(again.world, again.home.subscriptionId, 'rg-logs', 'law-kept')?.tags, { kept: 'yes' });
  assert.equal(findWorkspace(again.world, again.home.subscriptionId, 'rg-logs', 'law-provider'), undefined);
  assert.equal(again.world.deletedWorkspaces.size, 1);
  assert.deepEqual(
    again.world.locks.map(({ name, systemData }) => [name, systemData.createdBy]),
    [['keep', 'olga@provider.example']],
  );
  const refreshed = await ask(second, '/organizations/oauth2/v2.0/token', {
    method: 'POST',
    body: form({
      grant_type: 'refresh_token',
      client_id: 'x',
      refresh_token,
      scope: 'https://management.azure.com/.default',
    }),
  });
  assert.equal(refreshed.status, 200);
  assertMode(join(stateDir, 'ca.key'), 0o600);
});

test('a state that cannot be saved is said, and what runs goes on', async (t) => {
  const stateDir = await directory(t);
  const estate = smallEstate();
  const problems: string[] = [];
  const emulator = await startSmall(estate, { stateDir, onProblem: (message) => problems.push(message) });
  await mkdir(join(stateDir, 'world.json.new'));
  const token = await appToken(emulator, estate, estate.provider);
  const path = `/subscriptions/${estate.home.subscriptionId}/resourceGroups/rg-unsaved?api-version=2025-04-01`;
  assert.equal((await ask(emulator, path, { token, method: 'PUT', body: { location: 'westeurope' } })).status, 201);
  await emulator.close();
  assert.equal(problems.length, 1);
  assert.match(problems[0]!, /could not be saved to .*EISDIR/);
});

test('a damaged or foreign state is refused with its path', async (t) => {
  const dir = await directory(t);
  await writeFile(join(dir, 'world.json'), '{"version":1,"se');
  await assert.rejects(loadSnapshot(emptyWorld(), dir), /world\.json is not readable JSON/);
  await writeFile(join(dir, 'world.json'), JSON.stringify({ version: 1, seed: 5, maps: {}, lists: {} }));
  await assert.rejects(loadSnapshot(emptyWorld({ seed: 1 }), dir), /seed 5, not 1/);
});

test('the same seed and clock make the same world; another seed another one', () => {
  const make = (seed: number): string => {
    const world = emptyWorld({ seed, clock: new EmulatedClock(0, true) });
    const tenant = addTenant(world, { displayName: 'T', domain: 't.example' });
    const workspace = addWorkspace(world, {
      subscription: addSubscription(world, { tenant, displayName: 'S' }),
      resourceGroup: 'rg',
      name: 'law',
      location: 'eastus',
    });
    return JSON.stringify([tenant, workspace.properties, workspace.keys]);
  };
  assert.equal(make(1), make(1));
  assert.notEqual(make(1), make(2));
});

test('the program writes its ready file, serves the sample estate and stops cleanly', async (t) => {
  const dir = await directory(t);
  const ready = join(dir, 'is ready.json');
  const program = spawn(process.execPath, [...RUNS_SOURCES, 'src/emulator/main.ts', '--ready', ready, '--seed', '3'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => program.kill('SIGKILL'));
  let printed = '';
  program.stdout.setEncoding('utf8').on('data', (part: string) => {
    printed += part;
  });
  while (!printed.includes('Ctrl+C')) await once(program.stdout, 'data');
  const text = await readFile(ready, 'utf8');
  const { cloud, sampleAccounts, customersFile } = parseCloudFile(text, ready);
  const { admin } = JSON.parse(text) as { admin: { token: string } };
  assertMode(ready, 0o600);
  // A person's name may be in the path, and names have spaces.
  assert.ok(printed.includes(`tenantscope estate --cloud "${ready}"`), printed);
  const [account] = sampleAccounts;
  assert.ok(JSON.parse(await readFile(customersFile!, 'utf8')));
  const emulator = { url: cloud.authority, ca: cloud.ca } as Parameters<typeof ask>[0];
  const answer = await ask(emulator, `/${account!.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: form({
      grant_type: 'client_credentials',
      client_id: account!.clientId,
      client_secret: account!.clientSecret,
      scope: 'https://management.azure.com/.default',
    }),
  });
  const { access_token: token } = answer.json<{ access_token: string }>();
  const { value } = (await ask(emulator, '/subscriptions?api-version=2022-12-01', { token })).json<{
    value: unknown[];
  }>();
  assert.ok(value.length >= 10, `${value.length} subscriptions`);
  assert.doesNotMatch(printed, new RegExp(admin.token));
  program.kill('SIGTERM');
  const [code] = (await once(program, 'exit')) as [number | null];
  // Windows has no signal that asks: the process is ended at once, and what it would have removed stays.
  if (ON_WINDOWS) assert.deepEqual([code, existsSync(ready)], [null, true]);
  else assert.deepEqual([code, await readdir(dir)], [0, []]);
});

test('a wrong option is named', async () => {
  const program = spawn(process.execPath, [...RUNS_SOURCES, 'src/emulator/main.ts', '--customers', 'many'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  program.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  const [code] = (await once(program, 'close')) as [number];
  assert.equal(code, 2);
  assert.match(said, /--customers takes a whole number from 1 to 1000, not 'many'/);
});

test('so do the rows of a database, exactly, and the blobs of a container', async (t) => {
  const stateDir = await directory(t);
  const estate = smallEstate();
  const first = await startSmall(estate, { stateDir });
  const database = addDatabase(estate.world, { cluster: '/c', name: 'central', principals: [] });
  const table = {
    name: 'T',
    columns: [{ name: 'N', type: 'long' as const }],
    folder: '',
    docstring: '',
    policies: new Map<string, string>(),
    mappings: new Map(),
    extents: [],
  };
  addExtent(table, [[9_007_199_254_740_993n], [null]], ['drop-by:a'], estate.world.clock.iso());
  database.tables.set('T', table);
  const blob = { content: 'e30=', etag: '"1"', modified: '', contentType: 'application/json' };
  addContainer(estate.world, { account: '/a/stemux', name: 'state' }).blobs.set('a/b', blob);
  const stores = new Map(estate.world.stores);
  await first.close();

  const again = smallEstate();
  const second = await startSmall(again, { stateDir });
  t.after(() => second.close());
  assert.deepEqual(again.world.stores, stores);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { assignRole } from '../../../src/emulator/populate.ts';
import { appToken, ask, smallEstate, startSmall, userToken, type RawAnswer, type SmallEstate } from './smallEstate.ts';

let estate: SmallEstate;
let emulator: Emulator;
let owner: string;
let contributor: string;

before(async () => {
  estate = smallEstate();
  assignRole(estate.world, { scope: subscription(), principalId: estate.reader.objectId, role: 'Owner' });
  emulator = await startSmall(estate);
  owner = (await userToken(emulator, 'reader@provider.example')).access_token;
  contributor = await appToken(emulator, estate, estate.provider);
});
after(() => emulator.close());

function subscription(): string {
  return `/subscriptions/${estate.home.subscriptionId}`;
}
const group = (): string => `${subscription()}/resourceGroups/rg-logs`;
const workspace = (): string => `${group()}/providers/Microsoft.OperationalInsights/workspaces/law-provider`;
const lockAt = (scope: string, name: string, version = '2016-09-01'): string =>
  `${scope}/providers/Microsoft.Authorization/locks/${name}?api-version=${version}`;

type Body = { id: string; name: string; properties: { level: string; notes?: string }; systemData?: object };

function put(scope: string, name: string, level: string, token = owner): Promise<RawAnswer> {
  return ask(emulator, lockAt(scope, name), { method: 'PUT', token, body: { properties: { level } } });
}

async function unlock(scope: string, name: string): Promise<void> {
  assert.equal((await ask(emulator, lockAt(scope, name), { method: 'DELETE', token: owner })).status, 200);
}

function refusal(answer: RawAnswer): [number, string, string] {
  const { code, message } = answer.json<{ error: { code: string; message: string } }>().error;
  return [answer.status, code, message];
}

test('a lock is set, read, changed and taken away; its id keeps the case it was written in', async () => {
  const scope = workspace().replace('/resourceGroups/', '/resourcegroups/');
  const made = await put(scope, 'keep', 'CanNotDelete');
  assert.equal(made.status, 201);
  assert.deepEqual(made.json<Body>(), {
    properties: { level: 'CanNotDelete' },
    id: `${scope}/providers/Microsoft.Authorization/locks/keep`,
    type: 'Microsoft.Authorization/locks',
    name: 'keep',
  });
  const noted = await ask(emulator, lockAt(workspace(), 'KEEP', '2020-05-01'), {
    method: 'PUT',
    token: owner,
    body: { properties: { level: 'ReadOnly', notes: 'audit' } },
  });
  assert.deepEqual([noted.status, noted.json<Body>().name], [200, 'keep']);
  const read = (await ask(emulator, lockAt(workspace(), 'keep', '2020-05-01'), { token: owner })).json<
    Body & { systemData: { createdBy: string; createdByType: string } }
  >();
  assert.deepEqual(read.properties, { level: 'ReadOnly', notes: 'audit' });
  assert.deepEqual([read.systemData.createdBy, read.systemData.createdByType], ['reader@provider.example', 'User']);
  await unlock(workspace(), 'keep');
  assert.equal((await ask(emulator, lockAt(workspace(), 'keep'), { method: 'DELETE', token: owner })).status, 204);
  const gone = await ask(emulator, lockAt(workspace(), 'keep'), { token: owner });
  assert.deepEqual(refusal(gone).slice(0, 2), [404, 'LockNotFound']);
  assert.equal((await put(workspace(), 'keep', 'Never')).status, 400);
  assert.equal((await put(workspace().replace('law-provider', 'law-none'), 'keep', 'ReadOnly')).status, 404);
});

test('a scope lists its own locks, those above and those beneath; atScope() leaves the last out', async () => {
  await put(subscription(), 'all', 'CanNotDelete');
  await put(group(), 'group', 'CanNotDelete');
  await put(workspace(), 'one', 'CanNotDelete');
  const names = async (scope: string, filter = ''): Promise<string[]> => {
    const answer = await ask(
      emulator,
      `${scope}/providers/Microsoft.Authorization/locks?api-version=2016-09-01${filter}`,
      { token: contributor },
    );
    return answer.json<{ value: Body[] }>().value.map(({ name }) => name);
  };
  assert.deepEqual(await names(subscription()), ['all', 'group', 'one']);
  assert.deepEqual(await names(group()), ['all', 'group', 'one']);
  assert.deepEqual(await names(group(), '&$filter=atScope()'), ['all', 'group']);
  assert.deepEqual(await names(workspace()), ['all', 'group', 'one']);
  await unlock(subscription(), 'all');
  await unlock(group(), 'group');
  await unlock(workspace(), 'one');
});

test('who may not write locks sets none: a contributor, and whoever comes by Lighthouse', async () => {
  const refused = await put(workspace(), 'mine', 'CanNotDelete', contributor);
  assert.deepEqual(refusal(refused).slice(0, 2), [403, 'AuthorizationFailed']);
  assert.match(refusal(refused)[2], /'Microsoft\.Authorization\/locks\/write'/);
  const delegated = `/subscriptions/${estate.delegated.subscriptionId}`;
  assert.equal((await put(delegated, 'theirs', 'CanNotDelete', contributor)).status, 403);
});

test('a locked scope refuses deletion of what is in it, of itself, and of what holds it, and says which is locked', async () => {
  const url = `${workspace()}?api-version=2025-07-01`;
  await put(group(), 'keep', 'CanNotDelete');
  assert.deepEqual(refusal(await ask(emulator, url, { method: 'DELETE', token: contributor })), [
    409,
    'ScopeLocked',
    `The scope '${workspace()}' cannot perform delete operation because following scope(s) are locked: '${group()}'. Please remove the lock and try again.`,
  ]);
  const patched = await ask(emulator, url, { method: 'PATCH', token: contributor, body: { tags: { a: 'b' } } });
  assert.equal(patched.status, 200);
  await put(workspace(), 'too', 'ReadOnly');
  assert.match(
    refusal(await ask(emulator, url, { method: 'DELETE', token: contributor }))[2],
    new RegExp(`are locked: '${group()},${workspace()}'`),
  );
  await unlock(group(), 'keep');
  const whole = await ask(emulator, `${group()}?api-version=2021-04-01`, { method: 'DELETE', token: contributor });
  assert.deepEqual(refusal(whole).slice(0, 2), [409, 'ScopeLocked']);
  await unlock(workspace(), 'too');
});

test('a ReadOnly lock refuses writes and keys too, but not reading, and not taking it away', async () => {
  await put(subscription(), 'frozen', 'ReadOnly');
  const version = '?api-version=2025-07-01';
  const patched = await ask(emulator, `${workspace()}${version}`, {
    method: 'PATCH',
    token: contributor,
    body: { tags: {} },
  });
  assert.deepEqual(refusal(patched).slice(0, 2), [409, 'ScopeLocked']);
  assert.match(refusal(patched)[2], /cannot perform write operation because following scope\(s\) are locked: '\/sub/);
  const keys = await ask(emulator, `${workspace()}/sharedKeys${version}`, { method: 'POST', token: contributor });
  assert.equal(keys.status, 409);
  assert.equal((await ask(emulator, `${workspace()}${version}`, { token: contributor })).status, 200);
  await unlock(subscription(), 'frozen');
});

test('a deployment into a locked workspace fails with the lock as its reason', async () => {
  await put(workspace(), 'frozen', 'ReadOnly');
  const at = `${group()}/providers/Microsoft.Resources/deployments/d1?api-version=2021-04-01`;
  const resource = {
    type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
    apiVersion: '2020-08-01',
    name: 'law-provider/s1',
    properties: { category: 'c', displayName: 'd', query: 'Heartbeat' },
  };
  const template = { contentVersion: '1.0.0.0', resources: [resource] };
  await ask(emulator, at, {
    method: 'PUT',
    token: contributor,
    body: { properties: { mode: 'Incremental', template } },
  });
  const { properties } = (await ask(emulator, at, { token: contributor })).json<{
    properties: { provisioningState: string; error: object };
  }>();
  assert.equal(properties.provisioningState, 'Failed');
  assert.match(JSON.stringify(properties.error), /ScopeLocked/);
  await unlock(workspace(), 'frozen');
});

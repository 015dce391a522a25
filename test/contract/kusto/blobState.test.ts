/** The state of roll-ups in blobs: what every place promises, and what this one is asked and refused on its own. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { containerAddress } from '../../../src/azure/blobs/blobState.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import { stateContract } from '../rollup/stateContract.ts';
import { openCentre } from './centreEstate.ts';
import type { CentreEstate } from './centreEstate.ts';

const BLOB = (name: string): string => `tenantscope-state/${name}.json`;

stateContract('A container of blobs', async () => {
  const centre = await openCentre();
  return {
    open: centre.state,
    spoil: (name, text) => {
      const { blobs } = centre.container;
      blobs.set(BLOB(name), { ...blobs.get(BLOB(name))!, content: Buffer.from(text).toString('base64') });
      return Promise.resolve();
    },
    close: centre.close,
  };
});

describe('the state in a container', () => {
  let centre: CentreEstate;
  before(async () => {
    centre = await openCentre();
  });
  beforeEach(() => {
    centre.emulator.faults.clear();
    centre.container.blobs.clear();
  });
  after(() => centre.close());

  it('is changed once where the answer to the change was lost, and says so', async () => {
    const state = centre.state();
    assert.equal(await state.save('lease', { owner: 'a' }, 0), true);
    centre.emulator.faults.add({ match: { service: 'storage' }, fault: { kind: 'failAfter', status: 503 }, times: 1 });
    assert.equal(await state.save('lease', { owner: 'b' }, 1), true, 'the change is there, and it is ours');
    assert.deepEqual(await state.load('lease'), { value: { owner: 'b' }, version: 2 });
  });
  it('is not taken for changed where another runner made the same change', async () => {
    const [mine, theirs] = [centre.state(), centre.state()];
    await mine.save('switches', { off: [] }, 0);
    assert.equal(await theirs.save('switches', { off: ['x'] }, 1), true);
    assert.equal(await mine.save('switches', { off: ['x'] }, 1), false);
  });
  it('asks with a token for storage, and for nothing else', async () => {
    await centre.state().load('x');
    assert.deepEqual([...new Set(centre.asked.map(({ audience }) => audience))], ['https://storage.azure.com']);
  });
  it('says who can mend it where a role or the container is missing', async () => {
    const { roleAssignments } = centre.small.world;
    const role = roleAssignments.pop()!;
    centre.small.world.touch();
    await assert.rejects(centre.state().load('x'), (error: { code?: string; message?: string }) => {
      assert.match(error.code ?? '', /^access\./);
      return true;
    });
    roleAssignments.push(role);
    centre.small.world.touch();
  });
  it('tells a service that is busy from a document that is not there', async () => {
    centre.emulator.faults.add({ match: { service: 'storage' }, fault: { kind: 'throttle' } });
    await assert.rejects(centre.state().load('x'), { retryable: true });
  });
  it('pages through a long list', async () => {
    const held = { content: '', etag: '"1"', modified: new Date(0).toUTCString(), contentType: 'application/json' };
    for (let n = 0; n < 5_100; n++) centre.container.blobs.set(BLOB(`many/${String(n).padStart(5, '0')}`), held);
    const names = await centre.state().list('many');
    assert.deepEqual([names.length, names.at(-1)], [5_100, 'many/05099']);
  });
});

describe('the address of a container', () => {
  const good = 'https://account1.blob.core.windows.net/state';
  it('is one of the cloud, as it stands', () => {
    assert.equal(containerAddress(PUBLIC_CLOUD, good), good);
    assert.equal(containerAddress(PUBLIC_CLOUD, `${good}/`), good);
  });
  it('is refused where a token would go elsewhere', () => {
    for (const bad of [
      'https://evil.example/state',
      'https://account1.blob.core.windows.net.evil.example/state',
      'https://evil.example/.blob.core.windows.net/state',
      'http://account1.blob.core.windows.net/state',
      'https://user@account1.blob.core.windows.net/state',
      'https://account1.blob.core.windows.net:8443/state',
      'https://a.b.blob.core.windows.net/state',
      'https://account1.blob.core.windows.net/state?sig=x',
      'https://account1.blob.core.windows.net/state/more',
      'https://account1.blob.core.windows.net/',
      'https://account1.blob.core.chinacloudapi.cn/state',
      'no address',
    ])
      assert.throws(() => containerAddress(PUBLIC_CLOUD, bad), { code: 'input.centreAddress' }, bad);
  });
});

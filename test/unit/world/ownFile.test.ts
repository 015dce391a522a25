import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadKeys } from '../../../src/emulator/keyStore.ts';
import { makeOwnFolder, writeOwnFile } from '../../../src/emulator/ownFile.ts';
import { openStore } from '../../../src/engine/store/storeFile.ts';
import { assertMode, NO_LINKS } from '../../harness/system.ts';

const root = mkdtempSync(join(tmpdir(), 'tenantscope-own-'));
after(() => {
  rmSync(root, { recursive: true });
});

test('a link where the emulator writes is replaced, and leads nowhere', { skip: NO_LINKS }, async () => {
  const [theirs, path] = [join(root, 'theirs'), join(root, 'ready.json')];
  writeFileSync(theirs, 'kept');
  for (const name of [path, `${path}.new`]) symlinkSync(theirs, name);
  await writeOwnFile(path, 'secret');
  assert.deepEqual([readFileSync(theirs, 'utf8'), readFileSync(path, 'utf8')], ['kept', 'secret']);
  assertMode(path, 0o600);
  const keys = join(root, 'keys');
  mkdirSync(keys);
  symlinkSync(theirs, join(keys, 'ca.key'));
  await loadKeys([], keys);
  assert.equal(readFileSync(theirs, 'utf8'), 'kept');
  assert.match(readFileSync(join(keys, 'ca.key'), 'utf8'), /PRIVATE KEY/);
});

test('a folder of the emulator is its own', { skip: NO_LINKS }, async () => {
  await makeOwnFolder(join(root, 'own'));
  assertMode(join(root, 'own'), 0o700);
  symlinkSync(join(root, 'own'), join(root, 'door'));
  await assert.rejects(makeOwnFolder(join(root, 'door')), /is a link or belongs to somebody else/);
});

test('the rows of runs are their owner’s alone, in a folder that everybody could read before, too', async () => {
  for (const persist of [true, false]) {
    const directory = join(root, `runs-${persist}`);
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    const store = await openStore({ directory, persist, memoryLimitMb: 128 });
    assertMode(directory, 0o700);
    assert.ok(existsSync(store.path!));
    assertMode(store.path!, 0o600);
    await store.close();
  }
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { SchemaFolder } from '../../../src/app/schemaFolder.ts';
import { toAccountId, toTenantId, toWorkspaceKey } from '../../../src/model/ids.ts';
import type { WorkspaceSchema } from '../../../src/ports/logs.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'schemas-'));
});
after(() => rm(root, { recursive: true, force: true }));

const ISSUER = { account: toAccountId('engineer@provider.example'), tenant: toTenantId('tenant-of-contoso') };
const KEY = toWorkspaceKey('/subscriptions/s/law-contoso');
const SCHEMA: WorkspaceSchema = {
  tables: Array.from({ length: 50 }, (_, i) => ({
    name: `Table${i}`,
    columns: Array.from({ length: 20 }, (_c, c) => ({
      name: `Column${c}`,
      type: 'string' as const,
      description: 'What it says',
    })),
    plan: 'Analytics' as const,
  })),
  functions: [{ name: 'F', parameters: '()', body: 'Table1 | count' }],
};

test('what one session keeps the next one finds: of the same token and cloud alone', async () => {
  const folder = join(root, 'kept');
  const first = new SchemaFolder(folder, 'public');
  first.keep(ISSUER, KEY, SCHEMA);
  await first.find(ISSUER, KEY);
  await first.flush();
  const next = new SchemaFolder(folder, 'public');
  assert.deepEqual(await next.find(ISSUER, KEY), SCHEMA);
  assert.equal(await next.find({ ...ISSUER, account: toAccountId('other') }, KEY), undefined);
  assert.equal(await next.find({ ...ISSUER, tenant: toTenantId('other') }, KEY), undefined);
  assert.equal(await next.find(ISSUER, toWorkspaceKey('/other')), undefined);
  assert.equal(await new SchemaFolder(folder, 'china').find(ISSUER, KEY), undefined);
});

test('the file is one for a token, says whose nothing is, and holds what is alike once', async () => {
  const folder = join(root, 'many');
  const shelf = new SchemaFolder(folder, 'public');
  for (let n = 0; n < 200; n++)
    shelf.keep(ISSUER, toWorkspaceKey(`/subscriptions/s/law-${n}`), structuredClone(SCHEMA));
  await shelf.find(ISSUER, KEY);
  await shelf.flush();
  const [file, ...more] = await readdir(folder);
  assert.deepEqual(more, []);
  assert.match(file!, /^schemas-[0-9a-f]{32}\.json\.gz$/);
  const text = gunzipSync(await readFile(join(folder, file!))).toString();
  assert.doesNotMatch(text, /law-|subscriptions|provider|contoso|engineer/);
  assert.ok(text.length < 3 * JSON.stringify(SCHEMA).length, `${text.length} characters`);
  if (process.platform !== 'win32') assert.equal((await stat(join(folder, file!))).mode & 0o777, 0o600);
});

test('a file that is damaged, or of another version, is as none', async () => {
  const folder = join(root, 'damaged');
  const shelf = new SchemaFolder(folder, 'public');
  shelf.keep(ISSUER, KEY, SCHEMA);
  await shelf.find(ISSUER, KEY);
  await shelf.flush();
  const path = join(folder, (await readdir(folder))[0]!);
  const whole = await readFile(path);
  for (const bytes of [whole.subarray(0, 40), Buffer.from('no gzip'), Buffer.alloc(0)]) {
    await writeFile(path, bytes);
    assert.equal(await new SchemaFolder(folder, 'public').find(ISSUER, KEY), undefined);
  }
});

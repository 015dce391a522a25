import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { removePath, replaceFile } from '../../../src/engine/replaceFile.ts';
import { ON_WINDOWS } from '../../harness/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'replace-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A system on which the first renames fail with `code`, as an open file makes them on Windows. */
function held(code: string, times: number): { rename: typeof rename; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    rename: (from, to) =>
      ++asked <= times ? Promise.reject(Object.assign(new Error(`${code}: held`), { code })) : rename(from, to),
  };
}

test('a file that somebody has open for a moment is replaced when it is free', async () => {
  for (const code of ['EPERM', 'EACCES', 'EBUSY']) {
    const [from, to] = [join(folder, 'new'), join(folder, 'there')];
    writeFileSync(from, code);
    writeFileSync(to, 'old');
    const system = held(code, 3);
    await replaceFile(from, to, { rename: system.rename, platform: 'win32' });
    assert.deepEqual([readFileSync(to, 'utf8'), existsSync(from), system.asked()], [code, false, 4]);
  }
});

test('elsewhere, and for another reason, the first failure is the answer', async () => {
  for (const [platform, code] of [
    ['linux', 'EPERM'],
    ['win32', 'ENOENT'],
  ] as const) {
    const system = held(code, 1);
    await assert.rejects(replaceFile('a', 'b', { rename: system.rename, platform }), { code });
    assert.equal(system.asked(), 1);
  }
});

test('a file that stays held is told after two seconds, with what the system said', async () => {
  const system = held('EBUSY', Infinity);
  const begun = Date.now();
  await assert.rejects(replaceFile('a', 'b', { rename: system.rename, platform: 'win32' }), { code: 'EBUSY' });
  assert.ok(system.asked() > 5 && Date.now() - begun >= 1_900, `${system.asked()} times in ${Date.now() - begun} ms`);
});

test('the system of this machine: an open file is replaced once its reader has gone', async () => {
  const [from, to] = [join(folder, 'fresh'), join(folder, 'open')];
  writeFileSync(from, 'new');
  writeFileSync(to, 'old');
  const reader = await open(to);
  const replaced = replaceFile(from, to);
  setTimeout(() => void reader.close(), 100);
  await replaced;
  assert.equal(readFileSync(to, 'utf8'), 'new');
});

test('a folder goes with what is in it, a file too; what is not there is no failure', async () => {
  const path = join(folder, 'a', 'b');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, ON_WINDOWS ? 'c' : 'c?'), '');
  await removePath(join(folder, 'a'));
  writeFileSync(join(folder, 'file'), '');
  await removePath(join(folder, 'file'));
  await removePath(join(folder, 'never'));
  assert.deepEqual([existsSync(join(folder, 'a')), existsSync(join(folder, 'file'))], [false, false]);
});

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeText } from '../../../src/base/decodeText.ts';
import { removePath } from '../../../src/engine/replaceFile.ts';
import { textLines } from '../../../src/engine/runtime/textRecords.ts';

const LITTLE = Buffer.from('\uFEFFÆgir', 'utf16le');

test('a text is read in UTF-8 and, where its mark says so, in UTF-16; the mark is no part of it', () => {
  for (const bytes of [Buffer.from('Ægir'), Buffer.from('\uFEFFÆgir'), LITTLE, Buffer.from(LITTLE).swap16()])
    assert.equal(decodeText(bytes), 'Ægir');
  assert.equal(decodeText(new Uint8Array()), '');
});

test('lines of UTF-16 come as they are, over the borders of what is read at a time', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'rows.txt');
  const lines = Array.from({ length: 30_000 }, (_, i) => `Ægir ${'😀'.repeat(i % 7)} ${i}`);
  writeFileSync(path, Buffer.from(`\uFEFF${lines.join('\r\n')}`, 'utf16le'));
  const read: string[] = [];
  for await (const line of textLines(path)) read.push(line);
  assert.deepEqual(read, lines);
});

test('who stops reading leaves no open file behind, so that its folder can go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  const path = join(folder, 'rows.txt');
  writeFileSync(path, 'a line of some length\n'.repeat(500_000));
  for await (const line of textLines(path)) {
    assert.equal(line, 'a line of some length');
    break;
  }
  // Linux lists what a process has open; Windows refuses to remove it.
  if (process.platform === 'linux') {
    await new Promise((soon) => setTimeout(soon, 50));
    const open = readdirSync('/proc/self/fd').flatMap((fd) => {
      const link = join('/proc/self/fd', fd);
      return existsSync(link) ? [readlinkSync(link)] : [];
    });
    assert.ok(!open.includes(path));
  }
  await removePath(folder);
});

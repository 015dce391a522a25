import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { customerFileNames } from '../../../src/core/runs/customerFileNames.ts';

const HOSTILE: readonly (readonly [name: string, file: string, why: string])[] = [
  ['Contoso Ltd.', 'Contoso Ltd', 'Windows drops a dot at the end'],
  ['  Fabrikam  ', 'Fabrikam', 'and spaces'],
  ['../../etc/passwd', 'etc-passwd', 'no way out of the folder'],
  ['..\\..\\x', 'x', 'nor with the separators of Windows'],
  ['C:\\Windows', 'C-Windows', 'nor to a drive'],
  ['a/b:c*d?e"f<g>h|i', 'a-b-c-d-e-f-g-h-i', 'characters that Windows refuses'],
  ['NUL', '_NUL', 'a device of Windows'],
  ['com1.example', '_com1.example', 'a device, whatever its ending'],
  ['Lpt\u00b3', '_Lpt\u00b3', 'superscripts count'],
  ['CON .txt', '_CON .txt', 'a space does not help'],
  ['Console', 'Console', 'what only begins like a device is none'],
  ['-rf', 'rf', 'no option'],
  ['~$book', '$book', 'no lock of Excel'],
  ['.hidden', 'hidden', 'not hidden'],
  ['ab\u0000c\u202edxet\u200b\ud800', 'abcdxet', 'nothing that hides or turns a name'],
  ['  ...  ', 'customer', 'nothing is left'],
  ['Adatum.completeness', 'Adatum-completeness', 'not the name of what lies beside a file'],
];

test('a customer with a hostile name gets a file that every system takes', async (context) => {
  for (const [name, file, why] of HOSTILE) assert.deepEqual(customerFileNames([name]), [file], why);
  const folder = await mkdtemp(join(tmpdir(), 'names-'));
  context.after(() => rm(folder, { recursive: true }));
  const files = customerFileNames(HOSTILE.map(([name]) => name)).map((name) => `${name}.csv`);
  for (const file of files) await writeFile(join(folder, file), '');
  assert.deepEqual((await readdir(folder)).sort(), [...files].sort());
});

test('customers called alike keep files of their own, where case and composition do not count', () => {
  const names = ['Contoso', 'CONTOSO', 'contoso.', 'Caf\u00e9', 'Cafe\u0301', 'Contoso (2)', 'Stra\u00dfe', 'STRASSE'];
  const files = customerFileNames(names);
  const likeness = files.map((file) => file.normalize('NFKC').toUpperCase());
  assert.equal(new Set(likeness).size, names.length, files.join(', '));
  const turned = customerFileNames([...names].reverse()).reverse();
  assert.deepEqual(turned, files, 'whatever their order');
});

test('a long name is cut between characters, short enough for what comes behind it', () => {
  for (const name of ['x'.repeat(500), '\u{1f600}'.repeat(200), '\u4e2d'.repeat(200), `${'a'.repeat(79)}. b`]) {
    const [file] = customerFileNames([name]);
    assert.ok(file!.length <= 80 && Buffer.byteLength(`${file!} (100).completeness.json`) <= 255, file);
    assert.ok(!/\p{Surrogate}/u.test(file!) && !/[. ]$/.test(file!), file);
  }
});

import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { checkOut, findDevice, ordinaryFile, writeOut } from '../../../src/cli/output/outFile.ts';
import { assertMode, NO_FULL_DEVICE, NO_LINKS, ON_WINDOWS } from '../../harness/system.ts';

describe('answers in files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'out-'));
  after(() => {
    rmSync(directory, { recursive: true });
  });
  const place = (name: string): string => join(directory, name);
  const said: (string | Uint8Array)[] = [];
  const terminal = {
    write: async (text: string) => {
      said.push(text);
    },
    writeBytes: async (bytes: Uint8Array) => {
      said.push(bytes);
    },
  };
  const partial = (): string[] => readdirSync(directory).filter((name) => name.includes('partial'));

  test('without a file: standard output', async () => {
    await writeOut(undefined, terminal, async (put) => {
      await put('a');
      await put(Buffer.from('b'));
    });
    assert.deepEqual(said, ['a', Buffer.from('b')]);
  });

  test('a file takes its place when it is whole, with the permissions it had', async () => {
    writeFileSync(place('kept'), 'old', { mode: 0o640 });
    await writeOut(place('kept'), terminal, async (put) => {
      await put('new');
      assert.equal(readFileSync(place('kept'), 'utf8'), 'old');
      assert.equal(partial().length, 1);
    });
    assert.equal(readFileSync(place('kept'), 'utf8'), 'new');
    assertMode(place('kept'), 0o640);
    await assert.rejects(
      writeOut(place('kept'), terminal, async (put) => {
        await put('half');
        throw new Error('cancelled');
      }),
      /cancelled/,
    );
    assert.equal(readFileSync(place('kept'), 'utf8'), 'new');
    await assert.rejects(
      writeOut(place('never'), terminal, async (put) => {
        await put('half');
        throw new Error('cancelled');
      }),
      /cancelled/,
    );
    assert.deepEqual(readdirSync(directory), ['kept']);
  });

  test('a link stays a link', { skip: NO_LINKS }, async () => {
    symlinkSync('kept', place('link'));
    await writeOut(place('link'), terminal, (put) => put('through'));
    assert.ok(lstatSync(place('link')).isSymbolicLink());
    assert.equal(readFileSync(place('kept'), 'utf8'), 'through');
  });

  test('what stands in the way is said plainly and names the file', async () => {
    for (const [out, code, says] of [
      [place('no/x'), 'input.exportPath', /no[\\/]x: .*folder does not exist/],
      [directory, 'input.exportPath', /name is a folder/],
      [place('kept/x'), 'input.exportPath', /folder does not exist/],
    ] as const) {
      for (const attempt of [
        () => writeOut(out, terminal, (put) => put('x')),
        () => checkOut(out),
        () => ordinaryFile(out),
      ])
        await assert.rejects(
          attempt,
          (error: Error & { code?: string }) => error.code === code && says.test(error.message),
        );
    }
    // Root may write everything.
    if (process.getuid?.() !== 0) {
      chmodSync(place('kept'), 0o444);
      await assert.rejects(checkOut(place('kept')), { code: 'input.exportPath', message: /no permission/ });
      chmodSync(place('kept'), 0o640);
    }
    assert.deepEqual(partial(), []);
  });

  test('a full disk is told', { skip: NO_FULL_DEVICE }, async () => {
    await assert.rejects(
      writeOut('/dev/full', terminal, (put) => put('x')),
      { code: 'engine.disk', message: /^\/dev\/full: The disk is full/ },
    );
  });

  test('a device is written to as it is, by those who can', async () => {
    const device = ON_WINDOWS ? 'NUL' : '/dev/null';
    await checkOut(device);
    await writeOut(device, terminal, (put) => put('x'));
    await assert.rejects(ordinaryFile(device), { code: 'input.exportPath', message: /not a pipe or a device/ });
    if (ON_WINDOWS) assert.ok(!readdirSync('.').includes(device), 'no file of that name is made');
    else assert.ok(statSync(device).isCharacterDevice());
  });

  test('the devices of Windows are known by their names, wherever one is', () => {
    for (const out of ['NUL', 'nul', '\\\\.\\NUL']) assert.equal(findDevice(out, 'win32'), '\\\\.\\NUL');
    assert.equal(findDevice('com1', 'win32'), '\\\\.\\COM1');
    for (const out of ['nul.csv', 'C:\\logs\\console', 'company']) assert.equal(findDevice(out, 'win32'), undefined);
    assert.equal(findDevice('NUL', 'linux'), undefined);
  });
});

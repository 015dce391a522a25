import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { openRuns } from '../../../src/cli/compose.ts';
import type { Services } from '../../../src/app/services.ts';
import { copyRun } from '../../../src/cli/output/copyRun.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';
import { toEngineError } from '../../../src/engine/database/errors.ts';
import { toExportError, writeRows } from '../../../src/engine/store/export.ts';
import type { Run } from '../../../src/model/run.ts';
import { NO_FULL_DEVICE, TEMPORARY_VARIABLE, useTemporary } from '../../harness/system.ts';

const COLUMNS = [{ name: 's', type: 'string' }] as const;
let directory: string, place: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'full-'));
});
beforeEach(async () => {
  place = join(directory, 'answer.csv');
  await writeFile(place, 'yesterday');
  // Whatever is written to the neighbour that would take the file's place meets a disk without room.
  const neighbour = `${place}.${process.pid}.partial`;
  await rm(neighbour, { force: true });
  if (!NO_FULL_DEVICE) await symlink('/dev/full', neighbour);
});
after(() => rm(directory, { recursive: true, force: true }));

async function* pages() {
  for (let page = 0; page < 5; page++) yield Array.from({ length: 1_000 }, () => ['a text of some length']);
}

test(
  'an export that meets a full disk says so, leaves nothing half-written and what was there as it was',
  { skip: NO_FULL_DEVICE },
  async () => {
    await assert.rejects(writeRows(place, 'csv', COLUMNS, pages(), {}), {
      code: 'engine.disk',
      message: /The disk is full.*Free some space or choose another place/,
    });
    assert.deepEqual([await readdir(directory), await readFile(place, 'utf8')], [['answer.csv'], 'yesterday']);
  },
);

test('so does the command line when it puts an answer into a file', { skip: NO_FULL_DEVICE }, async () => {
  const rows = join(directory, 'rows.json');
  await writeFile(rows, `[\n${'{"s":"x"},\n'.repeat(20_000)}{}\n]\n`);
  const run = { targets: [], columns: [], state: 'finished', rowCount: 1 } as unknown as Run;
  await assert.rejects(
    copyRun(run, rows, 'json', place, {} as Terminal),
    (error: Error & { code: string }) =>
      error.code === 'engine.disk' && error.message.startsWith(`${place}: The disk is full`),
  );
  await rm(rows);
  assert.deepEqual([await readdir(directory), await readFile(place, 'utf8')], [['answer.csv'], 'yesterday']);
});

test('without a folder for temporary files no run begins', async (context) => {
  context.after(useTemporary(join(place, 'not-a-folder')));
  await assert.rejects(openRuns({} as Services), {
    code: 'engine.disk',
    message: new RegExp(`not-a-folder, cannot be used: .*${TEMPORARY_VARIABLE}\\. Nothing was sent`),
  });
});

test('a full disk is told from a place that may not be written, by DuckDB and by the file system', () => {
  for (const said of [
    'IO Error: Could not write file "/x/y.duckdb.wal": No space left on device',
    'Failed to append: Failed to commit: Could not write file "/x": File too large',
    'Out of Memory Error: failed to offload data block (max_temp_directory_size)',
  ]) {
    const { code, data } = toEngineError(new Error(said));
    assert.deepEqual([code, data], ['engine.disk', { reason: 'full' }], said);
  }
  for (const said of [
    'IO Error: Cannot open file "/x/y.duckdb": Permission denied',
    'IO Error: Could not write file "/x/y.duckdb.wal": Read-only file system',
  ]) {
    const { code, data } = toEngineError(new Error(said));
    assert.deepEqual([code, data], ['engine.disk', { reason: 'denied' }], said);
  }
  for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG'])
    assert.equal(toExportError(Object.assign(new Error(code), { code })).code, 'engine.disk', code);
  // What Excel does to a file it shows.
  for (const [code, platform] of [
    ['EBUSY', 'win32'],
    ['EPERM', 'win32'],
    ['EACCES', 'win32'],
  ] as const)
    assert.match(
      toExportError(Object.assign(new Error(code), { code }), platform).message,
      /another program may have it open\. Close it there, or choose another place\.$/,
      code,
    );
  assert.match(
    toExportError(Object.assign(new Error('EPERM'), { code: 'EPERM' }), 'linux').message,
    /: no permission\. Choose another place\.$/,
  );
  for (const code of ['EACCES', 'EROFS', 'ENOENT', 'EISDIR'])
    assert.equal(toExportError(Object.assign(new Error(code), { code })).code, 'input.exportPath', code);
});

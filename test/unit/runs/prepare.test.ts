// Alone: it looks at what is loaded, and at first nothing is.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRuns } from '../../../src/app/runs.ts';
import type { Services } from '../../../src/app/services.ts';

/** Microsoft's parser puts itself here as it is loaded. */
const isParserLoaded = (): boolean => 'Kusto' in globalThis;

/** Services of which nothing may be used: whoever is asked throws. */
const NOBODY = {
  logs: {},
  catalog: {},
  schemas: {},
  assessment: {},
  estate: {
    load: () => {
      throw new Error('The estate was asked for.');
    },
  },
} as unknown as Pick<Services, 'logs' | 'catalog' | 'estate' | 'scheduler' | 'schemas' | 'assessment'>;

test('parser and database wait for the first query or for a word, and are there after it, nobody having been asked', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'prepare-'));
  const opened = openRuns(NOBODY, { directory, memoryLimitMb: 128, persist: false });
  const databases = async (): Promise<number> =>
    (await readdir(directory)).filter((name) => name.endsWith('.duckdb')).length;
  try {
    await opened.ready();
    assert.deepEqual([isParserLoaded(), await databases()], [false, 0]);
    await opened.prepare();
    assert.deepEqual([isParserLoaded(), await databases()], [true, 1]);
    await opened.prepare();
    assert.deepEqual([opened.runs.list(), await databases()], [[], 1]);
  } finally {
    await opened.close();
    await rm(directory, { recursive: true, force: true });
  }
});

import assert from 'node:assert/strict';
import { chmod, lstat, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { planFile, writePlanned } from '../../../src/cli/output/plannedFile.ts';
import { NO_LINKS, ON_WINDOWS } from '../../harness/system.ts';

describe('a file that is planned, then written', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'planned-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('is new, the same, or takes the place of another and keeps who may read it', async () => {
    const planned = await planFile(at('a.kql'), 'T');
    assert.equal(planned.state, 'new');
    await writePlanned(planned);
    assert.equal((await planFile(at('a.kql'), 'T')).state, 'same');
    if (!ON_WINDOWS) await chmod(at('a.kql'), 0o600);
    const { mode } = await lstat(at('a.kql'));
    await writePlanned(await planFile(at('a.kql'), 'U'));
    assert.equal(await readFile(at('a.kql'), 'utf8'), 'U');
    assert.equal((await lstat(at('a.kql'))).mode, mode);
    assert.deepEqual(await readdir(folder), ['a.kql']);
  });

  test('is not made where another came in between, nor in the place of a folder', async () => {
    const planned = await planFile(at('b.kql'), 'T');
    await writeFile(at('b.kql'), 'theirs');
    await assert.rejects(writePlanned(planned), { code: 'EEXIST' });
    assert.equal(await readFile(at('b.kql'), 'utf8'), 'theirs');
    await assert.rejects(planFile(folder, 'T'), { code: 'input.exportPath', message: /is no ordinary file/ });
  });

  test(
    'takes the place of a link that came in between, and leaves alone what that leads to',
    { skip: NO_LINKS },
    async () => {
      await writeFile(at('c.kql'), 'old');
      await writeFile(at('target'), 'theirs');
      const planned = await planFile(at('c.kql'), 'T');
      await rm(at('c.kql'));
      await symlink(at('target'), at('c.kql'));
      await writePlanned(planned);
      assert.deepEqual([await readFile(at('c.kql'), 'utf8'), await readFile(at('target'), 'utf8')], ['T', 'theirs']);
      await assert.rejects(
        async () => {
          await rm(at('c.kql'));
          await symlink(at('target'), at('c.kql'));
          await planFile(at('c.kql'), 'T');
        },
        { code: 'input.exportPath', message: /is a link/ },
      );
    },
  );
});

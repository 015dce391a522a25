import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { chooseAlert, readAlerts } from '../../../src/cli/alertFiles.ts';
import { chooseRollup, readRollups } from '../../../src/cli/rollupFiles.ts';

const root = mkdtempSync(join(tmpdir(), 'tenantscope-definitions-'));
after(() => {
  rmSync(root, { recursive: true });
});
const QUERY = 'Heartbeat | summarize Beats = count() by Computer\n';

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, 'folder-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** What is said of the roll-ups and alerts of a folder, with the answer. */
async function read<T>(reading: (terminal: { say: (text: string) => void }) => Promise<T>) {
  const said: string[] = [];
  return { ...(await reading({ say: (text) => said.push(text) })), said };
}

describe('a folder with a definition a file', () => {
  test('is read in the order of its names; a mistake is told with its place, and the others stay', async () => {
    const rollups = folderWith({
      'b.kql': `// @window 1h\n${QUERY}`,
      'a.KQL': `// @window 1h\n${QUERY}`,
      'bad.kql': `// @window 1h\n// @wondow 1h\n${QUERY}`,
      'README.md': 'Roll-ups.',
    });
    const { found, said } = await read((terminal) => readRollups({ rollups }, terminal));
    assert.deepEqual(found.map(({ definition }) => definition.name).slice(0, 2), ['a', 'b']);
    assert.equal(found[0]!.path, join(rollups, 'a.KQL'));
    assert.equal(said.length, 1);
    assert.ok(said[0]!.startsWith(`${join(rollups, 'bad.kql')}:2:5: A roll-up has no setting "wondow"`), said[0]);
  });

  test('a name is chosen in whatever case; an unknown one is told with those there are', async () => {
    const rollups = folderWith({ 'beats.kql': `// @window 1h\n${QUERY}`, 'more.kql': `// @window 1h\n${QUERY}` });
    const { found } = await read((terminal) => readRollups({ rollups }, terminal));
    assert.equal(chooseRollup(found, 'BEATS').definition.name, 'beats');
    assert.throws(() => chooseRollup(found, 'beat'), {
      code: 'input.usage',
      message: 'There is no roll-up "beat". There are beats, more.',
    });
    assert.throws(() => chooseRollup([], 'beat'), { message: 'There is no roll-up "beat".' });
    assert.throws(() => chooseAlert([], undefined), { code: 'input.usage', message: 'NAME is missing.' });
  });

  test('two of one name are refused, with both files', async () => {
    const named = (name: string): string => `// @name ${name}\n// @window 1h\n${QUERY}`;
    const folder = folderWith({ 'one.kql': named('Beats'), 'two.kql': named('beats') });
    const twins = {
      code: 'input.file',
      message: `${join(folder, 'one.kql')} and ${join(folder, 'two.kql')} are both called beats. Give one of them another "@name".`,
    };
    await assert.rejects(
      read((terminal) => readAlerts({ alerts: folder }, terminal)),
      twins,
    );
    await assert.rejects(
      read((terminal) => readRollups({ rollups: folder }, terminal)),
      twins,
    );
  });

  test('one that is not there is told by its name, with the option that names another', async () => {
    const none = join(root, 'none');
    const refused = (message: string) => ({ code: 'input.file', message });
    await assert.rejects(
      read((terminal) => readAlerts({ alerts: none }, terminal)),
      refused(`There is no folder of alerts ${none}. --alerts names another.`),
    );
    await assert.rejects(
      read((terminal) => readRollups({ rollups: none }, terminal)),
      refused(
        `There is no folder of roll-ups ${none}. "tenantscope rollup create" makes one; --rollups names another.`,
      ),
    );
  });
});

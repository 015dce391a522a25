import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openOnboardFolder } from '../../../src/app/onboardFolder.ts';
import { Journal } from '../../../src/core/onboard/journal.ts';
import { allowed } from '../../../src/core/onboard/preflight/mayWrite.ts';

test('a journal on disk: a line that was torn costs only itself', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'journal-'));
  try {
    const folder = join(directory, 'tailspin');
    const path = join(folder, 'journal.jsonl');
    const journal = (): Journal => new Journal(openOnboardFolder(folder).journal, () => '2026-11-29T10:00:00.000Z');
    assert.deepEqual((await journal().told()).attempts, 0);
    await journal().add({ step: 'attempt', subject: 'tenant subscription' });
    await journal().add({ step: 'planned', changes: ['resourceGroup rg', 'workspace law'] });
    await journal().add({ step: 'changed', change: 'resourceGroup rg', state: 'done' });
    await writeFile(path, `${await readFile(path, 'utf8')}{"step":"changed","at":"2026`);
    await journal().add({ step: 'attempt', subject: 'tenant subscription' });
    const told = await journal().told();
    assert.deepEqual(
      [told.attempts, told.subject, [...told.cutOff], [...told.made.keys()], told.ended, told.interrupted],
      [1, 'tenant subscription', ['workspace law'], ['resourceGroup rg'], undefined, true],
    );
    await openOnboardFolder(folder).write('plan.txt', 'a plan');
    assert.equal(await readFile(join(folder, 'plan.txt'), 'utf8'), 'a plan');
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('interrupted is what was begun and never came to its end; a plan that was only read is not', async () => {
  let text = '';
  const journal = new Journal(
    {
      read: () => Promise.resolve(text),
      append: (line) => {
        text += line;
        return Promise.resolve();
      },
    },
    () => '2026-11-29T10:00:00.000Z',
  );
  const interrupted = async (): Promise<boolean> => (await journal.told()).interrupted;
  await journal.add({ step: 'attempt', subject: 'tenant subscription' });
  assert.equal(await interrupted(), false);
  await journal.add({ step: 'planned', changes: [] });
  await journal.add({ step: 'attempt', subject: 'tenant subscription' });
  assert.equal(await interrupted(), true, 'another look does not end it');
  await journal.add({ step: 'ended', state: 'waitingForData' });
  await journal.add({ step: 'attempt', subject: 'tenant subscription' });
  assert.equal(await interrupted(), false);
});

test('attempts are those that changed something: who looked seven times has tried nothing', async () => {
  const lines: string[] = [];
  let hour = 9;
  const file = { read: async () => lines.join(''), append: async (line: string) => void lines.push(line) };
  const journal = new Journal(file, () => `2026-11-29T${String(hour++).padStart(2, '0')}:00:00.000Z`);
  const attempts = async () => {
    const told = await journal.told();
    return [told.attempts, told.last];
  };
  await journal.add({ step: 'attempt', subject: 'tenant subscription' });
  await journal.add({ step: 'attempt', subject: 'tenant subscription' });
  assert.deepEqual(await attempts(), [0, undefined]);
  await journal.add({ step: 'planned', changes: ['workspace law'] });
  await journal.add({ step: 'planned', changes: ['query'] });
  await journal.add({ step: 'ended', state: 'waitingForData' });
  assert.deepEqual(await attempts(), [1, '2026-11-29T13:00:00.000Z']);
  await journal.add({ step: 'attempt', subject: 'tenant subscription' });
  await journal.add({ step: 'planned', changes: [] });
  assert.deepEqual(await attempts(), [1, '2026-11-29T13:00:00.000Z']);
});

test('who is let go after it was onboarded, in the same folder: a story of its own', async () => {
  let text = '';
  const file = {
    read: async () => text,
    append: async (line: string) => {
      text += line;
    },
  };
  const journal = new Journal(file, () => '2026-11-29T10:00:00.000Z');
  await journal.add({ step: 'attempt', subject: 'tenant subscription' });
  await journal.add({ step: 'changed', change: 'workspace law', state: 'done' });
  await journal.add({ step: 'attempt', subject: 'tailspin', name: 'Tailspin', kept: ['law', 'law-2'] });
  await journal.add({ step: 'planned', changes: ['end of delegation'] });
  const told = await journal.told();
  assert.deepEqual(
    [told.attempts, told.subject, told.name, [...told.kept!], [...told.made.keys()], [...told.cutOff]],
    [1, 'tailspin', 'Tailspin', ['law', 'law-2'], [], ['end of delegation']],
  );
});

test('a role takes back from itself alone', () => {
  const contributor = { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] };
  const write = 'Microsoft.Authorization/roleAssignments/write';
  assert.equal(allowed([contributor], 'Microsoft.OperationalInsights/workspaces/write'), true);
  assert.equal(allowed([contributor], write), false);
  assert.equal(allowed([contributor, { actions: ['Microsoft.Authorization/*'], notActions: [] }], write), true);
  assert.equal(
    allowed([{ actions: ['*/read'], notActions: [] }], 'Microsoft.OperationalInsights/workspaces/write'),
    false,
  );
});

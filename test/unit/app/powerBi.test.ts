import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { powerBiFiles, powerBiSource, writeProject } from '../../../src/app/powerBi.ts';
import type { RollupProgress, RollupVersion } from '../../../src/core/rollup/progress.ts';
import { readRollupFile } from '../../../src/kql/queryFiles/rollupFile.ts';
import type { LogAnalyticsCentre } from '../../../src/model/centre.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { Estate, Workspace } from '../../../src/model/estate.ts';
import { BEATS, SOURCES } from '../powerBi/rollups.ts';

const QUERY =
  'Heartbeat | summarize Beats = count(), Last = max(TimeGenerated) by Hour = bin(TimeGenerated, 1h), Computer';
const VERSION: RollupVersion = {
  table: BEATS.table,
  query: QUERY,
  pinned: {
    tables: [
      {
        name: 'Heartbeat',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Computer', type: 'string' },
        ],
      },
    ],
  },
};

/** Customers of the centre as `[key, name]`. */
type Stored = readonly (readonly [key: string, name: string])[];

async function project(
  stored: RollupVersion | undefined,
  sink = 'soc',
  { roles = [], there = [] }: { readonly roles?: readonly string[]; readonly there?: Stored } = {},
): ReturnType<typeof powerBiFiles> {
  const { definition } = await readRollupFile('Beats.kql', `// @sink ${sink}\n// @window 1h\n${QUERY}`);
  return powerBiFiles(
    { source: SOURCES[1]!, definitions: [definition!], customers: roles },
    {
      stored: () => Promise.resolve(stored),
      status: () =>
        Promise.resolve(
          there.map(([key, customerName]) => ({ customer: toCustomerKey(key), customerName }) as RollupProgress),
        ),
    },
  );
}

describe('a Power BI project of what is stored', () => {
  it('asks the function that the centre has for the rows, and merges by what the query does', async () => {
    const { files } = await project(VERSION);
    assert.match(
      files.get('soc.SemanticModel/definition/tables/Beats.tmdl')!,
      /Beats_parts \| where Hour >= .* summarize _WindowEnd = max\(_WindowEnd\), Beats = sum\(Beats\), Last = max\(Last\) by/,
    );
  });

  it('is refused of what was not run as it is, and of what is stored elsewhere', async () => {
    await assert.rejects(project(undefined), { code: 'input.rollup', message: /Beats was not run yet as it is now/ });
    await assert.rejects(project(VERSION, 'lake'), { code: 'input.rollup', message: /only in lake/ });
  });

  it('makes no role of a name that several customers have, in whatever case, and says that there are such', async () => {
    const there: Stored = [
      ['trey', 'Trey Research'],
      ['trey', 'Trey Research'],
      ['other', 'TREY research'],
      ['contoso', 'Contoso'],
    ];
    await assert.rejects(project(VERSION, 'soc', { roles: ['trey Research'], there }), { code: 'input.scope' });
    const { notes } = await project(VERSION, 'soc', { roles: ['Contoso'], there });
    assert.deepEqual(notes.map((note) => /^Several customers are called "(.*?)"/.exec(note)?.[1]).filter(Boolean), [
      'TREY research',
    ]);
  });

  it('knows a workspace by the ID that the estate tells; one that nobody sees is refused', async () => {
    const centre: LogAnalyticsCentre = {
      kind: 'logAnalytics',
      name: 'soc',
      tenant: '00000000-0000-0000-0000-000000000000',
      workspace: '/subscriptions/s/resourceGroups/R/providers/Microsoft.OperationalInsights/workspaces/W',
    };
    const estate = (...armIds: string[]): (() => Promise<Estate>) => {
      const workspaces = armIds.map((armId) => ({ armId, guid: 'the-id' }) as unknown as Workspace);
      return () => Promise.resolve({ workspaces } as unknown as Estate);
    };
    assert.deepEqual(await powerBiSource(centre, 'https://api', estate(centre.workspace.toUpperCase())), {
      kind: 'logAnalytics',
      name: 'soc',
      endpoint: 'https://api',
      workspaceId: 'the-id',
    });
    await assert.rejects(powerBiSource(centre, 'https://api', estate()), { code: 'input.centre' });
  });

  it('is written whole or not at all, and never over anything', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'powerbi-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const broken = new Map([
      ['whole.txt', 'a'],
      ['x/y', 'b'],
      ['x/y/z', 'no folder is called as a file'],
    ]);
    await assert.rejects(writeProject(folder, { files: broken }));
    assert.deepEqual(await readdir(folder), []);
    await writeProject(folder, { files: new Map([['a/b', '1']]) });
    await assert.rejects(writeProject(folder, { files: new Map([['c', '2']]) }), { code: 'input.exportPath' });
    assert.deepEqual(await readdir(folder), ['a']);
  });
});

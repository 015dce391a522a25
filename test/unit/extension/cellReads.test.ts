/** What stands above queries that are answered here, and above those of Resource Graph; and what Explain says of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';
import { readQueryFile } from '../../../src/kql/queryFiles/readQueryFile.ts';
import type { App } from '../../../src/extension/platform/app.ts';
import { toRunId } from '../../../src/model/ids.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { useFakeVscode, workspace } from '../../harness/fakeVscode.ts';
import { sampleEstate } from './sampleEstate.ts';

useFakeVscode();
const { QueryLenses } = await import('../../../src/extension/editor/codeLens.ts');
const { InsideLenses } = await import('../../../src/extension/editor/insideLenses.ts');
const { diagnosticsInside } = await import('../../../src/extension/editor/insideDiagnostics.ts');
const { explainQuery } = await import('../../../src/extension/runs/explainQuery.ts');
const { CellRuns, NOTEBOOK_TYPE } = await import('../../../src/extension/session/notebookCells.ts');

const language = new LocalLanguageService();
const scope = { scope: EVERYTHING, origin: 'default' };

/** A window with a notebook of these cells, of which `ran` were answered; what Explain shows is in `told`. */
function notebookOf(texts: readonly string[], ran: readonly number[] = []) {
  const cells = texts.map((text, index) => ({
    kind: 2,
    index,
    metadata: {},
    document: {
      languageId: 'kusto',
      version: 1,
      uri: { scheme: 'vscode-notebook-cell', path: '/book.md', toString: () => `cell:${index}` },
      getText: () => text,
      positionAt: (character: number) => ({ line: 0, character }),
    },
  }));
  const { notebookDocuments } = workspace as { notebookDocuments: unknown[] };
  notebookDocuments.splice(0, 1, { notebookType: NOTEBOOK_TYPE, getCells: () => cells });
  const told: string[] = [];
  const runs = new CellRuns();
  for (const index of ran) runs.set(cells[index]!.document as never, toRunId(`r${index}`));
  const blocksOf = (document: { getText(): string }) => language.blocks({ text: document.getText() });
  const app = (active: number): App =>
    ({
      cells: runs,
      estate: { estate: sampleEstate(), ensure: async () => sampleEstate() },
      runs: { find: (id: string) => ({ id, state: 'finished' }) },
      language: async () => language,
      active: { document: cells[active]!.document },
      blocks: { of: blocksOf, at: async (document: never) => (await blocksOf(document))[0] },
      inside: { find: async () => undefined },
      guard: { quiet: (_name: string, work: () => unknown) => work() },
      scope: { of: () => scope, answer: () => 'across', timeRange: () => ({ kind: 'inQuery' }) },
      documents: { showMarkdown: async (_name: string, text: string) => told.push(text) },
      worker: {
        request: () => {
          throw new Error('The worker is asked for no plan.');
        },
      },
    }) as unknown as App;
  return {
    told,
    explain: (index: number) => explainQuery(app(index), undefined, new Map() as never),
    titles: async (index: number) =>
      (await new QueryLenses(app(index)).provideCodeLenses(cells[index]!.document as never)).map(
        ({ command }) => command!.title,
      ),
  };
}

const CELLS = [
  '// @name beats\nHeartbeat | take 5',
  '// @name perMachine\nbeats | summarize n = count() by Computer',
  'perMachine\n| join beats on Computer',
  'beats | join Heartbeat on Computer',
  'Heartbeat | project beats = 1',
];

test('above a cell over earlier rows stands whose rows, above another one its scope', async () => {
  const { titles } = notebookOf(CELLS);
  assert.deepEqual(await titles(1), ['Over the rows of beats', 'Explain']);
  assert.deepEqual(await titles(2), ['Over the rows of perMachine, beats', 'Explain']);
  assert.match((await titles(0))[0]!, /^Scope: .*workspace/);
  assert.match((await titles(4))[0]!, /^Scope: .*workspace/, 'a column of that name is no earlier cell');
});

test('Explain of such a cell: answered here, of which cells, and nobody is asked', async () => {
  const { told, explain } = notebookOf(CELLS, [0, 1]);
  await explain(2);
  assert.match(told[0]!, /^This would be \*\*answered here\*\*, over the rows of cells `perMachine` and `beats`\./m);
  assert.doesNotMatch(told[0]!, /would ask|workspace/);
});

test('Explain says what such a cell would be refused for', async () => {
  const { told, explain } = notebookOf(CELLS, [0]);
  await explain(3);
  assert.match(
    told[0]!,
    /^\*\*This would not be answered as it is\.\*\*[^]*## Errors\s+- "Heartbeat" is a table of the w/m,
  );
  await explain(2);
  assert.match(told[1]!, /## Errors\s+- "perMachine" is an earlier cell that has no rows yet/);
});

const insideApp = (file: string): App =>
  ({
    estate: { estate: sampleEstate() },
    language: async () => language,
    inside: { of: async () => (await readQueryFile('hunt.md', file)).queries },
    guard: { quiet: (_name: string, work: () => unknown) => work() },
    scope: { ofInside: () => scope },
  }) as unknown as App;
const markdown = (file: string): never =>
  ({ uri: {}, getText: () => file, positionAt: (character: number) => ({ line: 0, character }) }) as never;

test('in a text editor a block of Resource Graph says its subscriptions', async () => {
  const file = '```kql\n// @source resource-graph\nresources\n```\n\n```kql\nHeartbeat\n```\n';
  const lenses = await new InsideLenses(insideApp(file)).provideCodeLenses(markdown(file));
  const scopes = lenses.map(({ command }) => command!.title).filter((title) => title.startsWith('Scope'));
  // The sample's one subscription is called by its name.
  assert.equal(scopes[0], 'Scope: Production');
  assert.match(scopes[1]!, /\d+ workspaces?\b/);
});

test('in a text editor a block that reads an earlier one is not run, and its names are not called unknown', async () => {
  const file = '```kql\n// @name beats\nHeartbeat\n```\n\n```kql\nbeats | count\n```\n';
  const lenses = await new InsideLenses(insideApp(file)).provideCodeLenses(markdown(file));
  const last = lenses.at(-1)!.command!;
  assert.deepEqual([lenses.length, last.title], [4, '$(info) Cannot be run here']);
  assert.match(last.tooltip!, /reads the rows of block "beats" of this file: open it as a notebook/);
  // The schema of the scope has one table, and it is not "beats".
  await language.setSchema({ schemaId: 's', tables: [{ name: 'Heartbeat', columns: [] }], functions: [] });
  const feed = { schemaIdOf: () => 's' } as never;
  const marks = (text: string) => diagnosticsInside(insideApp(text), feed, markdown(text), { aborted: false } as never);
  (workspace as { getConfiguration: unknown }).getConfiguration = () => ({ get: () => 'schema' });
  assert.deepEqual(await marks(file), []);
  assert.match((await marks(file.replace('| count', '| coont')))[0]!.message, /coont|operator|expected/i);
  assert.match((await marks(file.replace('@name', 'name')))[0]!.message, /beats/);
});

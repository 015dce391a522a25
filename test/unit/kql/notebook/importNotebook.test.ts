import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importNotebook } from '../../../../src/kql/notebook/importNotebook.ts';
import { readNotebook } from '../../../../src/kql/notebook/notebookCells.ts';

const code = (source: string | string[], rest: object = {}): object => ({
  cell_type: 'code',
  source,
  outputs: [],
  ...rest,
});
const text = (source: string | string[], rest: object = {}): object => ({ cell_type: 'markdown', source, ...rest });
const file = (kernelspec: object, ...cells: object[]): string =>
  JSON.stringify({ metadata: { kernelspec, language_info: { name: 'x' } }, nbformat: 4, nbformat_minor: 2, cells });

const cellsOf = (markdown: string): string[] =>
  readNotebook(markdown).cells.map(({ kind, value }) => `${kind}: ${value}`);

describe('a notebook of another tool', () => {
  test('of Azure Data Studio: text as it is, queries as blocks', () => {
    const from = (name: string, language: string) =>
      importNotebook(
        file(
          { name, display_name: name, language },
          text(['# Silent\n', 'Who is?'], { metadata: { azdata_cell_guid: '1' } }),
          code(['Heartbeat\n', '| take 5\n'], { metadata: { azdata_cell_guid: '2', language: 'kusto' } }),
          code('   '),
        ),
      );
    for (const [name, language] of [
      ['KQL', 'kusto'],
      ['Log Analytics', ''],
      ['LOGANALYTICS', 'loganalytics'],
    ] as const)
      assert.deepEqual(from(name, language), {
        markdown: '# Silent\nWho is?\n\n```kql\nHeartbeat\n| take 5\n```\n',
        queries: 1,
        notes: [],
      });
  });

  test('of several languages: each cell says its own', () => {
    const { markdown, notes, queries } = importNotebook(
      file(
        { name: '.net-csharp', language: 'C#' },
        code('var x = 1;'),
        code('T | count', { metadata: { polyglot_notebook: { kernelName: 'kql' } } }),
        code('T | take 1', { metadata: { dotnet_interactive: { language: 'kql' } } }),
      ),
    );
    assert.equal(queries, 2);
    assert.deepEqual(cellsOf(markdown), ['text: ```c#\nvar x = 1;\n```', 'query: T | count', 'query: T | take 1']);
    assert.deepEqual(notes, ['1 cell of C# kept as text: only KQL is run here.']);
  });

  test('of Python with kqlmagic: its queries alone, no connection', () => {
    const { markdown, notes } = importNotebook(
      file(
        { name: 'python3', language: 'python' },
        code('%reload_ext Kqlmagic'),
        code('%kql loganalytics://code;workspace="x"'),
        code('%%kql -timeout 60\nT\n| count'),
        code('%kql T | take 1'),
      ),
    );
    assert.deepEqual(
      cellsOf(markdown).filter((cell) => cell.startsWith('query')),
      ['query: T\n| count', 'query: T | take 1'],
    );
    assert.deepEqual(notes, ['2 cells of python kept as text: only KQL is run here.']);
  });

  test('what cannot be taken over is named: outputs, attached files, raw and unknown cells', () => {
    const { notes, markdown } = importNotebook(
      file(
        { name: 'KQL' },
        code('T', { outputs: [{ output_type: 'display_data' }] }),
        text('![x](attachment:a.png)', { attachments: { 'a.png': { 'image/png': 'AAAA' } } }),
        { cell_type: 'raw', source: '```\nraw' },
        { cell_type: 'chat', source: 'hello' },
      ),
    );
    assert.deepEqual(notes, [
      '1 raw cell kept as text.',
      '1 cell of a kind that is not known, kept as text.',
      'The outputs of 1 cell left out: run them again.',
      'Attached files left out, and shown as broken pictures: a.png.',
    ]);
    assert.match(markdown, /````text\n```\nraw\n````/);
  });

  test('a query stays one block, whatever is in it', () => {
    const { markdown } = importNotebook(file({ name: 'KQL' }, code('T\n```\n# gone'), text('end')));
    assert.deepEqual(cellsOf(markdown), ['query: T\n```\n# gone', 'text: end']);
  });

  test('text stays text: fences of KQL, those left open, and a rule at its head count for nothing, and are told', () => {
    const { markdown, notes, queries } = importNotebook(
      file(
        { name: 'KQL' },
        text('\uFEFF\n--- \nscope: all\ntime: 90d\n---'),
        text('Never run:\n  ~~~~{.kusto} title\n  SecurityEvent\n  ~~~~\nnor\n```csl\nT\n```'),
        text('Example:\n```python\nprint(1)'),
        code('A'),
        text('```KQL\nevil'),
        code('B', { metadata: { language: 'kustoquery' } }),
      ),
    );
    assert.deepEqual(cellsOf(markdown), [
      'text: *** \nscope: all\ntime: 90d\n---\n\n' +
        'Never run:\n  ~~~~text\n  SecurityEvent\n  ~~~~\nnor\n```text\nT\n```\n\n' +
        'Example:\n```python\nprint(1)\n```',
      'query: A',
      'text: ```text\nevil\n```',
      'query: B',
    ]);
    assert.equal(queries, 2);
    assert.deepEqual(notes, [
      '3 blocks of KQL in text kept as text, and not as a query.',
      'Closed 2 blocks that text left open.',
      '1 rule (---) at the head of text written as ***: it could begin front matter.',
    ]);
  });

  test('a rule at the head of text begins no front matter with a later cell either', () => {
    const { markdown } = importNotebook(file({ name: 'KQL' }, text('---'), text('scope: all'), text('---'), code('T')));
    assert.deepEqual(
      readNotebook(markdown).cells.map(({ kind }) => kind),
      ['text', 'query'],
    );
  });

  test('its queries do not choose whom they ask: such lines stay as comments, and are told', () => {
    const { markdown, notes } = importNotebook(
      file(
        { name: 'KQL' },
        code('// @scope all\n// @source resource-graph\nresources'),
        code('\uFEFF// @result a1\nT'),
      ),
    );
    assert.deepEqual(cellsOf(markdown), [
      'query: // @ignored scope all\n// @ignored source resource-graph\nresources',
      'query: // @ignored result a1\nT',
    ]);
    assert.deepEqual(notes, [
      'Kept as comments that do not count, because they choose what is asked: "// @scope all", "// @source resource-graph", "// @result a1".',
    ]);
  });

  test('what is no notebook is refused with a sentence', () => {
    for (const [input, message] of [
      ['', /it is no JSON/],
      ['[]', /no list of cells/],
      ['{"worksheets":[]}', /of format 3/],
    ] as const)
      assert.throws(() => importNotebook(input), { code: 'input.file', message });
    assert.deepEqual(importNotebook('\uFEFF{"cells":[null,1,[]]}').notes, [
      '3 cells of a kind that is not known, kept as text.',
    ]);
  });
});

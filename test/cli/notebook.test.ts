import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startSample, tenantscope } from './program.ts';

const BOOK = `---
scope: customer:contoso
time: 1d
---
# Beats <script>alert(1)</script>

\`\`\`kql
// @name beats
Heartbeat
| take 40
| project Computer, TimeGenerated
\`\`\`

Who they are:

\`\`\`kql
// @name perMachine
beats | summarize n = count() by Computer | render barchart
\`\`\`

\`\`\`kql
beats
| join kind=inner perMachine on Computer
| summarize total = count()
\`\`\`
`;
const WRONG = `# Wrong
\`\`\`kql
beats | count
\`\`\`
\`\`\`kql
// @name beats
Heartbeat | taake 1
\`\`\`
\`\`\`kql
beats
| join Heartbeat on Computer
\`\`\`
`;

describe('a notebook on the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let env: Record<string, string>;
  const inFolder = (name: string): string => join(sample.directory, name);
  const run = (...args: string[]) => tenantscope(args, { env, cwd: sample.directory });
  before(async () => {
    sample = await startSample();
    env = { TENANTSCOPE_CLOUD: sample.cloud };
    await writeFile(inFolder('book.md'), BOOK);
    await writeFile(inFolder('wrong.md'), WRONG);
  });
  after(() => sample.close());

  test('run: one document with every answer, later cells over the rows of earlier ones', async () => {
    const { code, out, err } = await run(
      'notebook',
      'run',
      'book.md',
      '--out',
      'book.html',
      '--limit',
      '3',
      '--reachable',
    );
    assert.equal(code, 0, err);
    assert.equal(out, '');
    assert.match(err, /3 of 3 queries answered in full/);
    // What became of each, as a pack tells it.
    assert.match(err, /^beats: 3 of 3 workspaces answered; 40 rows$/m);
    assert.match(err, /^perMachine: 3 of 3 workspaces answered; \d+ rows$/m);
    const html = await readFile(inFolder('book.html'), 'utf8');
    assert.match(html, /<h1>Beats &lt;script&gt;alert\(1\)&lt;\/script&gt;<\/h1>/);
    assert.doesNotMatch(html, /<script/);
    assert.match(html, /beats · customer:contoso, last 24 hours/);
    assert.match(html, /The first 3 of 40 rows\./);
    assert.match(html, /The query asks for a barchart, which VS Code draws; here are its rows\./);
    assert.equal(html.split('the rows of earlier cells').length, 3, 'two cells asked no workspace');
    assert.match(html, /<th[^>]*>total<\/th>.*<td class="number">40<\/td>/s);
    assert.equal(await readFile(inFolder('book.md'), 'utf8'), BOOK, 'the file is as it was');
  });

  test('run: what fails, fails for itself, with its place in the file and in the document', async () => {
    const { code, out, err } = await run('notebook', 'run', 'wrong.md', '--scope', 'customer:contoso');
    assert.equal(code, 6);
    assert.match(out, /Content-Security-Policy/);
    assert.match(err, /wrong\.md:6: .*\(line 7, column 13\)/);
    assert.match(err, /wrong\.md:10: "Heartbeat" is a table of the workspaces.*\(line 11, column 8\)/);
    assert.match(
      out,
      /class="told failed"><span>&quot;Heartbeat&quot; is a table of the workspaces|class="told failed"><span>"Heartbeat" is a table/,
    );
  });

  test('run: a scope that cannot be read, or no block at all, sends nothing', async () => {
    await writeFile(inFolder('bad.md'), BOOK.replace('customer:contoso', 'contoso'));
    const bad = await run('notebook', 'run', 'bad.md');
    assert.equal(bad.code, 2);
    assert.match(bad.err, /bad\.md:8: Line 2: "contoso" needs to say what it is/);
    await writeFile(inFolder('none.md'), '# Nothing\n');
    const none = await run('notebook', 'run', 'none.md');
    assert.equal(none.code, 2);
    assert.match(none.err, /There is no block of KQL/);
  });

  test('run: a block of Resource Graph has no time range in the document', async () => {
    await writeFile(inFolder('graph.md'), '# G\n```kql\n// @source resource-graph\nresources | project name\n```\n');
    const { code, out, err } = await run('notebook', 'run', 'graph.md', '--scope', 'customer:contoso');
    assert.equal(code, 0, err);
    assert.match(out, /<summary class="dim">customer:contoso, Resource Graph as it was then<\/summary>/);
  });

  test('elsewhere a block that reads an earlier one is refused, and nothing is sent', async () => {
    sample.emulator.calls.clear();
    const one = await run('query', 'book.md', '--query-name', 'perMachine');
    assert.equal(one.code, 2, one.err);
    assert.match(one.err, /reads the rows of block "beats" of this file: open it as a notebook.*Nothing was sent/);
    assert.deepEqual(sample.emulator.calls.list({ service: 'logs' }), []);
    const pack = await run('pack', 'run', 'book.md');
    assert.match(pack.out, /^beats: 3 of 3 workspaces answered; 40 rows$/m);
    assert.match(pack.out, /^perMachine: failed: .*"tenantscope notebook run"/m);
    assert.match(pack.out, /reads the rows of blocks "beats" and "perMachine" of this file/);
  });

  test('import: Markdown of a notebook of Azure Data Studio, and what is left out', async () => {
    const cells = [
      { cell_type: 'markdown', source: ['# Beats'] },
      { cell_type: 'code', source: ['Heartbeat\n', '| take 1'], outputs: [{}] },
    ];
    await writeFile(inFolder('old.ipynb'), JSON.stringify({ metadata: { kernelspec: { name: 'KQL' } }, cells }));
    const { code, err } = await run('notebook', 'import', 'old.ipynb', '--out', 'new.md');
    assert.equal(code, 0, err);
    assert.equal(await readFile(inFolder('new.md'), 'utf8'), '# Beats\n\n```kql\nHeartbeat\n| take 1\n```\n');
    assert.match(err, /outputs of 1 cell left out.*\n.*1 query imported/);
  });
});

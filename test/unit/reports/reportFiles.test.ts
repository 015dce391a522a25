import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { localKql } from '../../../src/app/localKql.ts';
import { writeReport } from '../../../src/app/reportFiles.ts';
import { makeReport } from '../../../src/core/reports/makeReport.ts';
import type { Gathered, GatheredWorkspace } from '../../../src/core/reports/gathered.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { REPORT_FORMATS } from '../../../src/model/report.ts';
import type { Report } from '../../../src/model/report.ts';
import { markdownHtml } from '../../../src/report/markdownHtml.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';
import { workspace } from '../../harness/customerFacts.ts';
import { gatheredOf, PERIOD, weekly, workspaceOf } from './gatheredSample.ts';

let engine: LocalEngine;
let folder: string;
before(async () => {
  engine = await openEngine();
  folder = await mkdtemp(join(tmpdir(), 'report-files-'));
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** The estate that these were gathered of. */
const estateOf = ({ customers, workspaces }: Gathered): Estate => ({
  ...{ cloud: 'test', accounts: [], tenants: [], seenAt: '', problems: [] },
  customers: customers.map((one) => ({ ...one, groups: [], tags: {}, tenants: [] })),
  workspaces: workspaces.map(({ name, customer }) => workspace(name, { customer })),
});
async function write(name: string, gathered: Gathered): Promise<{ readonly place: string; readonly report: Report }> {
  const report = await makeReport(gathered, PERIOD, localKql(engine));
  await writeReport({ report, estate: estateOf(gathered) }, join(folder, name), REPORT_FORMATS);
  return { place: join(folder, name, PERIOD.label), report };
}
async function parquetText(path: string): Promise<string> {
  const table = await engine.loadFile(path, 'read', 'Report');
  const { tables } = await engine.query('Report', { database: { name: 'read', tables: [table] } });
  return JSON.stringify(await tables[0]!.rows());
}

/** Everything a workspace tells, all of it with this text in it. */
const told = (customer: string, text: string): GatheredWorkspace =>
  workspaceOf(
    customer,
    [
      ...weekly(text, 41),
      ...weekly(`${text}_CL`, 500),
      ...weekly(`Gone ${text}`, 41).slice(0, 26),
      ...weekly('Perf', 41),
    ],
    {
      name: `law ${text}`,
      machines: { rows: [{ computer: `srv.${text}.com`, last: '2026-02-20T10:00:00.000Z' }] },
      caps: { rows: [{ day: PERIOD.label, first: '2026-02-28T07:00:00.000Z' }] },
    },
  );

describe('the files of a report', () => {
  it('are one of the estate and one of each customer, in each form; the estate leads to them', async () => {
    const { place } = await write('two', gatheredOf([told('contoso', 'x'), told('fabrikam', 'y')]));
    assert.deepEqual((await readdir(place, { recursive: true })).sort(), [
      'customers',
      ...['Contoso', 'Fabrikam'].flatMap((name) =>
        ['html', 'md', 'parquet'].map((form) => join('customers', `${name}.${form}`)),
      ),
      'estate.html',
      'estate.md',
      'estate.parquet',
    ]);
    const html = await readFile(join(place, 'estate.html'), 'utf8');
    assert.match(html, /<a href="customers\/Contoso\.html">Contoso<\/a>/);
    assert.match(html, /Whole: all 2 customers answered/);
    assert.ok(!html.includes('<script') && html.includes('prefers-color-scheme:dark') && html.includes('@media print'));
  });

  it('are the same byte for byte when written again', async () => {
    const gathered = gatheredOf([told('contoso', 'x'), told('fabrikam', 'y')]);
    const [a, b] = [await write('once', gathered), await write('again', gathered)];
    for (const name of ['estate.html', 'estate.md', 'customers/Contoso.html', 'customers/Fabrikam.md'])
      assert.equal(await readFile(join(a.place, name), 'utf8'), await readFile(join(b.place, name), 'utf8'));
  });

  it('of a customer name nobody else, wherever the name was written', async () => {
    // Contoso has tables and machines that are called after others.
    const { place, report } = await write(
      'copies',
      gatheredOf([
        { ...told('contoso', 'tailspin'), name: 'law-contoso' },
        workspaceOf('contoso', [...weekly('Fabrikam_CL', 500), ...weekly('Perf', 500)], {
          name: 'law-contoso-2',
          machines: { rows: [], reason: 'no access' },
        }),
        ...['fabrikam', 'tailspin', 'woodgrove', 'northwind'].map((key) => told(key, key)),
      ]),
    );
    assert.equal(report.customers.length, 5);
    const [html, markdown, parquet] = [
      await readFile(join(place, 'customers/Contoso.html'), 'utf8'),
      await readFile(join(place, 'customers/Contoso.md'), 'utf8'),
      await parquetText(join(place, 'customers/Contoso.parquet')),
    ];
    for (const text of [html, markdown, parquet]) {
      assert.match(text, /Contoso/);
      assert.match(text, /left out: it names somebody else/);
      for (const other of ['fabrikam', 'tailspin', 'woodgrove', 'northwind'])
        assert.ok(!text.toLowerCase().includes(other), `${other} is in ${text.slice(0, 60)}`);
    }
    assert.match(html, /median/, 'of others there is a median');
    const estate = await readFile(join(place, 'estate.html'), 'utf8');
    for (const own of ['Fabrikam', 'Tailspin', 'Contoso']) assert.ok(estate.includes(own));
  });

  it('say on top what is missing, and call nothing fine of which a part is', async () => {
    const { place } = await write(
      'missing',
      gatheredOf([
        workspaceOf('contoso', weekly('Perf', 41), { machines: { rows: [], reason: 'not readable' } }),
        workspaceOf('fabrikam', [], { volume: { rows: [], reason: 'timed out' } }),
      ]),
    );
    const markdown = await readFile(join(place, 'customers/Contoso.md'), 'utf8');
    assert.match(
      markdown,
      /^# Contoso, Saturday, 28 February 2026\n\n\*\*This report is not whole\.\*\*\n\n- law-contoso: machines \(not readable\)\n/,
    );
    assert.doesNotMatch(markdown, /Everything that used to report still does/);
    assert.match(markdown, /No daily cap stopped the logs/);
    const estate = await readFile(join(place, 'estate.md'), 'utf8');
    assert.match(
      estate,
      /\*\*Of 1 customer nothing is known and of 1 customer something is missing: the sums below lack them\.\*\*/,
    );
    assert.doesNotMatch(estate, /Everything that used to report still does|Nothing is out of line/);
    assert.match(estate, /\| Fabrikam \| unknown \|/);
    assert.match(estate, /\| Contoso \| 0\.041 GB \| \$0\.09 \| [^|]+ \| 0 \| unknown \| 0 \| partly \|/);
    const html = await readFile(join(place, 'customers/Contoso.html'), 'utf8');
    assert.match(html, /<dt>Silent sources<\/dt><dd><b>unknown<\/b>/);
  });

  it('keep text of others text: markup, links, controls and marks that turn a line', async () => {
    const hostile = HOSTILE_TEXTS.map((text, at) => told(`hostile${at}`, text));
    const { place } = await write('hostile', gatheredOf(hostile));
    for (const name of await readdir(place, { recursive: true })) {
      if (!/\.(?:html|md)$/.test(name)) continue;
      const text = await readFile(join(place, name), 'utf8');
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(text, /[\u0000-\u0008\u001b\u009b\u202e\u2066]/, name);
      const html = name.endsWith('.md') ? markdownHtml(text) : text;
      assert.doesNotMatch(html, /<(?:script|img|iframe)/i, name);
      for (const [, target] of html.matchAll(/\shref="([^"]*)"/g)) assert.match(target!, /^customers\/[^:/]+\.html$/);
    }
  });
});

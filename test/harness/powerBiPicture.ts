// Draws the pages of a Power BI project as its files say them, with rows of the sample estate that were rolled up to a
// lake: media/screenshots/power-bi.png. Power BI itself draws them with its own shapes; places, titles, fields and values
// are those of the files. Usage: npm run power-bi-picture [-- FOLDER]; the lake stays in FOLDER for another time.
import { mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openRollups } from '../../src/app/rollups.ts';
import { powerBiProject } from '../../src/core/powerBi/project.ts';
import { factsOf } from '../../src/core/powerBi/facts.ts';
import type { PowerBiRollup } from '../../src/core/powerBi/factColumn.ts';
import { factQuery } from '../../src/core/powerBi/factQuery.ts';
import { storedRows } from '../../src/core/powerBi/storedRows.ts';
import { readLake } from '../../src/engine/lake/readLake.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { readRollupFile } from '../../src/kql/queryFiles/rollupFile.ts';
import { summaryShape } from '../../src/kql/rollup/summaryShape.ts';
import { startSample, tenantscope } from '../cli/program.ts';
import { launchBrowser } from './browser.ts';
import { drawPages } from './powerBiPages.ts';
import type { DrawnRows } from './powerBiPages.ts';
import { questionsOfM } from './powerBiQuestions.ts';

const DAY = 86_400_000;
const HEAD = '// @window 1d\n// @lateness 10m\n// @schedule every 1d\n';
const ROLLUPS: Readonly<Record<string, string>> = {
  FailedSignIns: `${HEAD}SigninLogs
| where ResultType != "0"
| project TimeGenerated, UserPrincipalName, AppDisplayName, ResultType, ResultDescription, Location, IPAddress
`,
  Ingested: `${HEAD}Usage
| where IsBillable
| summarize MB = sum(Quantity) by Day = bin(TimeGenerated, 1d), DataType
`,
};

const today = Math.floor(Date.now() / DAY) * DAY;
const [from, to] = [today - 14 * DAY, today].map((ms) => new Date(ms).toISOString()) as [string, string];
const folder = resolve(process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'power-bi-'))));
const lake = join(folder, 'lake');
if (!(await stat(lake).catch(() => undefined))) await fillLake();
const rollups = await storedRollups();
const { files } = powerBiProject({
  name: 'Centre',
  source: { kind: 'lake', name: 'lake', folder: lake },
  rollups,
  customers: [],
});
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1328, height: 800 } });
  await page.setContent(drawPages(files, await rowsOf(rollups)));
  await page.screenshot({ path: 'media/screenshots/power-bi.png', fullPage: true });
} finally {
  await browser.close();
}
console.log(`Drew media/screenshots/power-bi.png of ${folder}.`);

/** The sample estate, rolled up for two weeks. */
async function fillLake(): Promise<void> {
  const sample = await startSample();
  try {
    const definitions = join(folder, '.tenantscope', 'rollups');
    await mkdir(definitions, { recursive: true });
    for (const [name, text] of Object.entries(ROLLUPS)) await writeFile(join(definitions, `${name}.kql`), text);
    const env = { TENANTSCOPE_CLOUD: sample.cloud, TENANTSCOPE_LAKE: lake };
    const { out, err } = await tenantscope(['rollup', 'run', '--backfill', `${from}/${to}`], { env, cwd: folder });
    console.log(out, err);
  } finally {
    await sample.close();
  }
}

async function storedRollups(): Promise<PowerBiRollup[]> {
  const { rollups: service, close } = openRollups(undefined, lake);
  try {
    const found: PowerBiRollup[] = [];
    for (const [name, text] of Object.entries(ROLLUPS)) {
      const { definition } = await readRollupFile(`${name}.kql`, text);
      const { table, query, pinned } = (await service.stored(definition!))!;
      const shape = table.kind === 'summary' ? summaryShape(query, pinned) : {};
      found.push({ table, rowsOnce: storedRows('lake', table), ...shape });
    }
    return found;
  } finally {
    await close();
  }
}

/** The rows of each table of the model: what the same project asks a centre that runs KQL, asked of the lake. */
async function rowsOf(all: readonly PowerBiRollup[]): Promise<Map<string, DrawnRows>> {
  const engine = await openEngine();
  try {
    const { tables } = await readLake(engine, lake, 'lake');
    const rows = new Map<string, DrawnRows>();
    for (const fact of factsOf(all)) {
      const [question] = questionsOfM(factQuery(fact, 'dataExplorer'), from, to);
      const { tables: answers } = await engine.query(question!, { database: { name: 'lake', tables } });
      const answer = answers[0]!;
      const names = answer.columns.map(({ name }) => fact.columns.find(({ source }) => source === name)!.name);
      rows.set(fact.name, {
        columns: names,
        rows: await answer.rows(),
        customer: fact.customer!.name,
        time: fact.shown!.time.name,
      });
    }
    return rows;
  } finally {
    await engine.close();
  }
}

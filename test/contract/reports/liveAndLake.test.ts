import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { lakeCentre, localKql } from '../../../src/app/localKql.ts';
import { secretTokens } from '../../../src/app/tokens.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { issuerOf } from '../../../src/core/estate/path.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { gatherCentre } from '../../../src/core/reports/gatherCentre.ts';
import { gatherLive } from '../../../src/core/reports/gatherLive.ts';
import { makeReport } from '../../../src/core/reports/makeReport.ts';
import { periodOf } from '../../../src/core/reports/period.ts';
import { reportRollups } from '../../../src/core/reports/questions.ts';
import { RollupService } from '../../../src/core/rollup/rollupService.ts';
import { loadRollupPlanner } from '../../../src/core/rollup/rollupWorld.ts';
import { SchemaService } from '../../../src/core/schema/schemaService.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import { sampleAccounts } from '../../../src/emulator/emulator.ts';
import { LakeSink } from '../../../src/engine/lake/lakeSink.ts';
import { LakeState } from '../../../src/engine/lake/lakeState.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import { readRollupFile } from '../../../src/kql/queryFiles/rollupFile.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { Estate } from '../../../src/model/estate.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import type { CustomerReport } from '../../../src/model/report.ts';
import { sha256 } from '../../harness/sha256.ts';
import { connect } from '../azure/connect.ts';
import { NOW, SampleEmulator } from '../logs/sampleEmulator.ts';

const DAY = '2026-02-28';
const PERIOD = periodOf('daily', DAY, Date.parse(NOW));
const CLOCK: Clock = { now: () => Date.parse(NOW), sleep: (ms, signal) => SYSTEM_CLOCK.sleep(ms, signal) };
/** One workspace that reaches its cap every day. */
const SCOPE = parseScope('customer:tailspin').scope!;

describe('a report of a day, asked of the workspaces and read from a lake', () => {
  let sample: SampleEmulator;
  let engine: LocalEngine;
  let lake: string;
  let estate: Estate;
  let connection: ReturnType<typeof connect>;
  let catalog: TableCatalog;
  const quota = new QuotaScheduler(SYSTEM_CLOCK);

  before(async () => {
    sample = await SampleEmulator.start();
    const { customersFile } = sample.sample;
    const { cloud, world } = sample.emulator;
    connection = connect(sample.emulator, secretTokens(cloud, sampleAccounts(world)));
    catalog = new TableCatalog(connection.directory, SYSTEM_CLOCK);
    estate = await new EstateService({
      accounts: connection.tokens,
      directory: connection.directory,
      customers: { load: async () => parseCustomers(customersFile, 'customers.json') },
      clock: SYSTEM_CLOCK,
      cloud: 'emulator',
    }).load();
    engine = await openEngine();
    lake = await mkdtemp(join(tmpdir(), 'report-lake-'));
  });
  after(async () => {
    await engine.close();
    connection.dispose();
    await sample.emulator.close();
    await rm(lake, { recursive: true, force: true });
  });

  /** All rows of a table of the workspace, as they lie there. */
  async function rowsOf(query: string): Promise<readonly (readonly Cell[])[]> {
    const workspace = estate.workspaces.find(({ customer }) => customer === 'tailspin')!;
    const { guid, armId } = workspace;
    const { tables } = await connection.logs.query(
      { issuer: issuerOf(workspace), workspaceGuid: guid, armId, query },
      NEVER,
    );
    const rows = tables[0]!.rows;
    return 'pages' in rows ? [...rows.pages()].flat() : rows;
  }
  async function liveReport(): Promise<CustomerReport> {
    const gathered = await gatherLive(
      { period: PERIOD, scope: SCOPE, estate },
      { logs: connection.logs, catalog, quota },
    );
    return (await makeReport(gathered, PERIOD, localKql(engine))).customers[0]!;
  }

  it('has the numbers that the rows of the workspace add up to', async () => {
    const report = await liveReport();
    assert.deepEqual([report.name, report.workspaces, report.gaps], ['Tailspin Toys', 1, []]);
    const usage = (await rowsOf('Usage | project StartTime, DataType, Quantity, IsBillable')) as [
      string,
      string,
      number,
      boolean,
    ][];
    const ofDay = usage.filter(([start]) => start.startsWith(DAY));
    const sum = (rows: typeof usage): number => rows.reduce((total, [, , megabytes]) => total + megabytes, 0) / 1000;
    const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);
    assert.ok(ofDay.length > 24);
    near(report.gb, sum(ofDay));
    near(report.billedGb, sum(ofDay.filter(([, , , billable]) => billable)));
    near(report.cost, 2.3 * report.billedGb);
    const tables = [...new Set(ofDay.map(([, table]) => table))].sort();
    assert.deepEqual(report.tables.map(({ table }) => table).sort(), tables);
    for (const { table, gb, series } of report.tables) {
      near(gb, sum(ofDay.filter(([, name]) => name === table)));
      assert.equal(series.length, 29);
      near(series[10]!, sum(usage.filter(([start, name]) => name === table && start.startsWith('2026-02-10'))));
    }
    const beats = (await rowsOf('Heartbeat | project TimeGenerated, Computer')) as [string, string][];
    const last = new Map<string, string>();
    for (const [time, computer] of beats)
      if (time < '2026-03-01' && time > (last.get(computer.toLowerCase()) ?? '2026-02-15'))
        last.set(computer.toLowerCase(), time);
    assert.deepEqual(
      report.silent
        .filter(({ kind }) => kind === 'machine')
        .map(({ name }) => name)
        .sort(),
      [...last]
        .filter(([, time]) => time < '2026-02-28')
        .map(([name]) => name)
        .sort(),
    );
    const notices = (await rowsOf('Operation | project TimeGenerated, Detail')) as [string, string][];
    const capped = notices.filter(([time, detail]) => time.startsWith(DAY) && detail.includes('OverQuota'));
    assert.deepEqual(
      report.capHits.map(({ day, first }) => [day, first]),
      [[DAY, new Date(Math.min(...capped.map(([time]) => Date.parse(time)))).toISOString()]],
    );
  });

  it('is the same from the lake that the roll-ups fill, which says where it is not filled yet', async () => {
    const sink = new LakeSink(lake);
    const rollups = new RollupService({
      logs: connection.logs,
      schemas: new SchemaService({ logs: connection.logs, catalog, estate: async () => estate, quota }),
      catalog,
      estate: async () => estate,
      quota,
      clock: CLOCK,
      owner: 'test',
      digest: sha256,
      planner: loadRollupPlanner,
      state: new LakeState(lake),
      sinks: [sink],
    });
    const pull = async (from: Readonly<Record<string, string>>, to: string): Promise<void> => {
      for (const { file, text } of reportRollups()) {
        // Windows of a day: the same rows by an eighth of the questions.
        const { definition } = await readRollupFile(file, text.replace('@window 3h', '@window 1d'));
        const backfill = { from: Date.parse(from[definition!.name]!), to: Date.parse(to) };
        const report = await rollups.run({ ...definition!, scope: SCOPE }, { backfill });
        assert.deepEqual([report.error, report.workspaces.map(({ state }) => state)], [undefined, ['stored']]);
      }
    };
    const fromLake = async (): Promise<CustomerReport> => {
      const gathered = await gatherCentre({
        period: PERIOD,
        centre: lakeCentre(engine, lake),
        progress: await rollups.status(),
        isAsked: () => true,
      });
      return (await makeReport(gathered, PERIOD, localKql(engine))).customers[0]!;
    };
    await pull({ ReportVolume: '2026-02-27', ReportMachines: '2026-02-27', ReportCaps: '2026-02-27' }, DAY);
    const half = await fromLake();
    assert.deepEqual(
      half.gaps.map(({ of, part, reason }) => [of, part, reason]),
      [['tailspin-ops', 'everything', 'not all of it is stored']],
    );
    assert.deepEqual(
      [half.compared, half.silent, half.changes],
      [undefined, [], []],
      'nothing is said of days that are not there',
    );
    await pull({ ReportVolume: '2026-01-31', ReportMachines: '2026-02-14', ReportCaps: DAY }, '2026-03-02');
    const [live, central] = [await liveReport(), await fromLake()];
    assert.ok(live.compared && live.capHits.length === 1);
    assert.deepEqual(central, live);
    await sink.close();
  });
});

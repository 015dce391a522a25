import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { localKql } from '../../../src/app/localKql.ts';
import { makeReport } from '../../../src/core/reports/makeReport.ts';
import { periodOf } from '../../../src/core/reports/period.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { CustomerReport, Report } from '../../../src/model/report.ts';
import { DAY, gatheredOf, PERIOD, weekly, workspaceOf } from './gatheredSample.ts';
import type { Gathered } from '../../../src/core/reports/gathered.ts';

let engine: LocalEngine;
before(async () => {
  engine = await openEngine();
});
after(() => engine.close());
const report = (gathered: Gathered, period = PERIOD): Promise<Report> => makeReport(gathered, period, localKql(engine));
const only = async (gathered: Gathered): Promise<CustomerReport> => (await report(gathered)).customers[0]!;

describe('the numbers of a report', () => {
  it('are sums over workspaces, by table, and what is billed at the list price', async () => {
    const one = await only(
      gatheredOf([
        workspaceOf('contoso', [...weekly('Perf', 40), ...weekly('Heartbeat', 5, { billable: false })]),
        workspaceOf('contoso', weekly('Perf', 60), { name: 'law-second' }),
      ]),
    );
    assert.deepEqual(
      one.tables.map(({ table, gb, billedGb, cost }) => [table, gb, billedGb, Number(cost.toFixed(6))]),
      [
        ['Perf', 0.1, 0.1, 0.23],
        ['Heartbeat', 0.005, 0, 0],
      ],
    );
    assert.deepEqual([one.gb, one.billedGb, one.workspaces, one.days.length], [0.105, 0.1, 2, 29]);
    assert.deepEqual(one.days.at(-1), { day: DAY, gb: 0.105, billedGb: 0.1 });
  });

  it('are the same whatever order rows and customers came in', async () => {
    const parts = ['b', 'a', 'c'].map((key) => workspaceOf(key, weekly('Perf', 33.3)));
    const turned = parts.map((one) => ({ ...one, volume: { rows: one.volume.rows.toReversed() } })).toReversed();
    assert.deepEqual(await report(gatheredOf(turned)), await report(gatheredOf(parts)));
  });
});

describe('what is out of line', () => {
  it('is told by the days before, of the same day of the week: a Saturday of 100 MB is, one of 40 is not', async () => {
    const usual = await only(gatheredOf([workspaceOf('contoso', weekly('Perf', 41))]));
    assert.deepEqual(usual.changes, []);
    const [change] = (await only(gatheredOf([workspaceOf('contoso', weekly('Perf', 100))]))).changes;
    assert.deepEqual([change!.table, change!.gb, change!.unusualDays], ['Perf', 0.1, [DAY]]);
    assert.ok(Math.abs(change!.expectedGb - 0.041) < 0.002, String(change!.expectedGb));
  });

  it('is a table of which nothing came, and one that is new', async () => {
    const { changes } = await only(
      gatheredOf([
        workspaceOf('contoso', [...weekly('Gone', 0), ...weekly('Perf', 41), ...weekly('New', 50).slice(-1)]),
      ]),
    );
    assert.deepEqual(
      changes.map(({ table, gb, expectedGb }) => [table, gb, expectedGb > 0]),
      [
        ['New', 0.05, false],
        ['Gone', 0, true],
      ],
    );
  });

  it('is not told of a table with too few days before, of a customer of whom days are missing, or of a day not over', async () => {
    const young = await only(gatheredOf([workspaceOf('contoso', weekly('Perf', 500).slice(-14))]));
    assert.deepEqual([young.changes, young.compared], [[], undefined]);
    const lacking = await only(
      gatheredOf([
        workspaceOf('contoso', weekly('Perf', 500)),
        workspaceOf('contoso', [], { name: 'law-closed', volume: { rows: [], reason: 'no access' } }),
      ]),
    );
    assert.deepEqual([lacking.changes, lacking.compared, lacking.gaps.length], [[], undefined, 1]);
    const open = periodOf('daily', DAY, Date.parse(`${DAY}T12:00:00Z`));
    const half = (await report(gatheredOf([workspaceOf('contoso', weekly('Perf', 500))]), open)).customers[0]!;
    assert.deepEqual([half.gb, half.compared, half.changes], [0.5, undefined, []]);
  });

  it('in a month tells the days', async () => {
    const month = periodOf('monthly', '2026-02', Date.parse('2026-03-02T10:00:00Z'));
    const days = Array.from({ length: 56 }, (_, at) => new Date(Date.UTC(2026, 0, 4 + at)).toISOString().slice(0, 10));
    const rows = days.map((day, at) => ({
      day,
      table: 'Perf',
      billable: true,
      megabytes: day === '2026-02-10' || day === '2026-02-11' ? 900 : 100 + (at % 4),
      last: `${day}T23:00:00.000Z`,
    }));
    const [one] = (await report(gatheredOf([workspaceOf('contoso', rows)]), month)).customers;
    assert.deepEqual(one!.changes[0]!.unusualDays, ['2026-02-10', '2026-02-11']);
    assert.ok(Math.abs(one!.changes[0]!.expectedGb - 2.8) < 0.15, String(one!.changes[0]!.expectedGb));
    assert.ok(Math.abs(one!.gb - 4.4) < 0.1, String(one!.gb));
  });
});

describe('peers', () => {
  const estate = (...last: number[]): Gathered =>
    gatheredOf(last.map((megabytes, at) => workspaceOf(`customer${at}`, weekly('Perf', megabytes))));
  it('are the median over at least three others, who are nobody by name', async () => {
    const { customers } = await report(estate(100, 41, 45, 60));
    const { peers } = customers[0]!.changes[0]!;
    assert.ok(Math.abs(peers! - 45 / 41) < 0.03, String(peers));
  });
  it('are not told where two others have the table: it would be somebody’s own number', async () => {
    const { customers } = await report(estate(100, 41, 45));
    assert.equal(customers[0]!.changes[0]!.peers, undefined);
  });
});

describe('what is silent', () => {
  it('is a machine heard within two weeks and not in the last day, unless it is heard elsewhere', async () => {
    const machine = (computer: string, last: string) => ({ computer, last });
    const one = await only(
      gatheredOf([
        workspaceOf('contoso', weekly('Perf', 41), {
          machines: {
            rows: [
              machine('gone', '2026-02-20T10:00:00.000Z'),
              machine('moved', '2026-02-20T10:00:00.000Z'),
              machine('here', '2026-02-28T23:50:00.000Z'),
              machine('came', '2026-02-28T23:50:00.000Z'),
            ],
          },
        }),
        workspaceOf('contoso', weekly('Perf', 41), {
          name: 'law-second',
          machines: {
            rows: [machine('moved', '2026-02-28T23:00:00.000Z'), machine('came', '2026-02-20T10:00:00.000Z')],
          },
        }),
      ]),
    );
    assert.deepEqual(one.silent, [
      { kind: 'machine', name: 'gone', workspace: 'law-contoso', last: '2026-02-20T10:00:00.000Z' },
    ]);
  });

  it('is a table that had data every day; a workspace where no table has any', async () => {
    const until = (table: string, days: number) => weekly(table, 41).slice(0, days);
    const table = await only(gatheredOf([workspaceOf('contoso', [...until('Syslog', 26), ...weekly('Perf', 41)])]));
    assert.deepEqual(
      table.silent.map(({ kind, name }) => [kind, name]),
      [['table', 'Syslog']],
    );
    const all = await only(gatheredOf([workspaceOf('contoso', [...until('Syslog', 26), ...until('Perf', 26)])]));
    assert.deepEqual(
      all.silent.map(({ kind, name }) => [kind, name]),
      [['workspace', 'law-contoso']],
    );
  });
});

describe('what is missing', () => {
  it('is told once where a workspace tells nothing, else part by part; a customer nobody could enter is unknown', async () => {
    const closed = { rows: [], reason: 'no access' };
    const { customers } = await report(
      gatheredOf(
        [
          workspaceOf('contoso', [], { volume: closed, machines: closed, caps: closed }),
          workspaceOf('fabrikam', weekly('Perf', 41), { machines: { rows: [], reason: 'not readable' } }),
        ],
        { gaps: [{ customer: toCustomerKey('alpine'), of: 'Alpine tenant', reason: 'sign-in required' }] },
      ),
    );
    assert.deepEqual(
      customers.map(({ name, unknown, gaps }) => [name, unknown, gaps.map((gap) => [gap.of, gap.part, gap.reason])]),
      [
        ['Alpine', true, [['Alpine tenant', 'everything', 'sign-in required']]],
        ['Contoso', true, [['law-contoso', 'everything', 'no access']]],
        ['Fabrikam', false, [['law-fabrikam', 'machines', 'not readable']]],
      ],
    );
  });
  it('is nothing where a workspace had no data at all', async () => {
    const empty = await only(gatheredOf([workspaceOf('contoso', [])]));
    assert.deepEqual([empty.unknown, empty.gaps, empty.gb, empty.tables, empty.changes], [false, [], 0, [], []]);
  });
});

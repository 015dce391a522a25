import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { targetLets, windowText } from '../../../src/core/runners/logicApp/windowText.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { planRollup, standingQuery } from '../../../src/kql/rollup/planRollup.ts';
import { KeyChecksum } from '../../../src/model/keyChecksum.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { definition } from './definitions.ts';

const COLUMNS: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'EventID', type: 'long' },
];
const SCHEMA = { tables: [{ name: 'Event', columns: COLUMNS }] };
const TARGET = {
  guid: '33333333-3333-4333-8333-333333333333',
  customerKey: 'contoso',
  customer: 'Contoso "and" Sons',
  tenant: 'Contoso',
  workspace: 'law',
};

interface Sent {
  readonly Kind: string;
  readonly Rows: number;
  readonly Checksum: string;
  readonly Body: readonly Readonly<Record<string, unknown>>[];
}

describe('the text that a Logic App asks a workspace', () => {
  let engine: LocalEngine;
  before(async () => {
    engine = await openEngine({ memoryLimitMb: 512 });
  });
  after(() => engine.close());

  async function ask(count: number, { query = definition().query, maxRows = 100_000, now = '2026-01-02T05:00Z' } = {}) {
    const table = await engine.createTable('w', 'Event', COLUMNS);
    const rows = Array.from({ length: count }, (_, n) => [
      `2026-01-02T03:${String(Math.floor(n / 2) % 60).padStart(2, '0')}:00Z`,
      `pc${Math.floor(n / 2)} "x" \u{1f600}\n${'y'.repeat(200)}`,
      '4625',
    ]);
    // One of the next window, which does not belong here.
    await engine.append(table, [...rows, ['2026-01-02T04:00:00Z', 'late', '4625']]);
    const plan = planRollup(query, [SCHEMA]);
    const text = windowText({
      table: {
        id: 'SignIns-01234567',
        name: 'SignIns',
        kind: plan.kind,
        columns: plan.part.columns,
        viewColumns: plan.viewColumns,
        windowMinutes: 60,
      },
      query: standingQuery(plan, SCHEMA)!,
      key: [],
      latenessMinutes: 10,
      maxRows,
    });
    const window =
      'let _From = datetime(2026-01-02T03:00Z);\nlet _To = datetime(2026-01-02T04:00Z);\nlet _Write = "w1";\n';
    const { tables } = await engine.query(`${window}${targetLets(TARGET)}${text}`, {
      database: { name: 'law', tables: [table], ingestionTime: 'TimeGenerated' },
      now: BigInt(Date.parse(now)) * 10_000n + 621_355_968_000_000_000n,
    });
    const answer = tables[0]!;
    const cells = await answer.rows();
    return cells.map(
      (row) =>
        Object.fromEntries(
          answer.columns.map(({ name }, at) => [name, name === 'Body' ? JSON.parse(String(row[at])) : row[at]]),
        ) as unknown as Sent,
    );
  }

  it('answers with the batches as they are sent, and with the record that counts them', async () => {
    const answer = await ask(6_000);
    const batches = answer.filter(({ Kind }) => Kind === 'rows');
    assert.ok(batches.length >= 3, `${batches.length} batches`);
    for (const { Body, Rows } of batches) {
      assert.equal(Body.length, Number(Rows));
      assert.ok(Buffer.byteLength(JSON.stringify(Body)) < 1_000_000);
    }
    const rows = batches.flatMap(({ Body }) => Body);
    const checksum = new KeyChecksum();
    for (const row of rows) checksum.add(String(row['r_RowKey_string']));
    assert.equal(new Set(rows.map((row) => row['r_RowKey_string'])).size, 6_000, 'equal rows are told apart');
    const [record] = answer.filter(({ Kind }) => Kind === 'record').flatMap(({ Body }) => Body);
    assert.deepEqual(
      [
        record!['r_Rows_long'],
        record!['r_Checksum_string'],
        record!['r_Write_string'],
        record!['r_WorkspaceId_string'],
      ],
      ['6000', checksum.text, 'w1', TARGET.guid],
    );
    const order = Number(record!['r_Order_long']);
    assert.ok(order >= 2 ** 33 && order < 2 ** 33 + 512);
    const {
      r_Customer_string: customer,
      r_WindowStart_datetime: start,
      r_CustomerKey_string: customerKey,
      Computer_string: computer,
    } = rows[0]!;
    assert.deepEqual([customer, customerKey], [TARGET.customer, 'contoso']);
    assert.equal(Date.parse(String(start)), Date.UTC(2026, 0, 2, 3));
    assert.match(String(computer), /^pc\d+ "x" \u{1f600}\ny/u);
  });

  it('has the same keys whenever it is asked', async () => {
    const keys = async (): Promise<unknown[]> =>
      (await ask(50))
        .filter(({ Kind }) => Kind === 'rows')
        .flatMap(({ Body }) => Body.map((row) => row['r_RowKey_string']));
    assert.deepEqual(await keys(), await keys());
  });

  it('of a window without rows there is the record alone', async () => {
    const answer = await ask(0);
    assert.deepEqual(
      answer.map(({ Kind, Body }) => [Kind, Body[0]!['r_Rows_long'], Body[0]!['r_Checksum_string']]),
      [['record', '0', '0000000000000000']],
    );
  });

  it('sends nothing of a window with too many rows, nor of one that is not over by its own clock', async () => {
    assert.deepEqual(
      (await ask(50, { maxRows: 49 })).map(({ Kind }) => Kind),
      ['tooMany'],
    );
    assert.deepEqual(
      (await ask(50, { now: '2026-01-02T04:09:59Z' })).map(({ Kind }) => Kind),
      ['open'],
    );
  });

  it('of a summary it sends the partial groups that the view of the centre adds up', async () => {
    const answer = await ask(10, {
      query: 'Event | summarize n = count(), m = avg(EventID) by Hour = bin(TimeGenerated, 1h)',
    });
    const [row] = answer.filter(({ Kind }) => Kind === 'rows').flatMap(({ Body }) => Body);
    assert.deepEqual([row!['n_long'], row!['m_count_long'], row!['m_sum_long']], ['10', '10', '46250']);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { KeyChecksum } from '../../../src/model/keyChecksum.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { RollupTable } from '../../../src/model/rollup.ts';
import { RECORD_COLUMNS, WRITE_COLUMNS } from '../../../src/ports/appendTarget.ts';
import type { WindowRecord } from '../../../src/ports/appendTarget.ts';
import {
  answerQuery,
  arrivedQuestion,
  newestQuestion,
  readArrived,
  readRecords,
  recordCells,
  rowsOnceQuery,
  windowsQuestion,
} from '../../../src/ports/appendQuestions.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 31, 23);
const TABLE: RollupTable = {
  id: 'Beats-0a1b2c3d',
  name: 'Beats',
  kind: 'summary',
  columns: [{ name: 'a-b', type: 'long' }],
  view: "part1 | summarize Total = sum(['a-b']) by _Customer",
  viewColumns: [],
  windowMinutes: 60,
};
const CONTOSO = toCustomerKey('contoso "the first"\n');
const FABRIKAM = toCustomerKey('fabrikam');
const KEYS = ['ffffffffffffffff0000', 'fffffffffffffffe0000', '00000000000000ff0000'];

function record(hour: number, write: string, order: number, customer = CONTOSO): WindowRecord {
  const [from, to] = [START + hour * HOUR, START + (hour + 1) * HOUR];
  const known = { rows: 1, bytes: 9, checksum: 'ff' };
  return { rollup: TABLE.id, workspace: 'w1', from, to, customer, write, order, ...known };
}

/** A table of these rows as KQL. */
function datatable(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.flatMap((row) =>
    row.map((cell, i) => (columns[i]!.type === 'datetime' ? `datetime(${String(cell)})` : JSON.stringify(cell))),
  );
  return `datatable(${columns.map(({ name, type }) => `['${name}']: ${type}`).join(', ')})[${cells.join(', ')}]`;
}

const row = (write: string, key: string, n: number): Cell[] => [
  ...[write, 'contoso', 'Contoso', 'tenant', 'law', TABLE.id, '2026-01-31T23:00:00Z', '2026-02-01T00:00:00Z', key],
  n,
];
const ROWS = datatable(
  [...WRITE_COLUMNS, ...ROLLUP_COLUMNS, ...TABLE.columns],
  [
    row('first', KEYS[0]!, 1),
    row('second', KEYS[0]!, 10),
    row('second', KEYS[0]!, 10),
    row('second', KEYS[1]!, 20),
    row('second', KEYS[2]!, 30),
    row('broken', KEYS[1]!, 99),
    row('erased', KEYS[1]!, 98),
  ],
);
const RECORDS = datatable(
  RECORD_COLUMNS,
  [
    record(0, 'second', 2 ** 52 + 1),
    record(0, 'first', 2 ** 52),
    record(1, 'erased', 5),
    record(1, '', 6),
    record(2, 'theirs', 7, FABRIKAM),
  ].map(recordCells),
);

describe('questions to a centre that speaks KQL', () => {
  let engine: LocalEngine;
  const ask = async (query: string): Promise<Cell[][]> => {
    const answer = await engine.query(query, { database: { name: 'centre', tables: [] } });
    const rows = await answer.tables[0]!.rows();
    await answer.tables[0]!.dispose();
    return rows;
  };
  before(async () => {
    engine = await openEngine({ memoryLimitMb: 256 });
  });
  after(() => engine.close());

  it('count each row of an attempt once, with the checksum of what was meant', async () => {
    const meant = new KeyChecksum();
    for (const key of KEYS) meant.add(key);
    assert.deepEqual(readArrived(await ask(arrivedQuestion(ROWS, 'second'))), { rows: 3, checksum: meant.text });
    assert.deepEqual(readArrived(await ask(arrivedQuestion(ROWS, 'never'))), {
      rows: 0,
      checksum: new KeyChecksum().text,
    });
  });
  it('find the record of a window that counts, exactly as it was', async () => {
    const [key] = [record(0, 'second', 0)];
    assert.deepEqual(readRecords(await ask(newestQuestion(RECORDS, key!))), [record(0, 'second', 2 ** 52 + 1)]);
    assert.deepEqual(readRecords(await ask(newestQuestion(RECORDS, { ...key!, workspace: 'w2' }))), []);
  });
  it("find a customer's windows, without those that were erased", async () => {
    const found = readRecords(await ask(windowsQuestion(RECORDS, CONTOSO)));
    assert.deepEqual(found, [record(0, 'second', 2 ** 52 + 1)]);
  });
  it('give each row of the newest attempt once, and the answer of a summary made of them', async () => {
    const once = rowsOnceQuery(ROWS, RECORDS, TABLE);
    const there = await ask(`${once} | sort by ['a-b'] asc`);
    assert.deepEqual(
      there.map((cells) => cells.slice(ROLLUP_COLUMNS.length - 1)),
      KEYS.map((key, i) => [key, (i + 1) * 10]),
    );
    const [definitions, rows] = once.split(/;\n/, 2);
    assert.deepEqual(await ask(`${definitions!};\n${answerQuery(`(${rows!})`, TABLE)}`), [['Contoso', 60]]);
  });
});

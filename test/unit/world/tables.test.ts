import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { addSampleEstate } from '../../../src/emulator/world/sample.ts';
import { GENERATORS } from '../../../src/emulator/world/tables/catalog.ts';
import {
  findReferenceColumns,
  findReferenceName,
  referenceTableNames,
} from '../../../src/emulator/world/tableReference.ts';
import { isGuid } from '../../../src/model/ids.ts';
import type { Cell, KqlType } from '../../../src/model/kqlType.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');

/** Columns that real rows have although the public reference leaves them out. */
const BEYOND_REFERENCE = new Set(['Heartbeat.SourceComputerId', 'AzureDiagnostics.server_principal_name_s']);

test('the reference knows 925 tables with their types', () => {
  assert.equal(referenceTableNames().length, 925);
  assert.equal(findReferenceName('signinlogs'), 'SigninLogs');
  const types = Object.fromEntries(findReferenceColumns('SigninLogs')!.map(({ name, type }) => [name, type]));
  assert.deepEqual(
    [
      types['TimeGenerated'],
      types['DurationMs'],
      types['DeviceDetail'],
      types['IsInteractive'],
      types['TenantId'],
      types['_BilledSize'],
    ],
    ['datetime', 'long', 'dynamic', 'bool', 'string', 'real'],
  );
  assert.equal(findReferenceColumns('NoSuchTable'), undefined);
});

test('some thirty tables have rows, and Microsoft tables only columns that Microsoft has', () => {
  assert.ok(GENERATORS.size >= 30, String(GENERATORS.size));
  for (const { table, columns } of GENERATORS.values()) {
    if (table.endsWith('_CL')) continue;
    const known = new Set(findReferenceColumns(table)?.map(({ name }) => name));
    assert.deepEqual(
      columns!
        .map(({ name }) => name)
        .filter((name) => !known.has(name) && !name.startsWith('_') && !BEYOND_REFERENCE.has(`${table}.${name}`)),
      [],
      table,
    );
  }
});

test('every cell has the encoding of its column, and no workspace lists a table with rows that are not there', async () => {
  const world = emptyWorld({ seed: 3, clock: new EmulatedClock(NOW, true) });
  const { logs } = await addSampleEstate(world);
  const seen = new Set<string>();
  for (const workspace of logs.all()) {
    for (const rows of workspace.tables) {
      assert.ok(rows.kind === 'made');
      seen.add(rows.table);
      let count = 0;
      for (const row of rows.rows(NOW - rows.span, NOW, true)) {
        if (++count > 300) break;
        assert.equal(row.length, rows.columns.length, rows.table);
        rows.columns.forEach(({ name, type }, index) => {
          assert.ok(fits(row[index]!, type), `${rows.table}.${name} is ${type}: ${String(row[index])}`);
        });
        assert.ok(Date.parse(String(row[0])) <= NOW + 1, `${rows.table} at ${String(row[0])}`);
      }
      assert.ok(count > 0, `${rows.table} of ${workspace.customerId}`);
    }
  }
  assert.equal(seen.size, GENERATORS.size);
});

function fits(cell: Cell, type: KqlType): boolean {
  if (cell === null) return type !== 'string';
  switch (type) {
    case 'bool':
      return typeof cell === 'boolean';
    case 'int':
      return typeof cell === 'number' && Number.isInteger(cell) && Math.abs(cell) < 2 ** 31;
    case 'long':
      return typeof cell === 'bigint' || (typeof cell === 'number' && Number.isSafeInteger(cell));
    case 'real':
      return typeof cell === 'number';
    case 'datetime':
      return typeof cell === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/.test(cell);
    case 'timespan':
      return typeof cell === 'string' && /^-?(\d+\.)?\d\d:\d\d:\d\d(\.\d{1,7})?$/.test(cell);
    case 'guid':
      return typeof cell === 'string' && isGuid(cell);
    case 'dynamic':
      try {
        JSON.parse(String(cell));
        return true;
      } catch {
        return false;
      }
    case 'decimal':
    case 'string':
      return typeof cell === 'string';
    default:
      return false;
  }
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { openEngine } from '../../src/engine/openEngine.ts';
import type { EngineTable, LocalEngine } from '../../src/engine/face.ts';
import type { Column } from '../../src/model/kqlType.ts';
import { constantsOf, logCell } from '../harness/logRows.ts';

// Queries as people who look after logs write them, over tables without rows and with generated ones: each has an
// answer, and most find rows.
// The same is done with other people's queries by test/harness/realQueries.ts.
const queries = readFileSync(new URL('cases/operations.kql', import.meta.url), 'utf8')
  .split(/^\/\/ /m)
  .slice(1)
  .map((block) => ({ name: block.slice(0, block.indexOf('\n')), text: block.slice(block.indexOf('\n') + 1).trim() }));
const TABLES: Readonly<Record<string, string>> = {
  SigninLogs:
    'TimeGenerated:datetime UserPrincipalName:string IPAddress:string Location:string ResultType:string AppDisplayName:string DeviceDetail:dynamic LocationDetails:dynamic RiskLevel:string CorrelationId:string Type:string _IsBillable:string _BilledSize:real',
  AuditLogs:
    'TimeGenerated:datetime OperationName:string Result:string InitiatedBy:dynamic TargetResources:dynamic CorrelationId:string Category:string Type:string _IsBillable:string _BilledSize:real',
  Heartbeat:
    'TimeGenerated:datetime Computer:string OSType:string Version:string ComputerIP:string Category:string _ResourceId:string Type:string _IsBillable:string _BilledSize:real',
  Perf: 'TimeGenerated:datetime Computer:string ObjectName:string CounterName:string CounterValue:real InstanceName:string _ResourceId:string Type:string',
  DeviceProcessEvents:
    'TimeGenerated:datetime DeviceName:string DeviceId:string AccountName:string FileName:string ProcessCommandLine:string ProcessId:long SHA256:string AdditionalFields:dynamic Type:string',
  Usage:
    'TimeGenerated:datetime DataType:string Quantity:real IsBillable:bool Solution:string StartTime:datetime EndTime:datetime Type:string',
};

describe('queries of operations and hunting on generated rows', () => {
  let engine: LocalEngine;
  const tables: Record<'empty' | 'full', EngineTable[]> = { empty: [], full: [] };
  before(async () => {
    engine = await openEngine({ threads: 1, memoryLimitMb: 256 });
    const constants = constantsOf(queries.map((q) => q.text));
    for (const kind of ['empty', 'full'] as const)
      for (const [name, text] of Object.entries(TABLES)) {
        const columns = text.split(' ').map((c) => ({ name: c.split(':')[0]!, type: c.split(':')[1]! }) as Column);
        const table = await engine.createTable(kind, name, columns);
        tables[kind].push(table);
        if (kind === 'full')
          await engine.append(
            table,
            Array.from({ length: 48 }, (_, row) =>
              columns.map((column) => logCell(column, row, constants, Date.now())),
            ),
          );
      }
  });
  after(async () => {
    await engine.close();
  });
  let found = 0;
  for (const { name, text } of queries)
    it(name, async () => {
      const [empty, full] = [await shapeOf(text, tables.empty), await shapeOf(text, tables.full)];
      assert.deepEqual(full.columns, empty.columns);
      found += Math.min(1, full.rows);
    });
  it('most of them find rows', () => {
    assert.ok(found >= 0.8 * queries.length, `${found} of ${queries.length}`);
  });

  async function shapeOf(
    text: string,
    of: readonly EngineTable[],
  ): Promise<{ columns: readonly Column[]; rows: number }> {
    const answer = await engine.query(text, { database: { name: 'logs', tables: of } });
    const [first] = answer.tables;
    const shape = { columns: first!.columns, rows: first!.rowCount };
    for (const table of answer.tables) {
      assert.equal((await table.rows()).length, table.rowCount);
      await table.dispose();
    }
    return shape;
  }
});

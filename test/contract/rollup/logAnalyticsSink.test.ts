import assert from 'node:assert/strict';
import { toAppError } from '../../../src/base/errors.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { formatDatetime, parseDatetime } from '../../../src/model/values/datetime.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { SinkPort } from '../../../src/ports/rollups.ts';
import { openCentre } from './logAnalyticsCentre.ts';
import { sinkContract } from './sinkContract.ts';

sinkContract('A workspace of Log Analytics', async () => {
  const { sink, prepare, ask, close } = await openCentre(5);
  // A centre is made by a plan that somebody has seen, and the sink says so until then.
  const planned: SinkPort['prepare'] = async (table) => {
    try {
      return await sink.prepare(table);
    } catch (thrown) {
      if (toAppError(thrown).code !== 'input.centreNotPrepared') throw thrown;
      const { result } = await prepare(table);
      assert.equal(result.error, undefined);
      assert.equal(result.ok, true);
      return { ...(await sink.prepare(table)), isNew: true };
    }
  };
  return {
    sink: Object.assign(Object.create(sink) as typeof sink, { prepare: planned }),
    rowsOf: async (table, customer) => {
      const where = customer === undefined ? '' : `| where _Customer == ${JSON.stringify(customer)} `;
      const rows = await ask(`${table.name} ${where}| sort by N asc`);
      // The query API leaves out the zeros at the end of a time.
      const whole = (cell: Cell, i: number): Cell =>
        table.columns[i]!.type === 'datetime' && cell !== null ? formatDatetime(parseDatetime(String(cell))!) : cell;
      return rows.map((row) => row.slice(ROLLUP_COLUMNS.length).map(whole));
    },
    close,
  };
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Emitter } from '../../../src/base/event.ts';
import { AppError } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { exportRows } from '../../../src/extension/results/exportRows.ts';
import type { ExportEnds } from '../../../src/extension/results/exportRows.ts';
import type { Worker } from '../../../src/extension/platform/dataWorker.ts';
import { toRunId } from '../../../src/model/ids.ts';
import type { Run } from '../../../src/model/run.ts';
import type { RunsContract } from '../../../src/protocol/runs.ts';

const RUN = {
  id: toRunId('r1'),
  query: 'Heartbeat | take 2',
  startedAt: '2026-11-22T10:00:00.000Z',
  completeness: { complete: false, sentence: '3 of 4 workspaces answered' },
} as unknown as Run;
const PASSING = { run: 'r1', search: 'srv', filters: [{ column: 'n', op: 'empty' as const }], sort: [] };
type Exported = RunsContract['requests']['runs.export'];

/** A person who answers each question as told, and a worker that answers with `exported`. */
function asking(answers: readonly (string | undefined)[], exported?: Exported['output']) {
  const left = [...answers];
  const asked: string[] = [];
  const requests: Exported['input'][] = [];
  const reports: string[] = [];
  const told: { message: string; path: string; open: boolean }[] = [];
  const exporting = new Emitter<RunsContract['events']['run.exporting']>();
  const next = async (question: string): Promise<string | undefined> => {
    asked.push(question);
    return left.shift();
  };
  const ends: ExportEnds = {
    choose: async <T extends string>(title: string, choices: readonly { value: T }[]) => {
      const answer = await next(`${title}: ${choices.map(({ value }) => value).join(' ')}`);
      return choices.find(({ value }) => value === answer)?.value;
    },
    saveAs: (name) => next(name),
    folder: () => next('folder'),
    working: (_title, work) =>
      work((message, fraction) => {
        reports.push(`${message} ${fraction ?? ''}`);
      }, new LocalSignal()),
    done: (message, path, open) => told.push({ message, path, open }),
  };
  const worker = {
    on: (_name: string, listener: (progress: RunsContract['events']['run.exporting']) => void) =>
      exporting.event(listener),
    request: async (_name: string, input: Exported['input']) => {
      requests.push(input);
      exporting.fire({ run: RUN.id, path: 'elsewhere', rows: 1, fraction: 0.1 });
      exporting.fire({ run: RUN.id, path: input.path, rows: 1_234, fraction: 0.5 });
      if (!exported) throw new AppError('input.exportPath', 'The file cannot be written there.');
      return exported;
    },
  } as unknown as Worker;
  return { asked, requests, reports, told, export: () => exportRows({ worker, ends }, RUN, PASSING) };
}

describe('exporting the rows of a run', () => {
  it('asks for the form, one file or one per customer, and the place, and writes what passes the filters', async () => {
    const person = asking(['xlsx', 'one', '/data/rows.xlsx'], { rows: 2, files: 1, notes: ['A note.'] });
    assert.deepEqual(await person.export(), { rows: 2, path: '/data/rows.xlsx' });
    assert.deepEqual(person.asked, [
      'Export Rows as Filtered: csv xlsx json parquet md',
      'Export Rows as Filtered: one perCustomer',
      'Heartbeat-take-2-2026-11-22-10-00.xlsx',
    ]);
    assert.deepEqual(person.requests, [{ ...PASSING, path: '/data/rows.xlsx', format: 'xlsx' }]);
    assert.deepEqual(person.reports, ['/data/rows.xlsx 0', '1,234 rows written 0.5']);
    assert.deepEqual(person.told, [
      {
        message: '2 rows exported. The answer is not complete: 3 of 4 workspaces answered. A note.',
        path: '/data/rows.xlsx',
        open: false,
      },
    ]);
  });

  it('puts a file per customer into a folder of their own', async () => {
    const notes = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: cut.`);
    const person = asking(['csv', 'perCustomer', '/data'], { rows: 1_000, files: 12, notes, incomplete: 1 });
    const path = join('/data', 'Heartbeat-take-2-2026-11-22-10-00');
    assert.deepEqual(await person.export(), { rows: 1_000, path });
    assert.deepEqual(person.requests, [{ ...PASSING, path, format: 'csv', perCustomer: true }]);
    assert.deepEqual(person.told, [
      {
        message:
          '1,000 rows of 12 customers exported. 1 customer did not answer in full; the file beside theirs says what is missing. a: cut. b: cut. c: cut. And 2 more notes.',
        path,
        open: false,
      },
    ]);
  });

  it('writes nothing where the person chooses nothing, and tells nothing where it failed', async () => {
    for (const answers of [
      [undefined],
      ['csv', undefined],
      ['csv', 'one', undefined],
      ['csv', 'perCustomer', undefined],
    ]) {
      const person = asking(answers);
      assert.equal(await person.export(), null);
      assert.deepEqual(person.requests, []);
    }
    const person = asking(['md', 'one', '/data/rows.md']);
    await assert.rejects(person.export(), { code: 'input.exportPath' });
    assert.deepEqual(person.told, []);
  });
});

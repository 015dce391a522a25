import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { askLake } from '../../../src/core/runs/askLake.ts';
import { toCustomerKey, toRunId } from '../../../src/model/ids.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import type { RunRequest } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';
import type { StoredAnswer, StoredQuestion, StoredWorkspace } from '../../../src/ports/storedRows.ts';
import { estateOf } from './world.ts';

const NOON = Date.UTC(2026, 0, 31, 12);
const ESTATE = estateOf(3);
const [FIRST, SECOND] = ESTATE.workspaces;
const COLUMNS: readonly Column[] = ['_Customer', '_Workspace', 'n'].map((name) => ({ name, type: 'string' }));
const stored = (guid: string, more: Partial<StoredWorkspace> = {}): StoredWorkspace => ({
  workspace: guid,
  workspaceName: `of ${guid}`,
  customer: toCustomerKey('c'),
  customerName: 'Customer',
  until: NOON,
  ...more,
});

/** Asks a lake that gives this answer; also what it was asked, and how often the estate was wanted. */
async function ask(answer: Partial<StoredAnswer>, request: Partial<RunRequest> = {}) {
  const asked: StoredQuestion[] = [];
  let loads = 0;
  let held: readonly (readonly Cell[])[] = [];
  const rows = {
    hold: async (_columns: unknown, all: readonly (readonly Cell[])[]) => void (held = all),
    columns: () => [],
    rowCount: () => held.length,
  } as unknown as RowStoreRun;
  const run = await askLake(
    { id: toRunId('r'), rows, signal: NEVER },
    { query: '// of Contoso\nBeats', scope: EVERYTHING, timeRange: { kind: 'last', minutes: 60 }, ...request },
    { errors: [] },
    {
      stored: {
        ask: async (question) => {
          asked.push(question);
          return { columns: COLUMNS, rows: [], truncated: false, known: [], ...answer };
        },
      },
      estate: async () => {
        loads++;
        return ESTATE;
      },
      clock: { now: () => NOON, sleep: async () => undefined } as never,
    },
  );
  return { run, asked: asked[0]!, loads };
}

test('everything that is stored is asked without anybody’s sign-in, in the time range of the document', async () => {
  const known = [stored('g1'), stored('g2', { until: NOON - 3_600_000 })];
  const { run, asked, loads } = await ask({
    known,
    rows: [
      ['Customer', 'of g1', '5'],
      ['Customer', 'of g1', '6'],
    ],
  });
  assert.deepEqual([loads, asked.workspaces], [0, undefined]);
  assert.doesNotMatch(asked.query, /Contoso/);
  assert.deepEqual(asked.timespan, { from: '2026-01-31T11:00:00.000Z', to: '2026-01-31T12:00:00.000Z' });
  assert.deepEqual([run.source, run.rowCount, run.completeness.complete], ['lake', 2, true]);
  assert.equal(run.completeness.sentence, '2 of 2 workspaces answered, as stored until 2026-01-31 11:00 UTC');
  assert.deepEqual(
    run.targets.map(({ state, rows }) => [state, rows]),
    [
      ['answered', 2],
      ['answered', 0],
    ],
  );
});

test('a workspace with a gap answers in part, with why', async () => {
  const { run } = await ask({ known: [stored('g1', { lacks: 'A window has more than 10 rows.' }), stored('g2')] });
  const [first] = run.targets;
  assert.deepEqual([first!.state, first!.error?.message], ['partial', 'A window has more than 10 rows.']);
  assert.equal(run.completeness.complete, false);
});

test('what a scope leaves out is not read, and whom nothing is stored of says so', async () => {
  const scope = {
    include: [FIRST!, SECOND!].map(({ guid }) => ({ kind: 'workspace', value: guid }) as const),
    except: [],
  };
  const { run, asked } = await ask({ known: [stored(FIRST!.guid), stored('elsewhere')] }, { scope });
  assert.deepEqual([...asked.workspaces!], [FIRST!.guid, SECOND!.guid]);
  assert.deepEqual(
    run.targets.map((target) => [target.kind === 'workspace' && target.workspace, target.state]),
    [
      [FIRST!.key, 'answered'],
      [SECOND!.key, 'skipped'],
    ],
  );
  await assert.rejects(ask({}, { scope: { include: [{ kind: 'customer', value: 'nobody' }], except: [] } }), {
    code: 'input.scope',
  });
});

test('more rows than an answer holds are told', async () => {
  const { run } = await ask({ known: [stored('g1')], truncated: true });
  assert.match(run.targets[0]!.error!.message, /more than 500,000 rows/);
});

/** Text of others on a terminal: no escape code, no turned or hidden text, and JSON and CSV that stay what they are. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { copyRun } from '../../../src/cli/output/copyRun.ts';
import { toJson } from '../../../src/cli/output/json.ts';
import { placedError } from '../../../src/cli/output/placedError.ts';
import { printAnswer } from '../../../src/cli/output/printAnswer.ts';
import { printTable } from '../../../src/cli/output/printTable.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';
import { AppError } from '../../../src/base/errors.ts';
import { toCommands, toTemplate } from '../../../src/core/changes/export.ts';
import { planSheet } from '../../../src/core/changes/planSheet.ts';
import type { QueryAnswer } from '../../../src/engine/face.ts';
import type { PlanState } from '../../../src/core/changes/planSheet.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { Run } from '../../../src/model/run.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../../fixtures/hostileTexts.ts';

/** A terminal that keeps what was written; `width` undefined where standard output is a file or a pipe. */
function listen(width: number | undefined): { readonly terminal: Terminal; readonly said: () => string } {
  let all = '';
  const terminal = {
    width,
    colours: false,
    write: async (text: string) => {
      all += text;
    },
    writeBytes: async (bytes: Uint8Array) => {
      all += Buffer.from(bytes).toString('utf8');
    },
    say: (text: string) => {
      all += `${text}\n`;
    },
  };
  return { terminal: terminal as unknown as Terminal, said: () => all };
}

/** Two tables, as `fork` gives them, of one cell each. */
function answerOf(text: string): QueryAnswer {
  const table = {
    name: text,
    columns: [{ name: text, type: 'string' }],
    rowCount: 1,
    rows: async (first: number) => (first === 0 ? [[text]] : []),
  };
  return { tables: [table, table] } as unknown as QueryAnswer;
}

/** A plan in which everything that others name is called `text`, and what became of it. */
function sheetOf(text: string, kind: 'waiting' | 'running' | 'lost' | 'over'): string {
  const reason = { code: 'service.failed', message: text, retryable: false } as const;
  const change = { id: 'a', target: text, title: text, detail: text, action: 'create' } as const;
  const plan = {
    title: text,
    typed: text,
    about: [{ what: 'Customer', name: text, id: text }],
    changes: [{ ...change, differences: [{ name: text, before: text, after: text }] }],
    warnings: [text],
    commands: [text],
    template: toTemplate([{ name: text }]),
    source: { tenant: text, secrets: [{ name: 'hook1', what: text }], steps: [{ title: text, resources: [] }] },
  } as unknown as Plan;
  const times = { began: '2026-11-29T10:00:00.000Z', ended: '2026-11-29T10:01:05.000Z' };
  const outcome = { ...change, ...times, state: 'failed', reason, exists: text, ids: [{ name: 'ID', value: text }] };
  const result = { ok: false, ...times, changes: [outcome], done: [], exists: [text], error: reason };
  const state = kind === 'over' ? { kind, result } : { kind, message: text };
  const sheet = planSheet(plan, state as unknown as PlanState);
  assert.doesNotMatch(sheet, /[\r\t]/);
  // Nothing of theirs begins a line: what does is ours, or the title that holds their names.
  const ours = /^(PLAN|BEING|NO RECEIPT|FAILED|What|For whom|Read|The same)/;
  for (const line of sheet.split('\n').slice(1)) assert.match(line, line.startsWith(' ') || line === '' ? /^/ : ours);
  return sheet;
}

for (const text of HOSTILE_TEXTS)
  test(`answers, plans, errors and commands: ${JSON.stringify(text).slice(0, 60)}`, async () => {
    for (const format of ['table', 'json', 'csv'] as const) {
      const { terminal, said } = listen(100);
      await printAnswer(answerOf(text), { format, limit: 10 }, terminal);
      // CSV has its line breaks as they are.
      assert.doesNotMatch(format === 'csv' ? said().replaceAll('\r\n', '\n') : said(), UNSEEN, format);
      const plain = listen(undefined);
      await printAnswer(answerOf(text), { format, limit: 10 }, plain.terminal);
      if (format === 'json') {
        assert.deepEqual(Object.values(JSON.parse(said()) as object)[0], [{ [text]: text }]);
        assert.deepEqual(JSON.parse(said()), JSON.parse(plain.said()));
      }
      if (format === 'csv') assert.ok(plain.said().includes(text.replaceAll('"', '""').slice(1, 5)));
    }
    for (const format of ['table', 'csv'] as const) {
      const { terminal, said } = listen(100);
      await printTable(terminal, format, [{ name: text, type: 'string' }], [[text]]);
      assert.doesNotMatch(said().replaceAll('\r\n', '\n'), UNSEEN);
    }
    for (const state of ['waiting', 'running', 'lost', 'over'] as const)
      assert.doesNotMatch(sheetOf(text, state), UNSEEN, state);
    assert.doesNotMatch(
      placedError(new AppError('query.syntax', text, { data: { line: 1, column: 2 } }), text, 80),
      UNSEEN,
    );
    assert.doesNotMatch(toJson({ [text]: [text] }), UNSEEN);
    assert.deepEqual(JSON.parse(toJson({ [text]: [text] })), { [text]: [text] });
    assert.deepEqual((JSON.parse(toTemplate([{ name: text }])) as { resources: unknown }).resources, [{ name: text }]);
    assert.doesNotMatch(toTemplate([{ name: text }]), UNSEEN);
    const [, command = ''] = toCommands('tenant', '', [['x', '--tags', text]]);
    assert.doesNotMatch(command, UNSEEN);
    assert.doesNotMatch(command, /[\r\n]/, 'a command is one line');
  });

test('the rows of a run go to a screen piece by piece, and no character is cut in two', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'tenantscope-hostile-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'answer.json');
  const rows = `[${JSON.stringify({ a: `ä😀${'\u202e'.repeat(40_000)}\u009b31m` })}]\n`;
  await writeFile(file, rows);
  const run = { state: 'complete', targets: [], columns: [], rowCount: 1 } as unknown as Run;
  const screen = listen(80),
    pipe = listen(undefined);
  await copyRun(run, file, 'json', undefined, screen.terminal);
  await copyRun(run, file, 'json', undefined, pipe.terminal);
  assert.doesNotMatch(screen.said(), UNSEEN);
  assert.deepEqual(JSON.parse(screen.said()), JSON.parse(pipe.said()));
  assert.ok(pipe.said().includes(await readFile(file, 'utf8')));
});

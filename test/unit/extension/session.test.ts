import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CancelSignal } from '../../../src/base/cancel.ts';
import { AppError, cancelled } from '../../../src/base/errors.ts';
import { Emitter } from '../../../src/base/event.ts';
import type { Worker, WorkerConnection, WorkerOptions } from '../../../src/extension/platform/dataWorker.ts';
import { DataWorker } from '../../../src/extension/platform/dataWorker.ts';
import { EstateModel } from '../../../src/extension/session/estateModel.ts';
import { RunBook } from '../../../src/extension/session/runBook.ts';
import { blockAt } from '../../../src/extension/session/queryBlocks.ts';
import type { QueryBlock } from '../../../src/kql/language/face.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toRunId } from '../../../src/model/ids.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { RunRequest } from '../../../src/model/run.ts';
import { sampleEstate } from './sampleEstate.ts';

type Answers = Record<string, (input: unknown) => unknown>;

/** A worker process as a script, and what happened to it. */
function scripted(
  answers: Answers,
  allowed = true,
): {
  options: WorkerOptions;
  log: string[];
  exit: () => void;
  emit: (name: string, payload: unknown) => void;
  fail: (error: AppError | undefined) => void;
} {
  const log: string[] = [];
  let exited = new Emitter<AppError>();
  let listeners = new Map<string, (payload: unknown) => void>();
  let refusal: AppError | undefined;
  const connect = (): WorkerConnection => {
    log.push('connect');
    exited = new Emitter();
    listeners = new Map();
    return {
      request: (async (name: string, input: unknown) => {
        log.push(name);
        if (name === 'configure') return { problems: [] };
        if (refusal) throw refusal;
        return answers[name]?.(input);
      }) as WorkerConnection['request'],
      on: ((name: string, listener: (payload: unknown) => void) => {
        listeners.set(name, listener);
        return { dispose: () => undefined };
      }) as WorkerConnection['on'],
      onExit: exited.event,
      dispose: () => {
        log.push('dispose');
      },
    };
  };
  const options: WorkerOptions = {
    connect,
    host: {} as WorkerOptions['host'],
    allowed: () => allowed,
    onProblems: () => undefined,
    settings: async () => ({
      cloud: PUBLIC_CLOUD,
      customersFiles: [],
      storageDirectory: '/tmp',
      memoryLimitMb: 256,
      persistRuns: false,
    }),
  };
  return {
    options,
    log,
    exit: () => {
      exited.fire(new AppError('engine.crashed', 'The data worker ended.'));
    },
    emit: (name, payload) => {
      listeners.get(name)?.(payload);
    },
    fail: (error) => {
      refusal = error;
    },
  };
}

test('the worker starts with the first request and is configured before it', async () => {
  const { options, log } = scripted({ 'runs.list': () => [] });
  const worker = new DataWorker(options);
  assert.deepEqual(log, []);
  await Promise.all([worker.request('runs.list', null), worker.request('runs.list', null)]);
  assert.deepEqual(log, ['connect', 'configure', 'runs.list', 'runs.list']);
});

test('in a folder nobody trusts nothing starts at all', async () => {
  const { options, log } = scripted({}, false);
  await assert.rejects(new DataWorker(options).request('runs.list', null), { code: 'input.untrusted' });
  assert.deepEqual(log, []);
});

test('after a crash the next request starts a new worker, and its events are still heard', async () => {
  const { options, log, exit, emit } = scripted({ 'runs.list': () => [] });
  const worker = new DataWorker(options);
  const heard: unknown[] = [];
  worker.on('log', (event) => {
    heard.push(event);
  });
  await worker.request('runs.list', null);
  exit();
  await worker.request('runs.list', null);
  emit('log', 'again');
  assert.deepEqual(
    [log, heard],
    [['connect', 'configure', 'runs.list', 'connect', 'configure', 'runs.list'], ['again']],
  );
});

test('settings that cannot be read fail the request, and the next one tries again', async () => {
  const { options, log } = scripted({ 'runs.list': () => [] });
  let broken = true;
  const worker = new DataWorker({
    ...options,
    settings: async () => {
      if (broken) throw new AppError('input.cloudFile', 'No file.');
      return options.settings();
    },
  });
  await assert.rejects(worker.request('runs.list', null), { code: 'input.cloudFile' });
  broken = false;
  await worker.request('runs.list', null);
  assert.deepEqual(log, ['connect', 'dispose', 'connect', 'configure', 'runs.list']);
});

test('the estate is loaded once for everybody who asks, and says where it stands', async () => {
  const { options, log } = scripted({ 'estate.load': () => sampleEstate() });
  const estate = new EstateModel(new DataWorker(options), () => true);
  const states: string[] = [];
  estate.onDidChange(() => {
    states.push(estate.state);
  });
  assert.equal(estate.state, 'unloaded');
  await Promise.all([estate.ensure(), estate.ensure()]);
  await estate.ensure();
  assert.deepEqual([states, log.filter((name) => name === 'estate.load').length], [['loading', 'loaded'], 1]);
});

test('nobody signed in is another state than nothing visible', async () => {
  const empty = (accounts: Estate['accounts']): Estate => ({
    ...sampleEstate(),
    accounts,
    tenants: [],
    workspaces: [],
    customers: [],
  });
  for (const [accounts, state] of [
    [[], 'signedOut'],
    [sampleEstate().accounts, 'empty'],
  ] as const) {
    const estate = new EstateModel(
      new DataWorker(scripted({ 'estate.load': () => empty(accounts) }).options),
      () => true,
    );
    await estate.ensure();
    assert.equal(estate.state, state);
  }
});

test('a failed refresh keeps the last good picture and says why', async () => {
  const { options, fail } = scripted({ 'estate.load': () => sampleEstate() });
  const estate = new EstateModel(new DataWorker(options), () => true);
  const first = await estate.ensure();
  fail(new AppError('network.unreachable', 'No network.'));
  await assert.rejects(estate.load(true), { code: 'network.unreachable' });
  assert.deepEqual([estate.estate, estate.state, estate.error?.code], [first, 'loaded', 'network.unreachable']);
});

const REQUEST: RunRequest = {
  query: 'Heartbeat',
  scope: EVERYTHING,
  timeRange: { kind: 'inQuery' },
};

/** The first snapshot, as far as these tests look. */
const FIRST = { id: toRunId('r1'), state: 'running', startedAt: '2026-11-22T10:00:00Z', targets: [] } as const;

test('while the worker is busy starting, the page says so; then everybody who will be asked is shown waiting', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let answer: (value: unknown) => void = () => undefined;
  let asked: () => void = () => undefined;
  const sent = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { options } = scripted({
    'runs.start': () => {
      asked();
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  });
  const runs = new RunBook(new DataWorker(options));
  const started = runs.start(REQUEST);
  await sent;
  const shown = (): typeof runs.shown => runs.shown;
  assert.equal(shown(), undefined);
  context.mock.timers.tick(200);
  assert.deepEqual(
    [shown()?.id, shown()?.query, shown()?.completeness.sentence],
    ['starting', 'Heartbeat', 'Starting'],
  );
  answer({ ...FIRST, targets: [{ state: 'waiting' }] });
  await started;
  assert.deepEqual(
    [shown()?.id, shown()?.targets.map((target) => target.state)],
    ['r1', ['waiting']],
    'the first snapshot is the answer to the question',
  );
});

test('giving up on a run that is only starting cancels it as soon as it has an id', async () => {
  const cancelled: unknown[] = [];
  const { options } = scripted({
    'runs.start': () =>
      new Promise((resolve) => {
        setTimeout(() => {
          resolve(FIRST);
        }, 200);
      }),
    'runs.cancel': (input) => {
      cancelled.push(input);
      return null;
    },
  });
  const runs = new RunBook(new DataWorker(options));
  runs.onDidShow((run) => {
    if (run && runs.isStarting(run.id)) void runs.cancel(run.id);
  });
  await runs.start(REQUEST);
  assert.deepEqual(cancelled, [{ run: 'r1' }]);
});

const ORIGIN = { uri: 'file:///q.kql', name: 'q.kql', start: 10, line: 2, character: 0 };

test('a refused query takes the place of the answer before, until it is put aside or another run is shown', async () => {
  const { options, emit, fail } = scripted({ 'runs.start': () => FIRST });
  const runs = new RunBook(new DataWorker(options));
  const shown: (string | undefined)[] = [];
  let wanted = 0;
  runs.onDidShow((run) => shown.push(run?.id));
  runs.onWanted(() => wanted++);
  await runs.start(REQUEST);
  emit('run.changed', { ...FIRST, state: 'finished' });
  fail(new AppError('query.syntax', 'Nothing was sent.', { data: { start: 4, length: 2 } }));
  await assert.rejects(runs.start(REQUEST, ORIGIN), { code: 'query.syntax' });
  const { shown: refused } = runs;
  assert.ok(refused && runs.isRefused(refused.id));
  assert.deepEqual([refused.error?.message, refused.rowCount, refused.targets], ['Nothing was sent.', 0, []]);
  assert.deepEqual([runs.beforeRefusal?.id, runs.runs.length, wanted], ['r1', 1, 2]);
  const { start, end, line, column, code } = runs.faultOf(refused)!;
  assert.deepEqual([start, end, line, column, code], [14, 16, 3, 5, 'Heartbeat']);
  runs.showBefore();
  assert.equal(runs.shown?.id, 'r1');
  runs.refuse(REQUEST, new AppError('input.scopeLine', 'No.').toData());
  fail(undefined);
  await runs.start(REQUEST);
  assert.deepEqual(shown, ['r1', 'refused', 'r1', 'refused', 'r1']);
});

test('a run that is given up while it starts puts back what was there', async () => {
  const { options, fail } = scripted({ 'runs.start': () => FIRST });
  const runs = new RunBook(new DataWorker(options));
  await runs.start(REQUEST);
  fail(new AppError('cancelled.byUser', 'Cancelled.'));
  await assert.rejects(runs.start(REQUEST, ORIGIN), { code: 'cancelled.byUser' });
  assert.equal(runs.shown?.id, 'r1');
});

test('a run that failed for what its text says has its place, where the document is known', async () => {
  const { options, emit } = scripted({ 'runs.start': () => FIRST });
  const runs = new RunBook(new DataWorker(options));
  await runs.start(REQUEST, ORIGIN);
  const error = {
    code: 'query.semantic',
    message: 'No table.',
    retryable: false,
    data: { unresolved: { name: 'Heartbeat' } },
  };
  emit('run.changed', { ...FIRST, query: 'Heartbeat', state: 'failed', error });
  assert.deepEqual([runs.originOf(FIRST.id)?.uri, runs.faultOf(runs.shown!)?.start], [ORIGIN.uri, 10]);
});

test('a worker that dies fails its runs with the reason, and leaves those alone that had ended', async () => {
  const { options, emit, exit } = scripted({ 'runs.start': () => FIRST });
  const runs = new RunBook(new DataWorker(options));
  const done = { ...FIRST, id: toRunId('r0'), state: 'finished' };
  await runs.start(REQUEST);
  emit('run.changed', done);
  emit('run.changed', {
    ...FIRST,
    completeness: { asked: 1 },
    rowCount: 7,
    targets: [
      { kind: 'workspace', workspace: 'w', state: 'answered', rows: 7 },
      { kind: 'tenant', tenant: 't', state: 'skipped', rows: 0 },
    ],
  });
  exit();
  const run = runs.find(toRunId('r1'))!;
  assert.deepEqual([run.state, run.error?.code, run.rowCount], ['failed', 'engine.crashed', 0]);
  assert.deepEqual(
    run.targets.map((target) => [target.state, target.error?.code]),
    [
      ['failed', 'engine.crashed'],
      ['skipped', undefined],
    ],
  );
  assert.equal(run.completeness.sentence, '0 of 1 workspace answered: the data worker crashed');
  assert.deepEqual(run.completeness.missing, [
    { reason: 'lost in a crash', count: 2, workspaces: ['w'], tenants: ['t'] },
  ]);
  assert.equal(runs.find(toRunId('r0'))!.state, 'finished');
});

test('what the next worker finds of a run that another died with takes its place, once it is asked', async () => {
  const kept = { ...FIRST, state: 'cancelled', rowCount: 7 };
  let found: unknown[] = [];
  const { options, exit } = scripted({
    'runs.start': () => ({ ...FIRST, targets: [], completeness: { asked: 1 } }),
    'runs.list': () => found,
  });
  const runs = new RunBook(new DataWorker(options));
  await runs.loadHistory();
  await runs.start(REQUEST);
  exit();
  assert.equal(runs.find(FIRST.id)!.state, 'failed');
  found = [kept];
  const seen: (string | undefined)[] = [];
  runs.onDidChange((run) => seen.push(run?.state));
  await runs.loadHistory();
  assert.deepEqual([runs.find(FIRST.id), runs.shown], [kept, kept]);
  assert.deepEqual(seen, ['cancelled', undefined]);
});

test('a label is told to the worker, and the run is called so', async () => {
  const asked: unknown[] = [];
  const { options } = scripted({
    'runs.start': () => FIRST,
    'runs.label': (input) => {
      asked.push(input);
      return { ...FIRST, label: 'baseline' };
    },
  });
  const runs = new RunBook(new DataWorker(options));
  await runs.start(REQUEST);
  await runs.label(FIRST.id, 'baseline');
  assert.deepEqual(asked, [{ run: FIRST.id, label: 'baseline' }]);
  assert.equal(runs.find(FIRST.id)!.label, 'baseline');
});

test('a run is shown as soon as it is started, and its snapshots follow', async () => {
  const { options, emit } = scripted({ 'runs.start': () => FIRST });
  const runs = new RunBook(new DataWorker(options) satisfies Worker);
  let wanted = 0;
  runs.onWanted(() => {
    wanted++;
  });
  await runs.start(REQUEST);
  assert.deepEqual([wanted, runs.shown?.state, runs.running.length], [1, 'running', 1]);
  emit('run.changed', { ...FIRST, rowCount: 7 });
  assert.equal(runs.shown?.rowCount, 7);
});

const SOURCE = { ...FIRST, state: 'finished', scope: EVERYTHING, timeRange: { kind: 'inQuery' }, answer: 'across' };

test('a result is asked by the id of its run alone, and its answer is shown as a run of its own', async () => {
  const asked: unknown[] = [];
  const { options, log } = scripted({
    'runs.askResult': (input) => {
      asked.push(input);
      return { ...SOURCE, id: 'r2', of: 'r1', startedAt: '2026-11-22T11:00:00Z' };
    },
  });
  const runs = new RunBook(new DataWorker(options));
  await runs.askResult([{ name: 'Results', run: SOURCE as never }], 'Results | count', ORIGIN);
  assert.deepEqual(asked, [{ results: [{ run: 'r1', name: 'Results' }], query: 'Results | count' }]);
  assert.deepEqual(log, ['connect', 'configure', 'runs.askResult'], 'no run is started');
  assert.deepEqual([runs.shown?.id, runs.shown?.of, runs.originOf(toRunId('r2'))], ['r2', 'r1', ORIGIN]);
});

test('a question that is refused takes the place of the answer, with its place in the document', async () => {
  const { options, fail } = scripted({});
  const runs = new RunBook(new DataWorker(options));
  fail(new AppError('query.semantic', 'No column X.', { data: { line: 1, pos: 17 } }));
  await assert.rejects(runs.askResult([{ name: 'Results', run: SOURCE as never }], 'Results | where X', ORIGIN), {
    code: 'query.semantic',
  });
  assert.equal(runs.isRefused(runs.shown!.id), true);
  assert.deepEqual([runs.faultOf(runs.shown!)?.start, runs.shown?.error?.code], [26, 'query.semantic']);
});

test('giving up on a question about a result ends it in the worker', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let began: (signal: CancelSignal) => void = () => undefined;
  const signal = new Promise<CancelSignal>((resolve) => {
    began = resolve;
  });
  const runs = new RunBook({
    request: ((_name: string, _input: unknown, { signal: given }: { signal: CancelSignal }) =>
      new Promise((_resolve, reject) => {
        given.addEventListener('abort', () => {
          reject(cancelled());
        });
        began(given);
      })) as Worker['request'],
    on: () => ({ dispose: () => undefined }),
    onExit: () => ({ dispose: () => undefined }),
  });
  const asking = runs.askResult([{ name: 'Results', run: SOURCE as never }], 'Results', ORIGIN);
  const given = await signal;
  context.mock.timers.tick(200);
  await runs.cancel(runs.shown!.id);
  await assert.rejects(asking, { code: 'cancelled.byUser' });
  assert.deepEqual([given.aborted, runs.shown], [true, undefined]);
});

function block(start: number, end: number, kind: QueryBlock['kind'] = 'query'): QueryBlock {
  return { start, end, kind, text: '', codeStart: start };
}

test('a cursor in the blank lines after a query means that query', () => {
  const blocks = [block(0, 10), block(12, 14, 'comment'), block(20, 30)];
  assert.deepEqual(
    [0, 10, 13, 19, 25, 99].map((offset) => blockAt(blocks, offset)?.start),
    [0, 0, 0, 0, 20, 20],
  );
  assert.equal(blockAt([block(5, 9)], 0)?.start, 5);
  assert.equal(blockAt([block(0, 4, 'comment')], 2), undefined);
});

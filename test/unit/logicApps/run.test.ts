import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latestOccurrence } from '../../../src/emulator/logicApps/recurrence.ts';
import { runDefinition } from '../../../src/emulator/logicApps/run.ts';
import type { ActionRecord, Actions } from '../../../src/emulator/logicApps/workflow.ts';

/** Runs actions on a clock that moves when somebody waits; what became of each, by name. */
async function run(actions: object, signal = new AbortController().signal) {
  let elapsed = 0;
  const records: ActionRecord[] = [];
  const { status } = await runDefinition(
    { actions: actions as Actions },
    {
      own: { url: 'https://localhost:1', ca: '' },
      token: () => undefined,
      elapsed: () => elapsed,
      sleep: (ms) => {
        elapsed += ms;
        return Promise.resolve();
      },
      signal,
      now: () => new Date(elapsed).toISOString(),
      trigger: {},
      parameters: { list: [1, 2, 3] },
      ended: (record) => records.push(record),
    },
  );
  return { status, elapsed, records, of: (name: string) => records.filter((one) => one.name === name) };
}
const after = (...names: string[]) => ({ runAfter: Object.fromEntries(names.map((name) => [name, ['Succeeded']])) });
const compose = (inputs: unknown, ...names: string[]) => ({ type: 'Compose', inputs, ...after(...names) });

describe('a run of a workflow', () => {
  it('goes on after what it waits for; what waits for a failure in vain is skipped, and the run has failed', async () => {
    const { status, of } = await run({
      Last: compose('never', 'Bad'),
      Bad: compose("@int('no number')", 'Good'),
      Good: compose(1),
    });
    assert.equal(status, 'Failed');
    assert.deepEqual(
      ['Good', 'Bad', 'Last'].map((name) => of(name)[0]!.status),
      ['Succeeded', 'Failed', 'Skipped'],
    );
    assert.match(of('Bad')[0]!.error!.message, /action 'Bad': 'The template language function 'int'/);
  });
  it('what runs after a failure makes it good', async () => {
    const caught = { type: 'Compose', inputs: 1, runAfter: { Bad: ['Failed'] } };
    assert.equal((await run({ Bad: compose("@int('x')"), Caught: caught })).status, 'Succeeded');
  });
  it('every item of a loop has its turn, though one fails; then the loop has failed', async () => {
    const { status, of } = await run({
      Each: {
        type: 'Foreach',
        foreach: "@parameters('list')",
        actions: {
          If_two: {
            type: 'If',
            expression: { and: [{ equals: ["@items('Each')", 2] }] },
            actions: { Fail: compose("@int('two')") },
            else: { actions: { Fine: compose("@items('Each')") } },
          },
        },
      },
    });
    assert.equal(status, 'Failed');
    assert.deepEqual([of('Fine').length, of('Fail').length, of('Each')[0]!.repetitions], [2, 1, 3]);
  });
  it('a loop of more than 100,000 items is refused', async () => {
    const many = Array.from({ length: 100_001 }, () => 0);
    const { of } = await run({ Each: { type: 'Foreach', foreach: many, actions: {} } });
    assert.match(of('Each')[0]!.error!.message, /'100001' items, and at most '100000'/);
  });
  it('an until loop waits and looks again, and at its limit it is over', async () => {
    const loop = (limit: number) => ({
      Start: { type: 'InitializeVariable', inputs: { variables: [{ name: 'n', value: 0 }] } },
      Loop: {
        type: 'Until',
        expression: "@equals(variables('n'), 3)",
        limit: { count: limit, timeout: 'PT1H' },
        actions: {
          More: compose("@add(variables('n'), 1)"),
          Set: { type: 'SetVariable', inputs: { name: 'n', value: "@outputs('More')" }, ...after('More') },
          Pause: { type: 'Wait', inputs: { interval: { count: 30, unit: 'Second' } }, ...after('Set') },
        },
        ...after('Start'),
      },
      Seen: compose("@outputs('More')", 'Loop'),
    });
    for (const [limit, times] of [
      [60, 3],
      [2, 2],
    ] as const) {
      const { status, elapsed, of } = await run(loop(limit));
      assert.deepEqual([status, of('Loop')[0]!.repetitions, elapsed], ['Succeeded', times, times * 30_000]);
    }
  });
  it('filters, selects, and takes the branch of a switch', async () => {
    const { of, status } = await run({
      Odd: { type: 'Query', inputs: { from: "@parameters('list')", where: '@not(equals(item(), 2))' } },
      Named: { type: 'Select', inputs: { from: "@body('Odd')", select: { n: '@item()' } }, ...after('Odd') },
      Choose: {
        type: 'Switch',
        expression: "@last(body('Named')).n",
        cases: { Three: { case: 3, actions: { Right: compose(1) } } },
        default: { actions: { Wrong: compose(1) } },
        ...after('Named'),
      },
    });
    assert.deepEqual([status, of('Right').length, of('Wrong').length], ['Succeeded', 1, 0]);
  });
  it('reaches nobody but the emulator', async () => {
    const { of } = await run({ Ask: { type: 'Http', inputs: { method: 'GET', uri: 'https://elsewhere.example/' } } });
    assert.match(of('Ask')[0]!.error!.message, /reach the emulator alone .*, not https:\/\/elsewhere\.example/);
  });
});

describe('a recurrence', () => {
  const hourly = {
    type: 'Recurrence',
    recurrence: { frequency: 'Minute', interval: 60, startTime: '2026-01-01T00:07:00Z' },
  };
  const at = (text: string): number => Date.parse(`2026-01-02T${text}:00Z`);
  it('falls on its grid, and what was missed is not made up for', () => {
    assert.equal(latestOccurrence(hourly, 0, at('03:00'), at('03:06')), undefined);
    assert.equal(latestOccurrence(hourly, 0, at('03:00'), at('03:07')), at('03:07'));
    assert.equal(latestOccurrence(hourly, 0, at('03:07'), at('03:30')), undefined);
    assert.equal(latestOccurrence(hourly, 0, at('03:07'), at('09:30')), at('09:07'));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { dueWindows } from '../../../src/core/alerts/central/windows.ts';
import { BEGIN, CentralWorld, define, MINUTE } from './centralWorld.ts';

const signal = new AbortController().signal;
const HOUR = 60 * MINUTE;
const at = (time: string): string => `2026-03-02T${time}:00.000Z`;
/** The events of the lines that were written: `10:35 Fired Contoso`. */
const told = ({ lines }: CentralWorld): string[] =>
  lines.map(({ line }) => {
    const { to, condition, customer } = JSON.parse(line) as Record<string, string>;
    return `${to!.slice(11, 16)} ${condition!} ${customer!}`;
  });
const FILE = '// @deliver jsonLines alerts.jsonl';

describe('a runner that was away', () => {
  it('for three hours loses no alert: every window is looked at, the oldest first', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @condition count > 0\n${FILE}`);
    const first = await world.runner().evaluate(definition, { signal });
    assert.deepEqual([first.windows, first.missed], [1, []], 'without a memory it is the newest alone');
    world.happened = [
      ['contoso', at('10:32')],
      ['fabrikam', at('12:58')],
    ];
    world.now += 3 * HOUR;
    const report = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual(told(world), ['10:35 Fired Contoso', '10:40 Resolved Contoso', '13:00 Fired Fabrikam']);
    assert.deepEqual(
      [report.windows, report.evaluatedTo, report.complete, report.missed, report.open],
      [36, at('13:00'), true, [], 1],
    );
    assert.deepEqual([report.fired, report.resolved], [['Contoso', 'Fabrikam'], ['Contoso']]);
    assert.equal(report.delivered.sent, 3);
    const next = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual([next.windows, told(world).length], [0, 3]);
  });

  it('counts failing windows over those it makes up for', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @condition count > 0 in 2 of 3\n${FILE}`);
    await world.runner().evaluate(definition, { signal });
    world.happened = [
      ['contoso', at('10:12')],
      ['contoso', at('10:22')],
      ['fabrikam', at('10:12')],
    ];
    world.now += HOUR;
    await world.runner().evaluate(definition, { signal });
    assert.deepEqual(told(world), ['10:25 Fired Contoso', '10:30 Resolved Contoso']);
  });

  it('asks what now was when the window was over', async () => {
    const world = new CentralWorld();
    const definition = await define('// @frequency 1h', 'Heartbeat | where TimeGenerated < ago(30m)');
    await world.runner().evaluate(definition, { signal });
    world.now += 2 * HOUR;
    await world.runner().evaluate(definition, { signal });
    assert.deepEqual(
      world.queries.map((query) => query.trim()),
      [10, 11, 12].map(
        (hour) => `Heartbeat | where TimeGenerated < (datetime(2026-03-02T${hour}:00:00.0000000Z) - (30m))`,
      ),
    );
  });

  it('does so many windows in a run and tells of the rest, which the next one does', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @frequency 1m\n// @window 5m\n${FILE}`);
    await world.runner().evaluate(definition, { signal });
    world.happened = [['contoso', at('10:55')]];
    world.now += HOUR;
    const first = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual([first.windows, first.evaluatedTo, first.complete], [48, at('10:48'), false]);
    assert.deepEqual(first.missed, [
      {
        windows: 12,
        first: at('10:49'),
        last: at('11:00'),
        why: 'A run looks at 48 at most. The next one goes on from there.',
        later: true,
      },
    ]);
    const second = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual([second.windows, second.complete, second.missed], [12, true, []]);
    assert.deepEqual(told(world), ['10:56 Fired Contoso']);
  });

  it('for more than two days says what nobody looked at', async () => {
    const world = new CentralWorld();
    const definition = await define('// @frequency 12h');
    await world.runner().evaluate(definition, { signal });
    world.now += 10 * 24 * HOUR;
    const report = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual([report.windows, report.complete], [5, false]);
    assert.deepEqual(report.missed, [
      {
        windows: 15,
        first: '2026-03-02T12:00:00.000Z',
        last: '2026-03-09T12:00:00.000Z',
        why: 'They were over more than two days before anybody looked.',
        later: false,
      },
    ]);
    const next = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual([next.windows, next.complete], [0, true], 'it is said once');
  });

  it('stops where a question fails, keeps what it decided, and goes on from there', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @condition count > 0\n${FILE}`);
    await world.runner().evaluate(definition, { signal });
    world.happened = [
      ['contoso', at('10:06')],
      ['fabrikam', at('10:16')],
    ];
    world.now += 20 * MINUTE;
    world.refused.set(at('10:15'), new AppError('network.refused', 'Nobody listens there.'));
    const failed = await world.runner().evaluate(definition, { signal });
    assert.deepEqual([failed.error?.code, failed.windows, failed.evaluatedTo], ['network.refused', 2, at('10:10')]);
    assert.deepEqual(told(world), ['10:10 Fired Contoso']);
    world.refused.clear();
    await world.runner().evaluate(definition, { signal });
    assert.deepEqual(told(world), ['10:10 Fired Contoso', '10:15 Resolved Contoso', '10:20 Fired Fabrikam']);
  });

  it('passes over a window whose own rows nobody can evaluate, and says which', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @condition count > 0\n${FILE}`);
    await world.runner().evaluate(definition, { signal });
    world.happened = [['contoso', at('10:11')]];
    world.now += 15 * MINUTE;
    world.refused.set(at('10:10'), new AppError('input.alert', 'The query brings 200,000 rows.'));
    const report = await world.runner().evaluate(definition, { signal });
    assert.deepEqual(
      [report.error, report.complete, report.windows, report.evaluatedTo],
      [undefined, false, 2, at('10:15')],
    );
    assert.deepEqual(
      report.missed.map(({ windows, last, why, later }) => [windows, last, why, later]),
      [[1, at('10:10'), 'The query brings 200,000 rows.', false]],
    );
    assert.deepEqual(told(world), ['10:15 Fired Contoso']);
    world.now += 5 * MINUTE;
    world.refused.set(at('10:20'), new AppError('input.alert', 'The query brings 200,000 rows.'));
    const newest = await world.runner().evaluate(definition, { signal });
    assert.equal(newest.error?.code, 'input.alert', 'the newest may be asked again until another one is over');
    world.refused.clear();
    const again = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual([again.windows, again.evaluatedTo], [1, at('10:20')]);
  });

  it('tells of an older window that somebody is missing from, whoever answers the newest', async () => {
    const world = new CentralWorld();
    const definition = await define('// @condition count > 0');
    await world.runner().evaluate(definition, { signal });
    world.now += 10 * MINUTE;
    const start = world.asked.length;
    // Contoso answers again when the second of two windows is asked.
    world.silent.add('contoso');
    Object.defineProperty(world, 'answerMode', {
      get: () => {
        if (world.asked.length > start + 1) world.silent.clear();
        return 'across';
      },
    });
    const { windows, complete, completeness } = await world.runner().evaluate(definition, { signal });
    assert.deepEqual([windows, complete, completeness], [2, false, '2 of 3 workspaces answered']);
  });
});

describe('lateness', () => {
  it('is how long after its end a window is looked at', async () => {
    const world = new CentralWorld();
    const definition = await define('// @lateness 10m\n// @condition count > 0');
    await world.runner().evaluate(definition, { signal });
    world.now += 4 * MINUTE;
    const early = await world.runner().evaluate(definition, { onlyDue: true, signal });
    world.now += MINUTE;
    const due = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual([early.windows, due.windows], [0, 1]);
    assert.deepEqual(world.asked, [`${at('09:45')}/${at('09:50')}`, `${at('09:50')}/${at('09:55')}`]);
  });

  it('that grew looks at nothing twice', () => {
    const longer = { everyMinutes: 5, latenessMinutes: 30 };
    assert.deepEqual(dueWindows(longer, BEGIN, BEGIN + 5 * MINUTE), { ends: [], missed: [] });
  });

  it('and another frequency go on from the next end of the new grid', () => {
    const hourly = { everyMinutes: 60, latenessMinutes: 0 };
    const { ends } = dueWindows(hourly, BEGIN - 25 * MINUTE, BEGIN + HOUR);
    assert.deepEqual(ends, [BEGIN, BEGIN + HOUR]);
  });
});

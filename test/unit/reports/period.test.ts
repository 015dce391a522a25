import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { baselineOf, periodOf } from '../../../src/core/reports/period.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const usage = { code: 'input.usage' };

describe('the period of a report', () => {
  it('is the last day or month that is over, of UTC', () => {
    const day = periodOf('daily', undefined, NOW);
    assert.deepEqual(
      [day.label, day.from, day.to, day.until, day.days, day.wholeDays],
      ['2026-03-01', '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', day.to, ['2026-03-01'], 1],
    );
    const month = periodOf('monthly', undefined, NOW);
    assert.deepEqual([month.label, month.to, month.days.length], ['2026-02', '2026-03-01T00:00:00.000Z', 28]);
    assert.equal(periodOf('monthly', undefined, Date.parse('2026-01-01T00:30:00Z')).label, '2025-12');
  });

  it('has as many days as its month has', () => {
    const days = (date: string): number => periodOf('monthly', date, NOW).days.length;
    assert.deepEqual(['2024-02', '2025-02', '2025-04', '2025-12'].map(days), [29, 28, 30, 31]);
    assert.equal(periodOf('monthly', '2025-02-17', NOW).label, '2025-02', 'a day names its month');
  });

  it('ends where time has come so far, and a day is whole only when it is settled', () => {
    const today = periodOf('daily', '2026-03-02', NOW);
    assert.deepEqual([today.until, today.days, today.wholeDays], ['2026-03-02T10:00:00.000Z', ['2026-03-02'], 0]);
    const month = periodOf('monthly', '2026-03', NOW);
    assert.deepEqual([month.days.length, month.wholeDays, month.until < month.to], [2, 1, true]);
    const early = periodOf('daily', '2026-03-01', Date.parse('2026-03-02T02:59:59Z'));
    assert.deepEqual([early.until === early.to, early.wholeDays], [true, 0], 'volume still comes in');
    assert.equal(periodOf('daily', '2026-03-01', Date.parse('2026-03-02T03:00:00Z')).wholeDays, 1);
  });

  it('is compared with the four weeks before, over the ends of months and years', () => {
    const days = baselineOf(periodOf('daily', '2026-01-15', NOW));
    assert.deepEqual([days.length, days[0], days.at(-1)], [28, '2025-12-18', '2026-01-14']);
  });

  for (const [kind, date] of [
    ['daily', '2026-02-30'],
    ['daily', '2026-02'],
    ['daily', 'yesterday'],
    ['daily', '2026-03-03'],
    ['monthly', '2026-13'],
    ['monthly', '2026-04'],
    ['monthly', '2026-00'],
    ['monthly', '26-02'],
  ] as const)
    it(`is refused: ${kind} ${date}`, () => {
      assert.throws(() => periodOf(kind, date, NOW), usage);
    });
});

// Alone: the time zone is the process's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInstant } from '../../../src/emulator/clock.ts';
import { parseCommandLine } from '../../../src/emulator/options.ts';

// A zone far from UTC: what is read in the machine's own is seen at once.
process.env['TZ'] = 'America/New_York';

test('a time that names no zone is UTC, whatever the zone of the machine', () => {
  assert.equal(new Date('2024-01-01 10:00').getUTCHours(), 15, 'the zone of this test is set');
  assert.equal(readInstant('2024-01-01 10:00'), Date.UTC(2024, 0, 1, 10));
  assert.equal(readInstant('2024-01-01T10:00:00+02:00'), Date.UTC(2024, 0, 1, 8));
  assert.equal(parseCommandLine(['--start', '2024-01-01 10:00']).start, Date.UTC(2024, 0, 1, 10));
});

test('a day the calendar does not have is no time', () => {
  for (const text of ['2024-02-30', '2023-02-29T00:00:00Z', '2024-13-01', '2024-01-01 25:00', 'March 1', '5', ''])
    assert.equal(readInstant(text), undefined, text);
  assert.throws(() => parseCommandLine(['--start', '2024-02-30 10:00']), /2024-02-30 10:00/);
});

test('the delay of ingestion is told in seconds', () => {
  assert.equal(parseCommandLine(['--ingestion-delay', '90']).ingestionDelayMs, 90_000);
  assert.equal(parseCommandLine(['--agent-delay', '0']).agentDelayMs, 0);
  assert.equal(parseCommandLine([]).ingestionDelayMs, undefined);
  assert.throws(() => parseCommandLine(['--ingestion-delay', '1.5']), /--ingestion-delay takes a whole number/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrySink } from '../../../src/core/rollup/dryRun.ts';
import type { StoredWindow } from '../../../src/model/rollup.ts';
import type { RollupBatch } from '../../../src/ports/rollups.ts';
import type { VirtualClock } from '../runs/virtualClock.ts';
import { pullDay } from './aDay.ts';

test('a day of hourly summaries of 200 workspaces takes as long as the quota makes it, and a question a window', async () => {
  const { asked, tookMs, states } = await pullDay(200, 24, () => new DrySink('lake'));
  assert.deepEqual(states, ['stored 24']);
  assert.equal(asked, 200 * 24, 'a question for each window, and no other');
  // 200 starts in 30 seconds are what the service allows.
  const ideal = (asked / 200) * 30_000;
  assert.ok(tookMs <= 1.2 * ideal, `${tookMs / 1000} s of ideally ${ideal / 1000} s`);
});

/** A sink that shows five minutes later what it has accepted. */
class LateSink extends DrySink {
  readonly atOnce = 200;
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    super('centre');
    this.clock = clock;
  }
  override async write(batch: RollupBatch): Promise<StoredWindow> {
    const stored = await super.write(batch);
    await this.clock.sleep(5 * 60_000);
    return stored;
  }
}

test('a sink that shows late what it was sent is waited for by all workspaces together, not one after the other', async () => {
  const { tookMs, states } = await pullDay(200, 3, (clock) => new LateSink(clock));
  assert.deepEqual(states, ['stored 3']);
  // Three windows of a workspace come one after the other; those of 200 workspaces do not.
  assert.ok(tookMs < 3 * 6 * 60_000, `${tookMs / 60_000} minutes`);
});

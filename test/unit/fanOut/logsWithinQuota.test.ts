import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { AppError } from '../../../src/base/errors.ts';
import { LogsWithinQuota } from '../../../src/core/fanOut/logsWithinQuota.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import type { LogsAnswer, LogsQuery } from '../../../src/ports/logs.ts';
import { VirtualClock } from '../runs/virtualClock.ts';

const request = {
  issuer: { account: toAccountId('a'), tenant: toTenantId('t') },
  workspaceGuid: 'centre',
  query: 'T',
} as LogsQuery;
const nothing: LogsAnswer = { tables: [], bytes: 1 };

test('a centre is asked no more often than the service allows the account', async () => {
  const clock = new VirtualClock();
  const starts: number[] = [];
  const logs = new LogsWithinQuota(
    {
      query: () => {
        starts.push(clock.now());
        return Promise.resolve(nothing);
      },
    },
    new QuotaScheduler(clock),
  );
  await clock.run(Promise.all(Array.from({ length: 250 }, () => logs.query(request, NEVER))));
  const begun = starts[0]!;
  assert.equal(starts.length, 250);
  assert.equal(starts.filter((at) => at - begun < 30_000).length, 200);
});
test('whom it told to slow down waits, and is told so', async () => {
  const clock = new VirtualClock();
  const quota = new QuotaScheduler(clock);
  const slow = new AppError('service.throttled', 'Slow down.', { retryable: true, data: { retryAfterMs: 9_000 } });
  const logs = new LogsWithinQuota({ query: () => Promise.reject(slow) }, quota);
  for (const workspaceGuid of ['one', 'another'])
    await assert.rejects(logs.query({ ...request, workspaceGuid }, NEVER), { code: 'service.throttled' });
  assert.ok((quota.pausedUntil('a') ?? 0) > clock.now());
});

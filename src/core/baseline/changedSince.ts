import type { CancelSignal } from '../../base/cancel.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Clock } from '../../base/clock.ts';
import type { ChangedSince } from '../../model/drift.ts';
import type { BaselinePort, LastChange } from '../../ports/baseline.ts';
import { issuerKey } from '../../ports/issuer.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import { ARM_READ_LIMITS } from '../fanOut/quotaLimits.ts';
import { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import { LISTS_AT_ONCE } from './readLists.ts';
import type { Setting } from './setting.ts';

/** The activity log keeps ninety days; asked at their very edge it refuses. */
const DAYS = 89;

/**
 * When and by whom what differs was changed last, by ARM id in lower case: a request for each. Never rejects. The last
 * change of a resource need not be the one that made the difference.
 */
export async function changedSince(
  settings: readonly Setting[],
  port: Pick<BaselinePort, 'lastChange'>,
  clock: Clock,
  signal: CancelSignal,
): Promise<{ readonly found: ReadonlyMap<string, ChangedSince>; readonly calls: number }> {
  const distinct = new Map(settings.map((setting) => [setting.target.toLowerCase(), setting]));
  const found = new Map<string, ChangedSince>();
  const asked: Setting[] = [];
  for (const [id, setting] of distinct)
    if (/^\/subscriptions\//.test(id)) asked.push(setting);
    else found.set(id, { state: 'unknown', reason: 'Changes of Microsoft Entra ID are in no activity log.' });
  const limiter = new Limiter(LISTS_AT_ONCE);
  const now = clock.now();
  const range = { from: new Date(now - DAYS * 86_400_000).toISOString(), to: new Date(now + 60_000).toISOString() };
  const answers = await fanOut<Setting, LastChange | undefined>({
    targets: asked,
    name: 'baseline',
    quota: new QuotaScheduler(clock, ARM_READ_LIMITS),
    credentialOf: ({ issuer, target }) => `${issuerKey(issuer)}\n${target.split('/')[2]!.toLowerCase()}`,
    signal,
    work: ({ issuer, target }, { signal: until }) =>
      limiter.run(() => port.lastChange(issuer, target, range, until), until),
  });
  for (const { target, outcome } of answers)
    found.set(
      target.target.toLowerCase(),
      !outcome.ok
        ? { state: 'unknown', reason: outcome.error.message }
        : outcome.value
          ? { state: 'known', ...outcome.value }
          : { state: 'notSeen', days: DAYS },
    );
  return { found, calls: asked.length };
}

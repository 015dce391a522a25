import { counted } from '../../base/counted.ts';
import { timeOfDay } from '../fanOut/held.ts';
import type { Hold, QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { ActiveRun } from './activeRun.ts';

/**
 * Why each target of a run that waits has not been asked yet, by its index: how many go before it, and what of its
 * account's quota is used up, until when. Undefined for one that the service itself told to wait: its error says so.
 */
export function waitReasons(
  run: ActiveRun,
  quota: QuotaScheduler,
  scans: QuotaScheduler,
): (index: number) => string | undefined {
  const ahead = new Map<number, number>();
  const waiting = new Map<string, number>();
  const now = quota.clock.now();
  for (const index of run.waiting()) {
    if (isHeld(run, index, now)) continue;
    const { account } = run.way(index).issuer;
    const before = waiting.get(account) ?? 0;
    ahead.set(index, before);
    waiting.set(account, before + 1);
  }
  const holds = new Map(
    [...waiting.keys()].map((account) => [account, quota.holdOf(account, run.id) ?? scans.holdOf(account, run.id)]),
  );
  return (index) => {
    // What it is sent is written by its tables.
    if (run.needsStages && !run.schemas.has(index)) return 'It is asked for its tables first.';
    const before = ahead.get(index);
    if (before === undefined) return undefined;
    const { account } = run.way(index).issuer;
    const noun = run.target(index).kind === 'subscriptions' ? 'tenant' : 'workspace';
    return inWords(holds.get(account), before, run.accountNames.get(account) ?? account, noun);
  };
}

/** The service told it, or its whole account, to wait until a time that has not come yet. */
function isHeld(run: ActiveRun, index: number, now: number): boolean {
  const retryAt = run.target(index).error?.data?.['retryAt'];
  return typeof retryAt === 'string' && Date.parse(retryAt) > now;
}

function inWords(hold: Hold | undefined, ahead: number, account: string, noun: string): string | undefined {
  if (hold?.kind === 'starts')
    return `The ${hold.most} queries that ${account} may start in ${Math.round(hold.windowMs / 1000)} s are used up until ${timeOfDay(new Date(hold.until))}.${behind(ahead, noun)}`;
  if (hold?.kind === 'places') {
    const others = hold.others > 0 ? `, ${hold.others} of them for other work` : '';
    return `${account} may ask ${hold.atOnce} ${noun}s at once, and does${others}.${behind(ahead, noun)}`;
  }
  return ahead > 0 ? behind(ahead, noun).trim() : undefined;
}

function behind(ahead: number, noun: string): string {
  return ahead > 0 ? ` ${counted(ahead, noun)} of this run ${ahead === 1 ? 'goes' : 'go'} before it.` : ' It is next.';
}

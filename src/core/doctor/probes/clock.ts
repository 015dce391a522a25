import type { Check } from '../../../model/diagnosis.ts';
import { nextStep } from '../nextSteps.ts';
import { skipped } from '../check.ts';

/** Tokens are dated five minutes back to forgive clocks; beyond that they are refused, here or there. */
const REFUSED_MS = 5 * 60_000;
const NOTED_MS = 60_000;

/** This machine's clock against those of the services: `skewsMs` are theirs minus ours. */
export function probeClock(skewsMs: readonly number[]): Check {
  const head = { probe: 'clock', names: {} } as const;
  const [worst] = [...skewsMs].sort((a, b) => Math.abs(b) - Math.abs(a));
  if (worst === undefined) return skipped(head, 'no service told its time');
  const off = Math.abs(worst);
  // The services tell whole seconds, and their answer was a moment on its way.
  if (off < NOTED_MS) return { ...head, state: 'works', detail: 'right within a minute', ms: 0 };
  const detail = `${Math.round(off / 1000)} s ${worst > 0 ? 'behind' : 'ahead of'} the services`;
  return {
    ...head,
    state: off < REFUSED_MS ? 'warns' : 'fails',
    detail,
    ...(off < REFUSED_MS ? {} : { code: 'auth.clockSkew' as const }),
    next: nextStep('auth.clockSkew'),
    ms: 0,
  };
}

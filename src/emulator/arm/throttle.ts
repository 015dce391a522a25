import type { EmulatedClock } from '../clock.ts';

/** A token bucket: `size` calls at once, refilled by `perSecond`. Time is `clock.elapsed()`. */
class Bucket {
  private level: number;
  private last: number;
  private readonly clock: EmulatedClock;
  private readonly size: number;
  private readonly perSecond: number;

  constructor(clock: EmulatedClock, size: number, perSecond: number) {
    this.clock = clock;
    this.size = size;
    this.perSecond = perSecond;
    this.level = size;
    this.last = clock.elapsed();
  }

  /** Takes one call: how many are left, or undefined and the seconds to wait. */
  take(): { readonly left: number } | { readonly left: undefined; readonly waitSeconds: number } {
    const now = this.clock.elapsed();
    this.level = Math.min(this.size, this.level + ((now - this.last) / 1000) * this.perSecond);
    this.last = now;
    if (this.level < 1)
      return { left: undefined, waitSeconds: Math.max(1, Math.ceil((1 - this.level) / this.perSecond)) };
    this.level--;
    return { left: Math.floor(this.level) };
  }
}

type CallKind = 'reads' | 'writes' | 'deletes';

/** Which of Resource Manager's buckets a call is taken from. */
export function callKind(method: string): CallKind {
  return method === 'DELETE' ? 'deletes' : method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}

/**
 * Resource Manager's buckets: per subscription (or tenant) and principal, 250 reads refilled by 25 a second, 200 writes
 * and 200 deletes by 10.
 */
export class ArmThrottle {
  private readonly buckets = new Map<string, Bucket>();
  private readonly clock: EmulatedClock;
  constructor(clock: EmulatedClock) {
    this.clock = clock;
  }

  take(scope: string, principal: string, kind: CallKind): ReturnType<Bucket['take']> {
    const name = `${scope} ${principal} ${kind}`;
    let bucket = this.buckets.get(name);
    if (!bucket)
      this.buckets.set(
        name,
        (bucket = new Bucket(this.clock, kind === 'reads' ? 250 : 200, kind === 'reads' ? 25 : 10)),
      );
    return bucket.take();
  }
}

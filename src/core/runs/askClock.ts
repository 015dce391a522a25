import type { Clock } from '../../base/clock.ts';

/** How long each target took to be asked, the latest attempt of it: from sending to the answer or the failure. */
export class AskClock {
  private readonly clock: Clock;
  private readonly sentAt = new Map<number, number>();
  private readonly took = new Map<number, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The target of this index is sent its question. */
  start(index: number): void {
    this.sentAt.set(index, this.clock.now());
    this.took.delete(index);
  }

  /**
   * It has answered or failed, or nobody waits for it any more: milliseconds since it was sent. Undefined where it
   * never was; what was measured once stays.
   */
  stop(index: number): number | undefined {
    const sentAt = this.sentAt.get(index);
    if (sentAt === undefined) return undefined;
    const took = this.took.get(index) ?? this.clock.now() - sentAt;
    this.took.set(index, took);
    return took;
  }
}

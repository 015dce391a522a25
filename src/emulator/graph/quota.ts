import type { EmulatedClock } from '../clock.ts';

const REQUESTS = 15;
const WINDOW_MS = 5_000;

/** Resource Graph's quota: 15 requests in 5 seconds for each user. */
export class GraphQuota {
  private readonly windows = new Map<string, { start: number; used: number }>();
  private readonly clock: EmulatedClock;
  constructor(clock: EmulatedClock) {
    this.clock = clock;
  }

  /** Counts one request: whether it is allowed, and what the headers say. */
  take(user: string): { readonly allowed: boolean; readonly remaining: number; readonly resetsAfterSeconds: number } {
    const now = this.clock.elapsed();
    let window = this.windows.get(user);
    if (!window || now - window.start >= WINDOW_MS) this.windows.set(user, (window = { start: now, used: 0 }));
    const allowed = window.used < REQUESTS;
    if (allowed) window.used++;
    return {
      allowed,
      remaining: REQUESTS - window.used,
      resetsAfterSeconds: Math.max(1, Math.ceil((window.start + WINDOW_MS - now) / 1000)),
    };
  }
}

/** `hh:mm:ss`, as the quota header has it. */
export function toSpan(seconds: number): string {
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
}

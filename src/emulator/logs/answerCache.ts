import type { EmulatedClock } from '../clock.ts';

const LIFETIME_MS = 120_000;
const LARGEST = 1_048_576;
const MOST = 200;

interface Held {
  readonly body: string;
  readonly at: number;
}

/** Answers of the last two minutes: the same question of the same caller may be answered from here. */
export class AnswerCache {
  private readonly clock: EmulatedClock;
  private readonly held = new Map<string, Held>();

  constructor(clock: EmulatedClock) {
    this.clock = clock;
  }

  /** The answer and its age in seconds, where the request's Cache-Control lets it be used. */
  find(key: string, cacheControl: string | undefined): { readonly body: string; readonly age: number } | undefined {
    const directives = (cacheControl ?? '').toLowerCase();
    if (/no-cache|no-store/.test(directives)) return undefined;
    const held = this.held.get(key);
    if (!held) return undefined;
    const age = this.clock.elapsed() - held.at;
    const most = /max-age\s*=\s*(\d+)/.exec(directives)?.[1];
    if (age >= LIFETIME_MS) {
      this.held.delete(key);
      return undefined;
    }
    return age > (most === undefined ? LIFETIME_MS : Number(most) * 1000)
      ? undefined
      : { body: held.body, age: Math.floor(age / 1000) };
  }

  keep(key: string, body: string, cacheControl: string | undefined): void {
    if (body.length > LARGEST || /no-store/i.test(cacheControl ?? '')) return;
    if (this.held.size >= MOST) this.held.delete(this.held.keys().next().value!);
    this.held.set(key, { body, at: this.clock.elapsed() });
  }
}

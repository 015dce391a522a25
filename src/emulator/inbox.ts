import type { World } from './state.ts';

/** A request that came in at an address of the inbox. */
export interface Received {
  readonly time: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Most that is kept of one address. */
const KEPT = 1_000;

/**
 * Somebody's webhook receiver, beside the emulated Azure: `POST /_emulator/inbox/NAME` takes anything from anybody, and
 * tests look at what came. Answers can be told beforehand, to be used up one by one; then it is 200.
 */
export class Inbox {
  private readonly world: World;
  private readonly kept = new Map<string, Received[]>();
  private readonly answers = new Map<string, number[]>();

  constructor(world: World) {
    this.world = world;
  }

  /** The next answers of an address: HTTP statuses. A refused request is kept, too: it arrived. */
  answerWith(name: string, ...statuses: number[]): void {
    this.answers.set(name, [...(this.answers.get(name) ?? []), ...statuses]);
  }

  /** The status to answer with. */
  receive(name: string, headers: Readonly<Record<string, string>>, body: string): number {
    const list = this.kept.get(name) ?? [];
    list.push({ time: this.world.clock.iso(), headers, body });
    if (list.length > KEPT) list.shift();
    this.kept.set(name, list);
    return this.answers.get(name)?.shift() ?? 200;
  }

  /** What came in at an address, the oldest first. */
  at(name: string): readonly Received[] {
    return this.kept.get(name) ?? [];
  }

  clear(): void {
    this.kept.clear();
    this.answers.clear();
  }
}

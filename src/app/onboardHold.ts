import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../base/clock.ts';
import { AppError, toAppError } from '../base/errors.ts';
import { LEASE_MS, Leased } from '../core/rollup/leased.ts';
import type { Lease } from '../core/rollup/progress.ts';
import { LakeState } from '../engine/lake/lakeState.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import { isAlive } from '../engine/isAlive.ts';

const DOCUMENT = 'holder';
const RENEW_MS = LEASE_MS / 5;

/** Who is at a folder: the process, where, and since when (ISO). */
interface Holder {
  readonly lease?: Lease;
  readonly pid?: number;
  readonly host?: string;
  readonly since?: string;
}

/** This process, and whether another one on this machine is alive; tests say otherwise. */
export interface HoldEnds {
  readonly clock: Pick<Clock, 'now'>;
  readonly pid: number;
  readonly host: string;
  isAlive(pid: number): boolean;
}

const OWN: HoldEnds = { clock: SYSTEM_CLOCK, pid: process.pid, host: hostname(), isAlive };

/**
 * Keeps a folder for one process: a lease in it with the process, its machine and the time. One whose process is gone
 * is taken over at once; of another machine, where nobody can look, when it has run out (five minutes after its last
 * sign).
 */
export class OnboardHold {
  private readonly folder: string;
  private readonly ends: HoldEnds;
  private readonly owner = randomUUID();
  private held: Leased<Holder> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private renewing: Promise<void> = Promise.resolve();

  constructor(folder: string, ends: HoldEnds = OWN) {
    this.folder = folder;
    this.ends = ends;
  }

  /**
   * Rejects with `input.onboardingBusy`, which names the other process, and with `input.file` where the folder's disk
   * cannot keep two processes apart. Once it is held it stays so.
   */
  async hold(): Promise<void> {
    if (this.held) return;
    try {
      await this.take();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family !== 'engine') throw error;
      const message = `The folder ${this.folder} cannot be kept for one process: ${error.message} Name another one with --out.`;
      throw new AppError('input.file', message, { cause: error });
    }
  }

  /** Lets others at it; nothing where it is not held. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.renewing;
    const { held } = this;
    this.held = undefined;
    await held?.release();
  }

  private async take(): Promise<void> {
    const { clock, pid, host, isAlive: alive } = this.ends;
    const state = new LakeState(this.folder);
    const { value: other } = await state.load<Holder>(DOCUMENT);
    // A container gives each of its programs the same number: one of ours that is not us has ended.
    const gone = other?.host === host && other.pid !== undefined && (other.pid === pid || !alive(other.pid));
    const holder = { state, owner: this.owner, clock };
    const held = await Leased.take<Holder>(holder, DOCUMENT, {}, gone);
    if (!held) throw busy(this.folder, (await state.load<Holder>(DOCUMENT)).value);
    this.held = held;
    await this.renew({ pid, host, since: new Date(clock.now()).toISOString() });
    this.timer = setInterval(() => {
      this.renewing = this.renew(held.value).catch(() => undefined);
    }, RENEW_MS);
    this.timer.unref();
  }

  private async renew(value: Holder): Promise<void> {
    await this.held?.change(value);
  }
}

function busy(folder: string, { pid, host, since }: Holder = {}): AppError {
  const who = pid === undefined ? 'Another process' : `Process ${pid} on ${host}`;
  const when = since === undefined ? '' : ` since ${since}`;
  return new AppError(
    'input.onboardingBusy',
    `${who} is at this customer${when} (${folder}). Nothing was done. Wait until it has ended, or end it, and run this again: what it has done stays.`,
  );
}

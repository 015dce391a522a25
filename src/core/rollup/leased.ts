import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { RollupStatePort } from '../../ports/rollups.ts';
import type { Lease } from './progress.ts';

/** How long a runner that is not heard of any more keeps others away. */
export const LEASE_MS = 5 * 60_000;

/** Who takes a lease, and by which clock. */
export interface Leaseholder {
  readonly state: RollupStatePort;
  readonly owner: string;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * A document that one runner works on. The lease only saves work: that nothing is doubled comes from each change being
 * made to exactly the version that was seen, so that of two runners (a clock has jumped, a process has slept) the one
 * that was overtaken can change nothing any more.
 */
export class Leased<T extends { readonly lease?: Lease }> {
  private readonly holder: Leaseholder;
  private readonly name: string;
  private version: number;
  value: T;

  private constructor(holder: Leaseholder, name: string, version: number, value: T) {
    this.holder = holder;
    this.name = name;
    this.version = version;
    this.value = value;
  }

  /** Higher with every change, so that what a holder did is told from what those before it did. */
  get fence(): number {
    return this.version;
  }

  /** Undefined where somebody else has it; `force` takes it away from them. */
  static async take<T extends { readonly lease?: Lease }>(
    holder: Leaseholder,
    name: string,
    fresh: T,
    force = false,
  ): Promise<Leased<T> | undefined> {
    for (;;) {
      const { value, version } = await holder.state.load<T>(name);
      const lease = value?.lease;
      if (!force && lease && lease.owner !== holder.owner && isHeld(lease, holder.clock.now())) return undefined;
      const leased = new Leased(holder, name, version, value ?? fresh);
      if (await leased.saved(leased.value)) return leased;
      if (!force) return undefined;
    }
  }

  /** Makes a change, and holds on. Throws `service.leaseLost` where somebody else has taken over. */
  async change(value: T): Promise<void> {
    if (!(await this.saved(value))) throw leaseLost();
  }

  /** Throws `service.leaseLost` where somebody else has taken over. */
  async check(): Promise<void> {
    const { version } = await this.holder.state.load(this.name);
    if (version !== this.version) throw leaseLost();
  }

  /** Lets others at it; where somebody has taken over that is so already. */
  async release(): Promise<void> {
    const { lease: _gone, ...rest } = this.value;
    await this.holder.state.save(this.name, rest, this.version);
  }

  private async saved(value: T): Promise<boolean> {
    const lease: Lease = { owner: this.holder.owner, expires: this.holder.clock.now() + LEASE_MS };
    const next = { ...value, lease };
    if (!(await this.holder.state.save(this.name, next, this.version))) return false;
    this.version++;
    this.value = next;
    return true;
  }
}

/** One that reaches further than anybody gives them is of a clock that was ahead: it would keep all others away. */
function isHeld({ expires }: Lease, now: number): boolean {
  return expires > now && expires - now <= LEASE_MS;
}

function leaseLost(): AppError {
  return new AppError('service.leaseLost', 'Another runner has taken over this workspace. It goes on with it.');
}

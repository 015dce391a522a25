import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import { LocalSignal } from '../../base/rpc.ts';
import type { Estate } from '../../model/estate.ts';
import { toPlanId } from '../../model/ids.ts';
import type { PlanId, TenantId } from '../../model/ids.ts';
import type { ChangeProgress, Plan, PlanResult } from '../../model/plan.ts';
import type { EstateService } from '../estate/estateService.ts';
import { pathKind } from '../estate/sightings.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { applyPlan } from './applyPlan.ts';
import type { ChangeHandler, EstateNote } from './changeHandler.ts';
import { makePlan } from './makePlan.ts';
import type { Draft, PreparedPlan } from './makePlan.ts';
import { carriedOutAlready, PlanBook } from './planBook.ts';

/** What making and carrying out plans needs. */
export interface ChangeWorld {
  /** One for each kind of resource that plans can change. */
  readonly handlers: readonly ChangeHandler[];
  readonly estate: Pick<EstateService, 'load' | 'notePresent' | 'noteGone'>;
  readonly clock: Clock;
  readonly newId: () => string;
}

/**
 * Plans: made to be read, kept here, and carried out by their id alone, so that nothing on the way to a person and
 * back can change what is done. What was done is in the estate at once.
 */
export class ChangeService {
  private readonly world: ChangeWorld;
  private readonly book: PlanBook;
  private readonly running = new Map<PlanId, { readonly stop: LocalSignal; readonly done: Promise<PlanResult> }>();

  constructor(world: ChangeWorld) {
    this.world = world;
    this.book = new PlanBook(world.clock);
  }

  /** Looks at what is there and keeps the plan that comes of it. Rejects with `input.*` and with what a read met. */
  async plan(draft: Draft, signal?: CancelSignal): Promise<Plan> {
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    const prepared = await makePlan(toPlanId(this.world.newId()), draft, this.world.handlers, signal);
    this.book.keep(prepared, basisOf(estate, draft));
    return prepared.plan;
  }

  /**
   * Carries a plan out, once. `typed`: what the person typed, where the plan wants that. Rejects with
   * `input.notConfirmed` (the plan can be tried again), `input.planUnknown`, `input.planExpired` or `input.planApplied`
   * before anything is done; after that the result tells.
   */
  async apply(
    id: PlanId,
    report: (progress: ChangeProgress) => void,
    signal?: CancelSignal,
    typed?: string,
  ): Promise<PlanResult> {
    const waiting = this.book.look(id);
    if (this.running.has(id)) throw carriedOutAlready();
    const wanted = waiting.plan.typed;
    if (wanted !== undefined && typed !== wanted)
      throw new AppError('input.notConfirmed', `Type the name "${wanted}" exactly. Nothing was done.`);
    const stop = new LocalSignal();
    const done = this.carryOut(id, waiting, stop, report, signal);
    // From the first moment on: a person may think again while the estate is still looked at.
    this.running.set(id, { stop, done });
    try {
      return await done;
    } finally {
      this.running.delete(id);
    }
  }

  /** Stops what is being carried out and waits for its results; what has not begun is skipped. Never rejects. */
  async close(): Promise<void> {
    const running = [...this.running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.allSettled(running.map(({ done }) => done));
  }

  private async carryOut(
    id: PlanId,
    waiting: PreparedPlan,
    stop: LocalSignal,
    report: (progress: ChangeProgress) => void,
    signal?: CancelSignal,
  ): Promise<PlanResult> {
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    const prepared = this.book.take(id, basisOf(estate, waiting));
    const { handlers, clock } = this.world;
    const onAbort = (): void => {
      stop.abort();
    };
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) stop.abort();
    try {
      const { result, notes } = await applyPlan(prepared, { handlers, clock, report, signal: stop });
      for (const note of notes) this.tell(note, prepared.issuer, estate);
      return result;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Stops a plan that is being carried out; what there is then stands in its result. Nothing where it is not. */
  cancel(id: PlanId): void {
    this.running.get(id)?.stop.abort();
  }

  private tell(note: EstateNote, issuer: Issuer, estate: Estate): void {
    if (note.kind === 'gone') {
      this.world.estate.noteGone(note.workspace);
      return;
    }
    const account = estate.accounts.find((entry) => entry.id === issuer.account);
    if (account)
      this.world.estate.notePresent(note.listing, {
        kind: pathKind(note.listing.tenant, account, issuer),
        account: issuer.account,
        issuer: issuer.tenant,
      });
  }
}

/**
 * What a plan rests on, beside the resources that are read again: that this account may enter this tenant, and whose
 * the tenant is that it changes.
 */
function basisOf(estate: Estate, { issuer, owner }: { readonly issuer: Issuer; readonly owner: TenantId }): string {
  const account = estate.accounts.find((entry) => entry.id === issuer.account);
  const tenant = estate.tenants.find((entry) => entry.id === issuer.tenant);
  const owned = estate.tenants.find((entry) => entry.id === owner);
  const customer = estate.customers.find((entry) => entry.key === owned?.customer);
  return JSON.stringify([
    estate.cloud,
    account?.id,
    tenant?.state,
    tenant?.accounts.includes(issuer.account),
    customer?.key,
    customer?.name,
    customer?.declared,
  ]);
}

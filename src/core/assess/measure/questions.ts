import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import { Limiter } from '../../../base/limiter.ts';
import type { Outcome } from '../../../base/outcome.ts';
import type { Fact, FactName, FactSource } from '../../../model/assessment/facts.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { Asked } from '../../../ports/assess.ts';
import { issuerKey } from '../../../ports/issuer.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { fanOut } from '../../fanOut/fanOut.ts';
import type { QuotaLimits } from '../../fanOut/quotaLimits.ts';
import { QuotaScheduler } from '../../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../../fanOut/retry.ts';
import type { Measuring } from './measuring.ts';
import { Patience } from './patience.ts';

/** What one service bears: a credential's quota, so many in all and of one tenant, and how long one may take. */
export interface ServiceLimits {
  readonly quota: QuotaLimits;
  readonly atOnce: number;
  readonly atOnceOfTenant: number;
  readonly deadlineMs: number;
}

/** One question that is no query of logs. */
export interface Question<V> {
  readonly fact: FactName | undefined;
  /** Whose answer it is: what a tenant does to us costs that tenant alone. */
  readonly tenant: TenantId;
  /** Throws the AppError of what nobody reaches. */
  readonly issuer: () => Issuer;
  /** What the quota is counted by beside the issuer, e.g. the subscription. */
  readonly bucket: string;
  readonly source: FactSource;
  readonly ask: (issuer: Issuer, signal: CancelSignal) => Promise<Asked<unknown>>;
  /** Throws for what is not of that shape. */
  readonly read: (value: unknown, asked: Asked<unknown>) => V;
}

/** The clients repeat by themselves: here only once more, after a pause that the service asked for. */
const RETRY: RetryRules = { attempts: 2, firstDelayMs: 1_000, maxDelayMs: 10_000 };

/** Asks one service (Resource Manager, Resource Graph) within its quotas; what fails is an unknown fact. */
export class Questions {
  private readonly measuring: Measuring;
  private readonly quota: QuotaScheduler;
  private readonly all: Limiter;
  private readonly patience: Patience;

  constructor(measuring: Measuring, limits: ServiceLimits) {
    const { clock } = measuring.world;
    this.measuring = measuring;
    this.quota = new QuotaScheduler(clock, limits.quota);
    this.all = new Limiter(limits.atOnce);
    this.patience = new Patience(clock, { atOnce: limits.atOnceOfTenant, deadlineMs: limits.deadlineMs });
  }

  /** The fact; never rejects. */
  async ask<V>(question: Question<V>): Promise<Fact<V>> {
    const { tenant, source, bucket } = question;
    const { world, signal, ledger } = this.measuring;
    const spent = { calls: 0, beganAt: world.clock.now() };
    const work = async (attempt: CancelSignal, issuer: Issuer): Promise<V> => {
      const begun = (): void => {
        if (spent.calls++ === 0) spent.beganAt = world.clock.now();
      };
      const asked = await this.patience.attempt(
        `${issuerKey(issuer)}\n${tenant}`,
        (inner) => this.all.run(() => question.ask(issuer, inner), inner),
        attempt,
        begun,
      );
      // The first page was counted as it was asked for.
      spent.calls += Math.max(0, asked.calls - 1);
      return question.read(asked.value, asked);
    };
    const outcome = await this.once(question, async () => {
      const issuer = question.issuer();
      const [settled] = await fanOut({
        name: 'assess',
        targets: [issuer],
        quota: this.quota,
        credentialOf: () => `${issuerKey(issuer)}\n${bucket}`,
        retry: RETRY,
        ...(world.random ? { random: world.random } : {}),
        signal,
        work: (_issuer, attempt) => work(attempt.signal, issuer),
      });
      return settled!.outcome;
    });
    return ledger.fact(outcome, { source, ...spent });
  }

  private async once<V>({ tenant }: Question<V>, work: () => Promise<Outcome<V>>): Promise<Outcome<V>> {
    try {
      return await this.patience.turn(tenant, work, this.measuring.signal);
    } catch (thrown) {
      return { ok: false, error: toAppError(thrown).toData() };
    }
  }
}

import { Limiter } from '../base/limiter.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { OnboardWorld } from '../core/onboard/onboardWorld.ts';
import type { BaselineService } from '../core/baseline/baselineService.ts';
import type { BaselineFile } from '../model/baseline.ts';
import type { TenantId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';

/** Who reads what the baseline agrees before it is made, and what could not be read of it. */
export interface AgreedReader {
  /** Plans of what differs, of one customer: never none. Rejects where the person does not want them. */
  confirm(plans: readonly Plan[], tenant: TenantId, signal?: CancelSignal): Promise<void>;
  /** `CUSTOMER: PLACE: why`. */
  unseen(line: string): void;
}

/**
 * What onboarding brings from a baseline: of a customer whose workspace answers, what differs is planned, shown and
 * asked for like everything else, one customer after the other; what cannot be read is told.
 */
export function agreedWith(
  baseline: Pick<BaselineService, 'check' | 'drafts' | 'plan'>,
  file: BaselineFile,
  { confirm, unseen }: AgreedReader,
): NonNullable<OnboardWorld['agreed']> {
  const turn = new Limiter(1);
  return async (tenant, signal) => {
    const scope = { include: [{ kind: 'tenant', value: tenant }], except: [] } as const;
    const checked = await baseline.check({ file, scope, untimed: true }, signal);
    for (const { customerName, where, error } of checked.report.unknown)
      unseen(`${customerName}: ${where}: ${error.message}`);
    const drafts = await baseline.drafts(checked, signal);
    await turn.run(async () => {
      const plans: Plan[] = [];
      for (const draft of drafts) plans.push(await baseline.plan(draft, signal));
      const changing = plans.filter(({ changes }) => changes.some(({ action }) => action !== 'none'));
      if (changing.length > 0) await confirm(changing, tenant, signal);
    }, signal);
    return drafts;
  };
}

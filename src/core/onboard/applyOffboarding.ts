import type { CancelSignal } from '../../base/cancel.ts';
import type { Plan, PlanResult } from '../../model/plan.ts';
import type { OnboardingFolder } from '../../ports/onboarding.ts';
import { planSheet } from '../changes/planSheet.ts';
import type { PlanState } from '../changes/planSheet.ts';
import type { Provisioning } from '../provision/provisioning.ts';
import type { Offboarding } from './offboard.ts';

/** What became of letting a customer go. */
export interface LetGo {
  readonly results: readonly PlanResult[];
  /** The receipt, as `receipt.txt` has it. */
  readonly receipt: string;
  /** The first plan that failed; absent where everything was taken away that was planned. */
  readonly failed?: PlanResult;
}

/** What is planned, on one sheet; `state` is where it stands. */
export function offboardingSheet({ customer, plans, unseen }: Offboarding, state?: PlanState): string {
  return [
    ...(unseen.length > 0
      ? [['What could not be seen, and may be left behind', ...unseen.map((one) => `  ${one}`)].join('\n').concat('\n')]
      : []),
    ...plans.map((plan) => planSheet(plan, state)),
    ...(plans.length === 0
      ? [`Let ${customer.name} go\n\nNOTHING TO DO - no access of ours that could be ended is seen.\n`]
      : []),
  ].join('\n');
}

/**
 * Takes away what was planned, plan by plan, for the customer's name as somebody typed it, and writes `receipt.txt`.
 * Rejects with `input.notConfirmed` where it is another name: nothing was done then.
 */
export async function applyOffboarding(
  { plans }: Offboarding,
  typed: string,
  provisioning: Pick<Provisioning, 'apply'>,
  {
    folder,
    report = () => undefined,
    signal,
  }: {
    readonly folder: Pick<OnboardingFolder, 'write'>;
    readonly report?: (message: string) => void;
    readonly signal?: CancelSignal;
  },
): Promise<LetGo> {
  const done: (readonly [Plan, PlanResult])[] = [];
  for (const plan of plans)
    done.push([
      plan,
      await provisioning.apply(
        plan.id,
        ({ message }) => {
          report(message);
        },
        signal,
        typed,
      ),
    ]);
  const receipt = done
    .map(([plan, result]) => planSheet(plan, { kind: 'over', result }, { forTools: false }))
    .join('\n');
  await folder.write('receipt.txt', receipt);
  const results = done.map(([, result]) => result);
  const failed = results.find(({ ok }) => !ok);
  return { results, receipt, ...(failed ? { failed } : {}) };
}

import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { visibleText } from '../../base/visibleText.ts';
import type { PlanResult } from '../../model/plan.ts';
import type { OnboardingFolder } from '../../ports/onboarding.ts';
import { planSheet } from '../changes/planSheet.ts';
import type { Provisioning } from '../provision/provisioning.ts';
import type { AppliedStep } from './finishedCustomer.ts';
import { Journal } from './journal.ts';
import type { Offboarding } from './offboard.ts';

/** What an offboarding came to: `error` is what stopped it, with what it left for the next attempt. */
export interface FinishedOffboarding {
  readonly steps: readonly AppliedStep[];
  /** The text of `receipt.txt`. */
  readonly receipt: string;
  readonly error?: AppErrorData;
}

/** How it is carried out; `typed` is the customer's name as a person typed it. */
export interface FinishOptions {
  readonly folder: OnboardingFolder;
  readonly typed: string;
  readonly signal?: CancelSignal;
  readonly report?: (message: string) => void;
}

/** What carries it out. */
export interface FinishWorld {
  readonly provisioning: Pick<Provisioning, 'apply'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Carries out what was planned, plan by plan, each change written into the journal before it is sent, and writes
 * `receipt.txt`. A plan that fails ends it: our access is still there then, so that another attempt goes on. Rejects
 * with `input.notConfirmed` for another name, with `input.onboardingBusy` where another process is at this folder, and
 * as plans do before anything is sent.
 */
export async function finishOffboarding(
  offboarding: Offboarding,
  world: FinishWorld,
  options: FinishOptions,
): Promise<FinishedOffboarding> {
  await options.folder.hold();
  try {
    return await finish(offboarding, world, options);
  } finally {
    await options.folder.release();
  }
}

async function finish(
  { customer, plans, kept, told }: Offboarding,
  world: FinishWorld,
  { folder, typed, signal = NEVER, report = () => undefined }: FinishOptions,
): Promise<FinishedOffboarding> {
  const journal = new Journal(folder.journal, () => new Date(world.clock.now()).toISOString());
  const steps: AppliedStep[] = [];
  await journal.add({ step: 'attempt', subject: customer.key, name: customer.name, kept });
  let error: AppErrorData | undefined;
  for (const plan of plans) {
    await journal.add({
      step: 'planned',
      changes: plan.changes.filter(({ action }) => action !== 'none').map(({ id }) => id),
    });
    const result: PlanResult = await world.provisioning.apply(
      plan.id,
      ({ message }) => {
        report(message);
      },
      signal,
      typed,
    );
    await journal.addResult(result);
    steps.push({ plan, result });
    if (!result.ok) {
      error = result.error;
      break;
    }
  }
  const state = error ? 'failed' : 'done';
  const lines = [
    `Offboarding of ${visibleText(customer.name)}`,
    error
      ? 'NOT FINISHED - run it again once this is mended: what is gone stays gone, and our access is still there.'
      : 'DONE - nothing of what was planned is left.',
    ...[...(told?.made ?? [])].map(([change, at]) => `Done by an earlier attempt, at ${at}: ${visibleText(change)}`),
    // It was sent, and nobody heard what became of it; it is gone now, or in a plan below.
    ...[...(told?.cutOff ?? [])].map((change) => `Sent by an earlier attempt that was cut off: ${visibleText(change)}`),
    ...steps.map(({ plan, result }) => planSheet(plan, { kind: 'over', result }, { forTools: false }).trimEnd()),
  ];
  const receipt = `${lines.join('\n\n')}\n`;
  await folder.write('receipt.txt', receipt);
  await journal.add({ step: 'ended', state });
  return { steps, receipt, ...(error ? { error } : {}) };
}

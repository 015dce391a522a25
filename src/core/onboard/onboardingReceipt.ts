import { visibleText } from '../../base/visibleText.ts';
import type { OnboardingState } from '../../model/onboarding.ts';
import { planSheet } from '../changes/planSheet.ts';
import type { FinishedCustomer } from './finishedCustomer.ts';
import type { Told } from './journal.ts';

const STATES: Readonly<Record<OnboardingState, string>> = {
  waitingForCustomer: 'WAITING for the customer to let us in. Send access.md, and run this again then.',
  refused: 'NOT DONE - something stands in the way; plan.txt has all that was looked at.',
  planned: 'PLANNED - nothing has been done yet.',
  failed: 'NOT FINISHED - run it again once this is mended: what is there already stays.',
  waitingForData: 'WAITING for data: the workspace answers, and nobody has sent to it yet. Run this again later.',
  done: 'DONE - the workspace answers and data arrive.',
};

/** What a state means and what to do next, in a sentence. */
export function stateText(state: OnboardingState): string {
  return STATES[state];
}

/** What was done for one customer, by this attempt and earlier ones. It holds no secret and nobody else. */
export function onboardingReceipt(
  { customer, state, steps, notes, tables, error }: FinishedCustomer,
  told: Told,
): string {
  return [
    `Onboarding of ${visibleText(customer.name)}\n  Tenant        ${customer.tenant}\n  Subscription  ${customer.subscription}`,
    stateText(state),
    ...(error ? [visibleText(error.message)] : []),
    ...(tables.length > 0 ? [`Rows of the last day are in ${tables.map(visibleText).join(', ')}.`] : []),
    ...notes.map(visibleText),
    ...[...told.made].map(([change, at]) => `Done by an earlier attempt, at ${at}: ${visibleText(change)}`),
    ...steps.map(({ plan, result }) => planSheet(plan, { kind: 'over', result }, { forTools: false }).trimEnd()),
  ]
    .join('\n\n')
    .concat('\n');
}

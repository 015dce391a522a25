import { visibleText } from '../../base/visibleText.ts';
import { planSheet } from '../changes/planSheet.ts';
import type { PlanState } from '../changes/planSheet.ts';
import type { Offboarding } from './offboard.ts';

/** What is planned for a customer that is let go, on one sheet; `state` is where it stands. */
export function offboardingSheet({ customer, plans, unseen, tasks }: Offboarding, state?: PlanState): string {
  const part = (heading: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [[heading, ...lines.map((line) => `  ${visibleText(line)}`), ''].join('\n')];
  return [
    ...part('What could not be seen, and may be left behind', unseen),
    ...(plans.length === 0
      ? [`Let ${visibleText(customer.name)} go\n\nNOTHING TO DO - nothing is left that your roles let you take away.\n`]
      : plans.map((plan) => planSheet(plan, state))),
    ...part(
      "What the customer's administrators have to do",
      tasks.flatMap(({ what, commands }) => [what, ...commands.map((command) => `  ${command}`)]),
    ),
  ].join('\n');
}

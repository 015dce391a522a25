import { issuerKey } from '../../../ports/issuer.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { Draft } from '../../changes/makePlan.ts';
import { whose, whoseText } from '../../provision/whose.ts';
import type { Leaving, LeavingNotes, LeavingStep } from './leavingNotes.ts';

/** What goes before what, where several tokens do it: a plan has one token. */
const PHASES: readonly (readonly LeavingStep['part'][])[] = [['lock'], ['sending', 'alert'], ['access']];

/**
 * The drafts of letting a customer go, in the order in which they are carried out: one where one token does it all,
 * else one for each token and phase. Our access ends last, within a draft only when everything before it is right.
 */
export function draftLeaving(leaving: Leaving, notes: LeavingNotes): readonly Draft[] {
  const { steps } = notes;
  const issuers = new Map(steps.map(({ issuer }) => [issuerKey(issuer), issuer]));
  const phases = issuers.size <= 1 ? [PHASES.flat()] : PHASES;
  return phases.flatMap((parts) =>
    [...issuers].flatMap(([key, issuer]) => {
      const mine = parts.flatMap((part) =>
        steps.filter((step) => step.part === part && issuerKey(step.issuer) === key),
      );
      return mine.length === 0 ? [] : [draftOf(leaving, notes, issuer, mine)];
    }),
  );
}

function draftOf(
  { estate, customer }: Leaving,
  { warnings }: LeavingNotes,
  issuer: Issuer,
  steps: readonly LeavingStep[],
): Draft {
  const known = new Set(steps.map(({ intent }) => intent.id));
  const others = steps.filter(({ part }) => part !== 'access').map(({ intent }) => intent.id);
  const earlier: string[] = [];
  const intents = steps.map(({ part, intent }) => {
    const after = (intent.after ?? []).filter((id) => known.has(id));
    if (part !== 'access') return { ...intent, after };
    // One after the other: with the last of them nothing is seen any more.
    const placed = { ...intent, after: [...new Set([...others, ...earlier, ...after])] };
    earlier.push(intent.id);
    return placed;
  });
  const owner = customer.tenants[0]!;
  return {
    title: `Let ${customer.name} go`,
    issuer,
    owner,
    typed: customer.name,
    about: [{ what: 'Customer', name: whoseText(whose(estate, owner)), id: owner, main: true }],
    intents,
    warnings: [
      "Workspaces stay where they are, with their rows: they are the customer's.",
      ...(steps.some(({ part }) => part === 'sending') ? warnings : []),
      ...(steps.some(({ part }) => part === 'alert')
        ? ['Alerts end with their rules: settings.json and alerts.json keep what they were.']
        : []),
      ...(steps.some(({ part }) => part === 'access')
        ? ['Once our access has ended, only the customer can let you in again.']
        : []),
    ],
  };
}

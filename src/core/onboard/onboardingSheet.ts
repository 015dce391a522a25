import { visibleText } from '../../base/visibleText.ts';
import type { PreflightFinding } from '../../model/onboarding.ts';
import { planSheet } from '../changes/planSheet.ts';
import type { PlanState } from '../changes/planSheet.ts';
import type { PreparedCustomer } from './preparedCustomer.ts';

const MARKS: Readonly<Record<PreflightFinding['state'], string>> = {
  fine: 'ok',
  warns: 'note',
  stops: 'STOP',
  unknown: '?',
};

/**
 * What was found and what is to be done for one customer, as plain text; it says nothing that is another's. `state` is
 * where the plan stands.
 */
export function onboardingSheet(prepared: PreparedCustomer, state?: PlanState): string {
  const { customer, findings, plan, whatIf, told, advice, agreed } = prepared;
  const earlier =
    told.attempts === 0
      ? []
      : [`${told.attempts} earlier ${told.attempts === 1 ? 'attempt' : 'attempts'}, the last one at ${told.last}.`];
  return [
    section(`Onboard ${visibleText(customer.name)}`, [
      `Architecture  ${ARCHITECTURE_TEXTS[customer.architecture]}`,
      ...(advice === undefined ? [] : [`              ${visibleText(advice)}`]),
      `Access        ${customer.access === 'lighthouse' ? 'Azure Lighthouse' : customer.access === 'guest' ? 'guests' : 'service principal'}`,
      ...earlier,
      ...[...told.cutOff].map(
        (change) =>
          `${visibleText(change)}: an attempt ended before it knew what became of this. What is there now counts.`,
      ),
    ]),
    section('What was looked at first', findingLines(findings)),
    plan ? planSheet(plan, state).trimEnd() : withoutPlan(prepared),
    section("Azure's own what-if", whatIf ? whatIfLines(whatIf) : []),
    ...agreedParts(agreed),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

/** What follows once the workspace answers, at the same word. */
function agreedParts(agreed: PreparedCustomer['agreed']): readonly string[] {
  if (!agreed) return [];
  return [
    ...agreed.plans.map((plan) => planSheet(plan, { kind: 'waiting' }, { forTools: false }).trimEnd()),
    section(
      'Of the baseline, known once the workspace is there',
      agreed.notes.map((note) => visibleText(note)),
    ),
  ];
}

function withoutPlan({ customer, findings, handedOver, request }: PreparedCustomer): string {
  if (request !== undefined)
    return [
      `WAITING - the customer has to let us in first. To send: ${handedOver.join(' and ')}.`,
      section("What the customer's administrator has to do", request.trimEnd().split('\n').map(visibleText)),
    ].join('\n\n');
  return findings.some(({ state }) => state === 'stops')
    ? 'NOTHING WAS PLANNED - first what stops it.'
    : `NOTHING IS MADE - rows go to ${visibleText(customer.centralWorkspace ?? '')}.`;
}

const ARCHITECTURE_TEXTS = {
  distributed: 'distributed (a workspace in the tenant of the customer)',
  central: "central (the provider's workspace)",
  hybrid: "hybrid (a workspace in the tenant of the customer, and roll-ups of it at the provider's)",
} as const;

/** What was looked at, a line each with its mark, and one below for what mends it. */
export function findingLines(findings: readonly PreflightFinding[]): readonly string[] {
  return findings.flatMap(({ check, state, message, remedy }) => [
    `${MARKS[state].padEnd(5)}${check}: ${visibleText(message)}`,
    ...(remedy === undefined ? [] : [`     ${visibleText(remedy)}`]),
  ]);
}

function whatIfLines(whatIf: NonNullable<PreparedCustomer['whatIf']>): readonly string[] {
  if ('unasked' in whatIf) return [visibleText(whatIf.unasked)];
  return whatIf.changes.length === 0
    ? ['It sees nothing to change.']
    : whatIf.changes.map(({ armId, change }) => `${change.padEnd(10)}${visibleText(armId)}`);
}

function section(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [heading, ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

import type { Assessment, CustomerAssessment } from '../model/assessment/assessment.ts';
import type { Evidence, Finding } from '../model/assessment/findings.ts';
import { ARCHITECTURES } from '../model/assessment/verdict.ts';
import { byNeed } from './estateFilter.ts';
import { sourceText } from './findingView.tsx';
import { markdownTable as table, markdownText as text } from './markdownText.ts';
import { plainText } from './plainText.ts';
import {
  TODAY_WORD,
  checksText,
  confidenceText,
  count,
  countSeverities,
  customersText,
  requirementWords,
  spanText,
  timeText,
} from './words.ts';

/** The estate as Markdown, for the provider: who is where, what fits and why; then every customer. */
export function estateMarkdown(assessment: Assessment): string {
  const { customers, numbers, at, ms } = assessment;
  const rows = [...customers].sort(byNeed).map((one) => [
    one.name,
    TODAY_WORD[one.today.state],
    one.fit.best ?? (one.assessed ? 'not known' : 'not assessed'),
    one.fit.scores ? ARCHITECTURES.map((name) => one.fit.scores![name]).join(' / ') : '-',
    one.why,
    countSeverities(one.findings)
      .map(({ severity, count: number }) => `${number} ${severity}`)
      .join(', ') || 'none',
    one.assessed ? confidenceText(one.fit) : '-',
  ]);
  return (
    [
      '# Architecture fit',
      `${count(numbers.workspaces, 'workspace')}, ${customersText(customers)}, measured ${timeText(at)} in ${spanText(ms)}.${assessment.cancelled ? ' Cancelled: what was not measured is unknown.' : ''}`,
      table(['Customer', 'Today', 'Fits', 'D / C / H', 'Why', 'Findings', 'Confidence'], rows),
      ...[...customers].sort(byNeed).map((one) => customerSections(one, '##')),
    ].join('\n\n') + '\n'
  );
}

/** One customer as Markdown. Give it the customer's copy where it goes to the customer. */
export function customerMarkdown(assessment: Pick<Assessment, 'at'>, customer: CustomerAssessment): string {
  return `${customerSections(customer, '#')}\n\nMeasured ${timeText(assessment.at)}.\n`;
}

function customerSections(customer: CustomerAssessment, level: string): string {
  const { name, sentence, fit, findings, checks, comparison, readers, pictures, assessed } = customer;
  if (!assessed) return `${level} ${text(name)}\n\n${text(sentence)}\n\n${findings.map(findingText).join('\n\n')}`;
  const unknown = checks.filter((one) => one.unknown.length > 0);
  return [
    `${level} ${text(name)}`,
    text(sentence),
    text(pictures.today.says),
    ...(pictures.fits ? [text(pictures.fits.says)] : []),
    ...(fit.scores
      ? [
          `Fit, of 100: ${ARCHITECTURES.map((one) => `${one} ${fit.scores![one]}`).join(', ')}. Confidence: ${fit.confidence}.`,
        ]
      : []),
    `${level}# What would change this`,
    [
      ...fit.changes.map(({ condition, best, scores }) => `- ${text(condition)}: ${best} ${scores[best]} of 100`),
      ...(fit.undeclared.length > 0 ? [`- Undeclared, so not counted: ${requirementWords(fit.undeclared)}`] : []),
    ].join('\n') || '- Nothing that is declared or measured.',
    `${level}# Findings`,
    findings.length === 0 ? 'Nothing is wrong that the checks look for.' : findings.map(findingText).join('\n\n'),
    `${checksText(checks)}.`,
    ...(unknown.length > 0
      ? [unknown.map((one) => `- ${text(one.title)}? Not known: ${text(one.unknown[0]!.error.message)}`).join('\n')]
      : []),
    `${level}# The three architectures here`,
    table(
      ['', 'Claim', ...ARCHITECTURES, 'Here'],
      comparison.map(({ sign, claim, holds, here }) => [
        sign,
        claim,
        ...ARCHITECTURES.map((one) => holds[one]),
        `${here.state}: ${here.text}`,
      ]),
    ),
    ...(readers.length > 0
      ? [
          `${level}# Who can read`,
          table(
            ['Who', 'Whose', 'Workspace', 'Role', 'Limit'],
            readers.map((one) => [
              one.who,
              one.side === 'unknown' ? 'not known' : one.side,
              one.workspace,
              one.role,
              one.limit,
            ]),
          ),
        ]
      : []),
  ].join('\n\n');
}

function findingText({ severity, title, evidence, why, remedy }: Finding): string {
  return [
    `- **${severity}**: ${text(title)}`,
    ...evidence.map(evidenceText),
    `  ${text(why)}`,
    `  Do: ${text(remedy)}`,
  ].join('\n\n');
}

function evidenceText({ text: said, measured }: Evidence): string {
  // A fence longer than any in the query, so that the query cannot end it.
  const query = plainText(sourceText(measured.source));
  const fence = '`'.repeat(Math.max(3, ...[...query.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  const lines = [fence, ...query.split(/\r\n?|\n/), fence].map((line) => `  ${line}`).join('\n');
  return `  → ${text(said)} (${timeText(measured.at)})\n\n${lines}`;
}

import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { Architecture, CriterionResult, Fit, Today } from '../../../model/assessment/verdict.ts';
import { ARCHITECTURES } from '../../../model/assessment/verdict.ts';
import { clause, sentence } from './words.ts';

const TODAY: Readonly<Record<Today['state'], string>> = {
  distributed: 'Distributed today',
  central: 'Central today',
  hybrid: 'Hybrid today',
  mixed: 'Mixed today: the same kind of logs goes to its own workspaces and to the centre',
  none: 'No logs anywhere today',
  unknown: 'Unknown where its logs live today',
};

/** The verdict in words: today, what fits, and the two strongest reasons. */
export function verdictSentence(today: Today, fit: Omit<Fit, 'changes'>): string {
  const { best } = fit;
  if (best === undefined)
    return `${TODAY[today.state]}. Too little is known to say what fits${fit.undeclared.length > 0 ? ': its requirements are undeclared' : ''}.`;
  const head =
    today.state === best ? `${TODAY[best]}, and that fits.` : `${TODAY[today.state]}; ${best} ${fitsWord(today)}.`;
  const because = reasons(fit.criteria, best, today.state)
    .slice(0, 2)
    .map(({ text }) => sentence(text));
  return [head, ...because].join(' ');
}

/** One line of why, for the estate's table: the strongest reason. */
export function verdictWhy(today: Today, fit: Omit<Fit, 'changes'>, customer: CustomerFacts): string {
  const shut = customer.tenants.find(({ state }) => state !== 'entered');
  if (fit.best === undefined)
    return shut ? sentence(`${shut.name} could not be entered`) : 'Too little is known: declare its requirements.';
  const [first, second] = reasons(fit.criteria, fit.best, today.state);
  if (!first) return 'All architectures serve it alike.';
  return second ? `${sentence(first.text).replace(/\.$/, '')}; ${clause(second.text)}.` : sentence(first.text);
}

/**
 * What speaks for the best against the others, strongest first. Against today's where that is another one: it is what a
 * move would be for.
 */
export function reasons(
  criteria: readonly CriterionResult[],
  best: Architecture,
  today: Today['state'],
): readonly CriterionResult[] {
  const others = ARCHITECTURES.filter((one) => one !== best);
  const against = others.includes(today as Architecture) ? [today as Architecture] : others;
  const gain = ({ serves, weight }: CriterionResult): number =>
    serves === undefined ? 0 : weight * (serves[best] - Math.max(...against.map((one) => serves[one])));
  const gains = criteria.filter((one) => gain(one) > 0).sort((a, b) => gain(b) - gain(a));
  if (gains.length > 0) return gains;
  // Where nothing beats all the others, what beats one of them.
  const some = ({ serves, weight }: CriterionResult): number =>
    serves === undefined ? 0 : weight * (serves[best] - Math.min(...against.map((one) => serves[one])));
  return criteria.filter((one) => some(one) > 0).sort((a, b) => some(b) - some(a));
}

function fitsWord(today: Today): string {
  return today.state === 'none' || today.state === 'unknown' ? 'fits' : 'fits better';
}

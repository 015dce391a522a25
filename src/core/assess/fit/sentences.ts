import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import { reasonsFor } from '../../../model/assessment/reasons.ts';
import type { Fit, Today } from '../../../model/assessment/verdict.ts';
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
  const because = reasonsFor(fit.criteria, best, today.state)
    .slice(0, 2)
    .map(({ text }) => sentence(text));
  return [head, ...because].join(' ');
}

/** One line of why, for the estate's table: the strongest reason. */
export function verdictWhy(today: Today, fit: Omit<Fit, 'changes'>, customer: CustomerFacts): string {
  const shut = customer.tenants.find(({ state }) => state !== 'entered');
  if (fit.best === undefined)
    return shut
      ? sentence(`The tenant of ${customer.customer.name} could not be entered`)
      : 'Too little is known: declare its requirements.';
  const [first, second] = reasonsFor(fit.criteria, fit.best, today.state);
  if (!first) return 'All architectures serve it alike.';
  return second ? `${sentence(first.text).replace(/\.$/, '')}; ${clause(second.text)}.` : sentence(first.text);
}

function fitsWord(today: Today): string {
  return today.state === 'none' || today.state === 'unknown' ? 'fits' : 'fits better';
}

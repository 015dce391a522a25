import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import { reasonsFor } from '../../../model/assessment/reasons.ts';
import { ARCHITECTURES } from '../../../model/assessment/verdict.ts';
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
    today.state === best
      ? `${TODAY[best]}, and that fits.${closeCall(fit)}`
      : `${TODAY[today.state]}; ${best} ${fitsWord(today)}.`;
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
  const close = today.state === fit.best ? closeCall(fit).trim() : '';
  if (close !== '') return close;
  const [first, second] = reasonsFor(fit.criteria, fit.best, today.state);
  if (!first) return 'All architectures serve it alike.';
  return second ? `${sentence(first.text).replace(/\.$/, '')}; ${clause(second.text)}.` : sentence(first.text);
}

/** Where another architecture scores a little more than the one that is there: why that is no reason to move. */
function closeCall({ best, scores }: Omit<Fit, 'changes'>): string {
  if (best === undefined || scores === undefined) return '';
  const [first] = ARCHITECTURES.toSorted((a, b) => scores[b] - scores[a]);
  if (first === undefined || scores[first] <= scores[best]) return '';
  return ` ${sentence(`${first} would score ${scores[first]} instead of ${scores[best]}: too little to move for`)}`;
}

function fitsWord(today: Today): string {
  return today.state === 'none' || today.state === 'unknown' ? 'fits' : 'fits better';
}

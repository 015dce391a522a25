import { ARCHITECTURES } from './verdict.ts';
import type { Architecture, CriterionResult, Today } from './verdict.ts';

/**
 * What speaks for the best against the others, strongest first. Against today's where that is another one: it is what a
 * move would be for.
 */
export function reasonsFor(
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

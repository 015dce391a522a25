import { AppError } from '../../base/errors.ts';
import type { ComingCustomer, OnboardingFile } from '../../model/onboarding.ts';
import { didYouMean, suggestNames } from '../estate/suggestions.ts';

/**
 * A customer of a file by its key, or by its name in any case; `label` is what the file is called. Throws
 * `input.onboarding` with those there are.
 */
export function findComing(
  wanted: string,
  { customers, problems }: Pick<OnboardingFile, 'customers' | 'problems'>,
  label: string,
): ComingCustomer {
  const name = wanted.toLowerCase();
  const found = customers.find(({ key }) => key === wanted) ?? customers.find((one) => one.name.toLowerCase() === name);
  if (found) return found;
  const keys = customers.map(({ key }) => key);
  const known = suggestNames(wanted, [...keys, ...customers.map((one) => one.name)]);
  const there = keys.length === 0 ? '' : `: ${keys.join(', ')}`;
  const wrong = problems.length > 0 ? ' Entries with a mistake are left out.' : '';
  throw new AppError(
    'input.onboarding',
    `No customer "${wanted.slice(0, 60)}" in ${label}${there}.${didYouMean(known)}${wrong}`,
  );
}

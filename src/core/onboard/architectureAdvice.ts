import type { Assessment } from '../../model/assessment/assessment.ts';
import type { ComingCustomer } from '../../model/onboarding.ts';

/**
 * What an assessment says of the architecture that a customer is to get, in a sentence; undefined where it does not
 * know the customer. A customer that nobody named in a file has the id of its tenant as key.
 */
export function architectureAdvice(
  { name, key, tenant, architecture }: Pick<ComingCustomer, 'name' | 'key' | 'tenant' | 'architecture'>,
  { customers, at }: Pick<Assessment, 'customers' | 'at'>,
): string | undefined {
  const ids = new Set<string>([tenant, key]);
  const found =
    customers.find((one) => ids.has(one.key.toLowerCase())) ??
    customers.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!found) return undefined;
  const { best, scores } = found.fit;
  const seen = `The assessment of ${at.slice(0, 10)}`;
  if (best === undefined) return `${seen} knows too little to say which architecture fits.`;
  const score = scores ? ` (${Math.round(scores[best])} of 100)` : '';
  if (best === architecture) return `${seen} finds that ${best} fits best${score}, too.`;
  const own = scores ? `, and ${architecture} ${Math.round(scores[architecture])}` : '';
  return `${seen} finds that ${best} fits better${score}${own}. It is yours to say: "architecture" in the file.`;
}

import type { Assessment } from '../../model/assessment/assessment.ts';
import { ARCHITECTURES } from '../../model/assessment/verdict.ts';
import type { PerArchitecture } from '../../model/assessment/verdict.ts';
import type { ComingCustomer } from '../../model/onboarding.ts';

/**
 * What an assessment says of the architecture that a customer is to get, in a sentence; undefined where it does not
 * know the customer. A customer that nobody named in a file has the id of its tenant as key.
 */
export function architectureAdvice(
  { architecture, ...who }: Pick<ComingCustomer, 'name' | 'key' | 'tenant' | 'architecture'>,
  { customers, at }: Pick<Assessment, 'customers' | 'at'>,
): string | undefined {
  const found = findAssessed(who, customers);
  if (!found) return undefined;
  const { best, scores } = found.fit;
  const seen = `The assessment of ${at.slice(0, 10)}`;
  if (best === undefined) return `${seen} knows too little to say which architecture fits.`;
  const score = scores ? ` (${Math.round(scores[best])} of 100)` : '';
  if (best === architecture) return `${seen} finds that ${best} fits best${score}, too.`;
  const own = scores ? `, and ${architecture} ${Math.round(scores[architecture])}` : '';
  return `${seen} finds that ${best} fits better${score}${own}. It is yours to say: "architecture" in the file.`;
}

/**
 * What an assessment says of each architecture, in some words to stand beside it; undefined where it does not know the
 * customer, or knows too little of it.
 */
export function adviceOnEach(
  who: Pick<ComingCustomer, 'name' | 'key' | 'tenant'>,
  { customers, at }: Pick<Assessment, 'customers' | 'at'>,
): PerArchitecture<string> | undefined {
  const { best, scores } = findAssessed(who, customers)?.fit ?? {};
  if (best === undefined) return undefined;
  const words = ARCHITECTURES.map((architecture) => {
    const score = scores ? `${Math.round(scores[architecture])} of 100` : '';
    const fits = architecture === best ? `fits best, says the assessment of ${at.slice(0, 10)}` : '';
    return [architecture, [fits, score].filter(Boolean).join(': ')] as const;
  });
  return Object.fromEntries(words) as unknown as PerArchitecture<string>;
}

function findAssessed(
  { name, key, tenant }: Pick<ComingCustomer, 'name' | 'key' | 'tenant'>,
  customers: Assessment['customers'],
): Assessment['customers'][number] | undefined {
  const ids = new Set<string>([tenant, key]);
  return (
    customers.find((one) => ids.has(one.key.toLowerCase())) ??
    customers.find((one) => one.name.toLowerCase() === name.toLowerCase())
  );
}

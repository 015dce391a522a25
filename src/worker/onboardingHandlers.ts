import { join } from 'node:path';
import { openOnboardFolder } from '../app/onboardFolder.ts';
import type { Services } from '../app/services.ts';
import type { Handlers } from '../base/rpc.ts';
import type { AssessmentService } from '../core/assess/assessmentService.ts';
import { addCustomer } from '../core/onboard/addCustomer.ts';
import { adviceOnEach } from '../core/onboard/architectureAdvice.ts';
import { Journal } from '../core/onboard/journal.ts';
import { readCustomersToCome } from '../core/onboard/readCustomers.ts';
import type { Assessment } from '../model/assessment/assessment.ts';
import { isGuid, toTenantId } from '../model/ids.ts';
import type { ComingRow, OnboardingContract } from '../protocol/onboarding.ts';
import type { OffboardingDesk } from './offboardingDesk.ts';
import type { OnboardingDesk, OnboardingTeller } from './onboardingDesk.ts';

/** What onboarding from the editor needs of a session. */
interface OnboardingSession {
  readonly onboardings: OnboardingDesk;
  readonly offboardings: OffboardingDesk;
  readonly assessments: Pick<AssessmentService, 'list' | 'open'>;
  readonly estate: Services['estate'];
  readonly tenants: Services['onboarding']['tenants'];
}

/** Onboarding customers, and letting them go; what was prepared stays here and is carried out by its id. */
export function onboardingHandlers(
  live: () => OnboardingSession,
  tell: OnboardingTeller,
): Handlers<OnboardingContract> {
  const latest = async (): Promise<Assessment | undefined> => {
    const [head] = await live().assessments.list();
    return head && live().assessments.open(head.id);
  };
  return {
    'onboarding.read': async ({ text, folder }) => {
      const { customers, offer, defaults, patterns, problems } = readCustomersToCome(text || '{}');
      return {
        offers: offer !== undefined,
        defaults,
        patterns,
        problems,
        customers: await Promise.all(
          customers.map(async (customer): Promise<ComingRow> => {
            const { journal } = openOnboardFolder(join(folder, customer.key));
            const { ended, interrupted, last } = await new Journal(journal, () => '').told();
            return {
              customer,
              interrupted,
              ...(ended === undefined ? {} : { state: ended }),
              ...(last === undefined ? {} : { last }),
            };
          }),
        ),
      };
    },
    'onboarding.tenant': async ({ text }, signal) => {
      const wanted = text.trim().toLowerCase();
      const { tenants } = await live().estate.load({ signal });
      const seen = tenants.find(({ id, defaultDomain }) => id === wanted || defaultDomain?.toLowerCase() === wanted);
      if (seen) return { id: seen.id, name: seen.name };
      const id = isGuid(wanted) ? toTenantId(wanted) : await live().tenants.tenantOf(wanted, signal);
      if (id === undefined) return null;
      const name = tenants.find((one) => one.id === id)?.name;
      return { id, ...(name === undefined ? {} : { name }) };
    },
    'onboarding.advice': async (who) => {
      const assessment = await latest();
      return (assessment && adviceOnEach(who, assessment)) ?? null;
    },
    'onboarding.add': ({ text, answers }) => addCustomer(text, answers),
    'onboarding.prepare': async (wish, signal) => {
      const assessment = await latest();
      return live().onboardings.prepare(wish, { tell, signal, ...(assessment ? { assessment } : {}) });
    },
    'onboarding.finish': ({ id }) => live().onboardings.carryOut(id, tell),
    'onboarding.agree': ({ id, yes }) => {
      live().onboardings.agree(id, yes);
      return null;
    },
    'onboarding.cancel': ({ id }) => {
      live().onboardings.book.cancel(id);
      live().offboardings.book.cancel(id);
      return null;
    },
    'onboarding.planOffboarding': (wish, signal) => live().offboardings.plan(wish, signal),
    'onboarding.offboard': ({ id, typed }) => live().offboardings.carryOut(id, typed, tell),
  };
}

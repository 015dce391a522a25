import { AppError } from '../../../base/errors.ts';
import type { Customer } from '../../../model/estate.ts';
import type { App } from '../../platform/app.ts';
import type { CommandsOf } from '../../platform/commands.ts';
import type { ProvisionDeps } from '../carryOut.ts';
import { CustomerDesk } from './customerDesk.ts';
import { offboardCustomer, pickCustomer } from './offboardCustomer.ts';
import { lookAt, onboardCustomer } from './onboardCustomer.ts';
import { findOnboardingPlace, onboardingPlace, readComing } from './onboardingPlace.ts';
import { offerToContinue } from './offerToContinue.ts';

/** Commands of customers that come or go. */
export type OnboardingCommand =
  | 'tenantscope.customers.onboard'
  | 'tenantscope.customers.offboard'
  | 'tenantscope.customers.offboardHere'
  | 'tenantscope.onboarding.carryOut'
  | 'tenantscope.onboarding.decline'
  | 'tenantscope.onboarding.checkAgain'
  | 'tenantscope.onboarding.copyText'
  | 'tenantscope.onboarding.openFolder';

/** Onboarding customers, and letting them go. */
export function registerOnboarding(deps: ProvisionDeps): CommandsOf<OnboardingCommand> {
  const { app } = deps;
  const desk = new CustomerDesk(deps);
  offerToContinue(
    app,
    async () => {
      const place = await findOnboardingPlace();
      const text = place && (await readComing(place));
      // Nobody is asked anything where the folder has no customers to come.
      if (!place || !text) return [];
      return (await app.worker.request('onboarding.read', { text, folder: place.onboarding })).customers;
    },
    async (key) => lookAt(app, desk, await onboardingPlace(), [key]),
  );
  return {
    'tenantscope.customers.onboard': () => onboardCustomer(app, desk),
    'tenantscope.customers.offboard': async () => {
      const customer = await pickCustomer(app);
      if (customer) await offboardCustomer(app, desk, customer);
    },
    'tenantscope.customers.offboardHere': (node) => offboardCustomer(app, desk, customerOf(app, node)),
    'tenantscope.onboarding.carryOut': (document) => desk.carryOut(document),
    'tenantscope.onboarding.decline': (document) => desk.decline(document),
    'tenantscope.onboarding.checkAgain': (document) => desk.checkAgain(document),
    'tenantscope.onboarding.copyText': (document) => desk.copyText(document),
    'tenantscope.onboarding.openFolder': (document) => desk.openFolder(document),
  };
}

function customerOf(app: App, node: unknown): Customer {
  const key = (node as { readonly customer?: { readonly key?: unknown } } | undefined)?.customer?.key;
  const customer = app.estate.estate?.customers.find((one) => one.key === key);
  if (!customer) throw new AppError('input.noNode', 'Choose this command on a customer of the Estate view.');
  return customer;
}

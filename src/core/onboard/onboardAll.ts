import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { ComingCustomer, OnboardingFile, OnboardingState } from '../../model/onboarding.ts';
import type { OnboardingFolder } from '../../ports/onboarding.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import { finishCustomer } from './finishCustomer.ts';
import type { FinishedCustomer } from './finishedCustomer.ts';
import type { OnboardOptions, OnboardWorld } from './onboardWorld.ts';
import { lookAround, prepareCustomer } from './prepareCustomer.ts';
import type { PreparedCustomer } from './preparedCustomer.ts';

/** Customers at once: each is some calls of its own subscription, within Resource Manager's limits for one account. */
const AT_ONCE = 4;

/** Many customers, each in a folder of its own. */
export interface ManyOptions extends Omit<OnboardOptions, 'folder' | 'report'> {
  readonly folderOf: (customer: ComingCustomer) => OnboardingFolder;
  readonly report?: (customer: ComingCustomer, message: string) => void;
  /** What an assessment says of the customer's architecture. */
  readonly adviceOf?: (customer: ComingCustomer) => string | undefined;
}

/** One of many: as far as it came, or what it met. */
export interface CustomerOutcome<V> {
  readonly customer: ComingCustomer;
  readonly state: OnboardingState;
  readonly value?: V;
  readonly error?: AppErrorData;
}

/** Looks at every customer of the file; what one meets stops only itself. Rejects where nobody could be looked at. */
export async function prepareAll(
  { offer, customers }: Pick<OnboardingFile, 'offer' | 'customers'>,
  world: OnboardWorld,
  options: ManyOptions,
): Promise<readonly CustomerOutcome<PreparedCustomer>[]> {
  const reachable = await lookAround(world, customers, options.signal);
  return each(customers, options.signal, async (customer) =>
    prepareCustomer(customer, offer, world, {
      ...ofOne(customer, options),
      reachable,
      ...adviceFor(customer, options),
    }),
  );
}

/** Carries out what was planned, customer by customer; those that were not planned keep what was said of them. */
export async function finishAll(
  prepared: readonly CustomerOutcome<PreparedCustomer>[],
  world: OnboardWorld,
  options: ManyOptions,
): Promise<readonly CustomerOutcome<FinishedCustomer>[]> {
  const planned = prepared.flatMap(({ state, value }) => (state === 'planned' && value ? [value] : []));
  const finished = await each(
    planned.map(({ customer }) => customer),
    options.signal,
    (customer) =>
      finishCustomer(
        planned.find((one) => one.customer === customer)!,
        world,
        ofOne(customer, options),
      ),
  );
  return prepared.map(
    ({ customer, state, error }) =>
      finished.find((one) => one.customer === customer) ?? { customer, state, ...(error ? { error } : {}) },
  );
}

async function each<V extends { readonly state: OnboardingState; readonly error?: AppErrorData }>(
  customers: readonly ComingCustomer[],
  signal: CancelSignal = NEVER,
  work: (customer: ComingCustomer) => Promise<V>,
): Promise<readonly CustomerOutcome<V>[]> {
  const settled = await fanOut({ name: 'onboarding', targets: customers, quota: new Limiter(AT_ONCE), signal, work });
  return settled.map(({ target: customer, outcome }) =>
    outcome.ok
      ? {
          customer,
          state: outcome.value.state,
          value: outcome.value,
          ...(outcome.value.error ? { error: outcome.value.error } : {}),
        }
      : { customer, state: 'failed', error: outcome.error },
  );
}

function adviceFor(customer: ComingCustomer, { adviceOf }: ManyOptions): { readonly advice?: string } {
  const advice = adviceOf?.(customer);
  return advice === undefined ? {} : { advice };
}

function ofOne(
  customer: ComingCustomer,
  { folderOf, report, adviceOf: _advice, ...rest }: ManyOptions,
): OnboardOptions {
  return {
    ...rest,
    folder: folderOf(customer),
    ...(report
      ? {
          report: (message: string) => {
            report(customer, message);
          },
        }
      : {}),
  };
}

import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { ComingCustomer } from '../../model/onboarding.ts';
import type { CustomersPlace } from '../customers/customersSource.ts';
import { parseCustomers } from '../customers/parseCustomers.ts';
import { parsePlacedJson } from '../customers/placedJson.ts';
import { appendToList } from '../customers/placedJsonEdit.ts';
import type { EstateService } from '../estate/estateService.ts';
import type { OnboardWorld } from './onboardWorld.ts';

/**
 * Names whom a customers file does not name yet, in the file that is in use in the repository; without one (`place`
 * absent) the entry is told, to be written by a person. What the file says of others stays as it is.
 */
export function namesIn(
  place: CustomersPlace | undefined,
  estate: Pick<EstateService, 'load'>,
): NonNullable<OnboardWorld['named']> {
  // Customers come side by side, and each entry is behind the one before.
  const turn = new Limiter(1);
  return async (customer, signal) => {
    try {
      if (await isNamed(customer, estate, signal)) return undefined;
      if (!place) return `No customers file is in use: name it in one, with ${written(customer)}.`;
      return await turn.run(() => nameIn(place, customer), signal);
    } catch (thrown) {
      const where = place ? ` in ${place.name}` : '';
      return `It could not be named${where}: ${toAppError(thrown).message} Its entry is ${written(customer)}.`;
    }
  };
}

/** Whether a customers file, whichever, has its tenant: else the tenant is a customer under its own id. */
async function isNamed(
  { tenant }: ComingCustomer,
  estate: Pick<EstateService, 'load'>,
  signal: CancelSignal | undefined,
): Promise<boolean> {
  const { tenants } = await estate.load(signal ? { signal } : {});
  const seen = tenants.find(({ id }) => id === tenant);
  return seen !== undefined && String(seen.customer) !== String(tenant);
}

async function nameIn({ name: path, file }: CustomersPlace, customer: ComingCustomer): Promise<string | undefined> {
  const text = (await file.read()) ?? '';
  const before = parseCustomers(text, path);
  if (before.customers.some(({ tenants }) => tenants.includes(customer.tenant))) return undefined;
  const broken = before.problems.find(({ unreadable }) => unreadable);
  if (broken) return `${path} has a mistake in line ${broken.line}, so nothing was written. Add ${written(customer)}.`;
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  const taken = before.customers.find(({ key, name }) => same(key, customer.key) || same(name, customer.name));
  if (taken)
    return `${path} has a customer ${taken.name} in line ${taken.line}, without the tenant ${customer.tenant}. Nothing was written: add the tenant there, or give one of them another name and key.`;
  if (!takesMore(text)) return `${path} has no list "customers" to write it into. Add ${written(customer)}.`;
  await file.write(appendToList(text, ['customers'], entryOf(customer)));
  return `It is named in ${path} now, as ${customer.key}.`;
}

/** Whether the file has a list of customers, or nothing in its place. */
function takesMore(text: string): boolean {
  const { root } = parsePlacedJson(text);
  if (root?.kind !== 'object') return false;
  const list = root.entries.find(({ key }) => key === 'customers');
  return list === undefined || list.value.kind === 'array';
}

function entryOf({ name, key, tenant }: ComingCustomer): object {
  return { name, key, tenants: [tenant] };
}

function written(customer: ComingCustomer): string {
  return JSON.stringify(entryOf(customer));
}

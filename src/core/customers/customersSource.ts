import { toAppError } from '../../base/errors.ts';
import type { TextFile } from '../../ports/textFile.ts';
import { NO_CUSTOMERS } from './customersFile.ts';
import type { CustomersFile } from './customersFile.ts';
import { parseCustomers } from './parseCustomers.ts';

/** One place a customers file may be. `name` is what problems call it. */
export interface CustomersPlace {
  readonly name: string;
  readonly file: TextFile;
}

/**
 * Reads the customers files, the personal one first and the repository's over it. A file that does not exist is no
 * problem.
 */
export class CustomersSource {
  private readonly places: readonly CustomersPlace[];

  /** `places` from weakest to strongest: a customer of a later place replaces one of the same key. */
  constructor(places: readonly CustomersPlace[]) {
    this.places = places;
  }

  async load(): Promise<CustomersFile> {
    let merged = NO_CUSTOMERS;
    for (const place of this.places) merged = mergeCustomers(merged, await readPlace(place));
    return merged;
  }
}

async function readPlace(place: CustomersPlace): Promise<CustomersFile> {
  try {
    const text = await place.file.read();
    return text === undefined ? NO_CUSTOMERS : parseCustomers(text, place.name);
  } catch (error) {
    return {
      customers: [],
      problems: [{ file: place.name, line: 1, message: `The file cannot be read: ${toAppError(error).message}` }],
    };
  }
}

/** `over` wins: by key, for every tenant it claims, and for what it says of a shared workspace. */
export function mergeCustomers(under: CustomersFile, over: CustomersFile): CustomersFile {
  const keys = new Set(over.customers.map((customer) => customer.key.toLowerCase()));
  const tenants = new Set(over.customers.flatMap((customer) => customer.tenants));
  const kept = under.customers
    .filter((customer) => !keys.has(customer.key.toLowerCase()))
    .map((customer) => ({ ...customer, tenants: customer.tenants.filter((tenant) => !tenants.has(tenant)) }));
  const shared = [
    ...(under.shared ?? [])
      .filter((one) => !over.shared?.some(({ workspace }) => workspace.toLowerCase() === one.workspace.toLowerCase()))
      .map((one) => ({ ...one, under: true as const })),
    ...(over.shared ?? []),
  ];
  const sharedProblem = over.sharedProblem ?? under.sharedProblem;
  return {
    customers: [...kept, ...over.customers],
    ...(shared.length > 0 ? { shared } : {}),
    ...(sharedProblem === undefined ? {} : { sharedProblem }),
    problems: [...under.problems, ...over.problems],
  };
}

import type { Declared } from '../../model/assessment/declared.ts';
import type { CustomersProblem } from '../../model/customersProblem.ts';

/**
 * One customer as the file declares it. `tenants` are guids or domains, as written. `line` is where its entry starts
 * (from 1).
 */
export interface CustomerEntry {
  readonly key: string;
  readonly name: string;
  readonly tenants: readonly string[];
  readonly groups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly declared?: Declared;
  /** The provider itself, whose workspaces may hold the logs of others. */
  readonly provider?: true;
  readonly line: number;
}

/** What could be read, and every mistake with its line; a wrong entry is left out and named, the rest works. */
export interface CustomersFile {
  readonly customers: readonly CustomerEntry[];
  readonly problems: readonly CustomersProblem[];
}

/** A file that names nobody: every tenant is then a customer under its own name. */
export const NO_CUSTOMERS: CustomersFile = { customers: [], problems: [] };

import type { Declared } from '../../model/assessment/declared.ts';
import type { CustomersProblem } from '../../model/customersProblem.ts';
import type { RuleOf } from '../../model/sharedWorkspace.ts';

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

/** One rule of a shared workspace as the file has it: `customer` is a key of the file, `line` from 1. */
export type SharedRule = RuleOf & { readonly customer: string; readonly line: number };

/** A workspace that several customers send to. Its name, ID or resource ID is as written. */
export interface SharedEntry {
  readonly workspace: string;
  readonly rules: readonly SharedRule[];
  readonly line: number;
  /** The line of the first mistake in it. */
  readonly problem?: number;
  /** It is of a file that another one goes before. */
  readonly under?: true;
}

/** What could be read, and every mistake with its line; a wrong entry is left out and named, the rest works. */
export interface CustomersFile {
  readonly customers: readonly CustomerEntry[];
  readonly shared?: readonly SharedEntry[];
  /** The line of a mistake that keeps which workspaces are shared from being read: any of them may be. */
  readonly sharedProblem?: number;
  readonly problems: readonly CustomersProblem[];
}

/** A file that names nobody: every tenant is then a customer under its own name. */
export const NO_CUSTOMERS: CustomersFile = { customers: [], problems: [] };

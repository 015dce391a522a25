import type { AppErrorData } from '../base/errors.ts';
import type { CustomerKey, TenantId } from './ids.ts';

/** Where a customer of a partner was found. */
export type CspSource = 'contract' | 'relationship' | 'export';

/** A customer of a Microsoft partner, and how far it is from being watched. */
export interface CspCustomer {
  readonly tenant: TenantId;
  /** As the partner's directory or the export has it: these are copies, and may be old. */
  readonly name: string;
  readonly domain: string;
  readonly sources: readonly CspSource[];
  /**
   * The best of its delegated admin relationships, in the service's words; `ends` is ISO, `endsInDays` counts whole
   * days from now on.
   */
  readonly relationship?: { readonly status: string; readonly ends?: string; readonly endsInDays?: number };
  /** The customer of the estate that owns the tenant. */
  readonly customer?: CustomerKey;
  readonly workspaces: number;
  /** Workspaces of it are reached, and the customers file names it. */
  readonly onboarded: boolean;
  /** What it takes, in order, each in a sentence; one that is onboarded may still lack what was agreed for all. */
  readonly missing: readonly string[];
  /** The same, a word each. */
  readonly lacks: readonly CspLack[];
}

/** What a customer of a partner may lack. `name`: an entry in the customers file. */
export type CspLack = 'relationship' | 'access' | 'workspace' | 'name' | 'baseline' | 'roll-ups';

/** The customers of the partners that the accounts belong to. */
export interface CspCustomers {
  readonly customers: readonly CspCustomer[];
  /** What could not be asked, so that customers may be missing from the list. */
  readonly problems: readonly { readonly where: string; readonly error: AppErrorData }[];
}

import type { AppErrorData } from '../base/errors.ts';
import type { CustomerKey, WorkspaceKey } from './ids.ts';

/** Rows of one customer in one table of a shared workspace; GB as they are billed. */
export interface SentRows {
  readonly table: string;
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly rows: number;
  readonly gb: number;
  /** How many of them the name of their computer would give to another customer: a rule that counts more decided. */
  readonly disputed: number;
}

/** Rows that nothing names a customer of, by who sends them; empty texts where the rows have none. */
export interface NobodysRows {
  readonly table: string;
  readonly computer: string;
  /** ARM id in lower case. */
  readonly resource: string;
  readonly rows: number;
  readonly gb: number;
  /** What would tell whose they are. */
  readonly remedy: string;
}

/** Who sends to a shared workspace. */
export interface CentralCheck {
  readonly workspace: WorkspaceKey;
  readonly workspaceName: string;
  /** Whether the customers file says that it is shared: only then queries tell its rows apart. */
  readonly declared: boolean;
  readonly sent: readonly SentRows[];
  /** Most rows first. */
  readonly nobodys: readonly NobodysRows[];
  readonly totals: { readonly rows: number; readonly nobodys: number };
  /** Tables that were not read, and why. */
  readonly leftOut: readonly { readonly table: string; readonly why: string }[];
  /** What the answer lacks. */
  readonly problems: readonly AppErrorData[];
}

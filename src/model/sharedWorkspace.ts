import type { CustomerKey } from './ids.ts';

/** Whose rows are that nothing names a customer of: no customer of a file can have this key. */
export const NOT_ATTRIBUTED = '(not attributed)' as CustomerKey;

/**
 * What tells that a row of a shared workspace is a customer's. All texts are compared without case. `column`: this
 * column has this value; `resource`: `_ResourceId` is this resource, or lies below it; `subscription`: the row names
 * this subscription; `tenant`: `AADTenantId` is this directory; `computer`: the name of the computer ends with this
 * domain.
 */
export type RuleOf =
  | { readonly by: 'column'; readonly column: string; readonly value: string }
  | { readonly by: 'resource'; readonly value: string }
  | { readonly by: 'subscription'; readonly value: string }
  | { readonly by: 'tenant'; readonly value: string }
  | { readonly by: 'computer'; readonly value: string };

/** Whose the rows are that a rule is about; `NOT_ATTRIBUTED` where two customers claim them. */
export type AttributionRule = RuleOf & {
  readonly customer: CustomerKey;
  /** Written in the customers file, or known of the estate. */
  readonly origin: 'file' | 'estate';
};

/** The kinds of rules in the order in which they count: what says more of a row goes before. */
export const RULE_KINDS = ['column', 'resource', 'subscription', 'tenant', 'computer'] as const;

/**
 * A workspace that holds the rows of several customers. A row is of the first rule that fits it: by the order of the
 * kinds, the longer text before the shorter one.
 */
export interface SharedRows {
  readonly rules: readonly AttributionRule[];
  /** What is wrong with what the customers file says of it: its rows could be told to be somebody else's. */
  readonly problem?: string;
  /** The mistake hides which workspaces are shared: this one may be no such one. */
  readonly unsure?: true;
}

/** The rows of a shared workspace that are one customer's, or nobody's (`NOT_ATTRIBUTED`). */
export interface RowsOf {
  readonly rules: readonly AttributionRule[];
  readonly customer: CustomerKey;
}

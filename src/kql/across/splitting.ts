import type { Assignment, Expr, Rel } from '../plan.ts';
import type { Pushing } from './pushing.ts';

/**
 * Rows that are one target's under the other's: what each target is asked (`remote`), and what is made of a row here:
 * those of `conditions` hold, its columns are `outs`. Both look at columns of `remote` and at attribution.
 */
export interface Spread {
  readonly kind: 'spread';
  readonly remote: Rel;
  readonly outs: readonly Assignment[];
  readonly conditions: readonly Expr[];
}
/** How a tabular expression is answered: spread over the targets, the same everywhere, or here, over collected rows. */
export type Split = Spread | { readonly kind: 'constant' | 'local'; readonly rel: Rel };

/** What the rules of single operators need of the splitting of a whole plan. */
export interface Splitting {
  readonly pushing: Pushing;
  split(rel: Rel): Split;
  /** The rows of a split as a plan over collected parts. */
  toLocal(split: Split): Rel;
  /** An expression with the tables inside it read here. */
  localExpr(expr: Expr): Expr;
  /** What is made of rows that are spread; undefined where they are not. */
  ofSpread(input: Rel, then: (split: Spread) => Split | undefined): Split | undefined;
  /** The spread with a remote part of just the columns that `outs` show; undefined where they are computed here. */
  shaped(input: Spread): Spread | undefined;
}

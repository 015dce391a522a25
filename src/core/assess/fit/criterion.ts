import type { Requirement } from '../../../model/assessment/declared.ts';
import type { Evidence } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { PerArchitecture } from '../../../model/assessment/verdict.ts';

/** What one criterion says of one customer: how well each architecture serves it (0 to 1), or why nobody can say. */
export type Serves =
  | {
      readonly serves: PerArchitecture<number>;
      /** What is so here, one sentence. */
      readonly text: string;
      readonly evidence: readonly Evidence[];
    }
  | { readonly text: string; readonly undeclared?: Requirement; readonly evidence?: readonly Evidence[] };

/** One thing that speaks for or against architectures. Its weight stands in `weights.json` under its id. */
export interface Criterion {
  readonly id: string;
  readonly title: string;
  /** Pure, and total: what is not known is said, never assumed. */
  readonly judge: (customer: CustomerFacts) => Serves;
}

/** Three numbers in the order distributed, central, hybrid. */
export function serve(distributed: number, central: number, hybrid: number): PerArchitecture<number> {
  return { distributed, central, hybrid };
}

/** A field of the customers file as evidence. */
export function declaredEvidence(field: Requirement, text: string, at: string): Evidence {
  return { text, measured: { source: { kind: 'declared', field }, at, ms: 0, calls: 0 } };
}

/** A requirement that nobody declared. */
export function undeclared(field: Requirement, what: string): Serves {
  return { text: `Undeclared, so not counted: ${what}.`, undeclared: field };
}

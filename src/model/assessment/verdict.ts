import type { Evidence } from './findings.ts';
import type { Requirement } from './declared.ts';

/** The three architectures, in their order everywhere. */
export const ARCHITECTURES = ['distributed', 'central', 'hybrid'] as const;
/** One of `ARCHITECTURES`. */
export type Architecture = (typeof ARCHITECTURES)[number];

/**
 * Where a customer's logs live: `mixed` where the same kind of rows goes both ways, `none` where there are none,
 * `unknown` where nobody could look.
 */
export type TodayState = Architecture | 'mixed' | 'none' | 'unknown';

/** Where the logs live today, and from which facts. */
export interface Today {
  readonly state: TodayState;
  readonly because: readonly Evidence[];
}

/** A number for each architecture. */
export type PerArchitecture<T> = Readonly<Record<Architecture, T>>;

/** One criterion at one customer: how well each architecture serves it (0 to 1), or why nobody can say. */
export interface CriterionResult {
  readonly id: string;
  readonly title: string;
  readonly weight: number;
  readonly evidence: readonly Evidence[];
  /** Absent where it is unknown. */
  readonly serves?: PerArchitecture<number>;
  /** What it says here, one sentence. */
  readonly text: string;
  /** The requirement that is undeclared, where that is why it is unknown. */
  readonly undeclared?: Requirement;
}

/** What would happen to the verdict if one input were another: computed by judging again. */
export interface WhatIf {
  /** "If its residency were not limited to switzerlandnorth". */
  readonly condition: string;
  readonly best: Architecture;
  readonly scores: PerArchitecture<number>;
}

/** How sure a verdict is: by the weight of what is known. */
export type Confidence = 'high' | 'medium' | 'low';

/** How well each architecture fits, 0 to 100, and which fits best; no best where too little is known. */
export interface Fit {
  readonly best?: Architecture;
  readonly scores?: PerArchitecture<number>;
  readonly criteria: readonly CriterionResult[];
  readonly confidence: Confidence;
  readonly undeclared: readonly Requirement[];
  readonly changes: readonly WhatIf[];
}

/** One claim about one architecture, from the table of claims, and what is so here. */
export interface ClaimHere {
  readonly id: string;
  readonly architecture: Architecture;
  readonly sign: '+' | '-';
  readonly claim: string;
  /** What the guidance of 2019 said, where today says otherwise. */
  readonly in2019: string;
  readonly today: string;
  readonly changed: boolean;
  readonly source: string;
  /** Whether it holds in each architecture, in general. */
  readonly holds: PerArchitecture<'yes' | 'no' | 'partly'>;
  readonly here: { readonly state: 'true' | 'not true' | 'unknown'; readonly text: string };
}

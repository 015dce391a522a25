import type { Scope } from './scope.ts';

/** How rows become the number that is compared: how many there are, or an aggregate of a column. */
export const MEASURES = ['count', 'average', 'minimum', 'maximum', 'total'] as const;
/** One of them. */
export type Measure = (typeof MEASURES)[number];

/** What the number is compared by, as people write it. */
export const COMPARISONS = ['>', '>=', '<', '<=', '=='] as const;
/** One of them. */
export type Comparison = (typeof COMPARISONS)[number];

/** When an alert fires: in at least `failing` of the last `periods` windows the number compares so. */
export interface AlertCondition {
  readonly measure: Measure;
  /** The column of every measure but `count`. */
  readonly column?: string;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly periods: number;
  readonly failing: number;
}

/** A column whose every value is an alert of its own. Without values all; else these, or all others. */
export interface AlertDimension {
  readonly column: string;
  readonly values: readonly string[];
  readonly exclude: boolean;
}

/** Where what fires is told. */
export type DeliveryTarget =
  /** POST of the common alert schema to an https address. */
  | { readonly kind: 'webhook'; readonly url: string }
  /** A line of JSON for each, at the end of a file of the folder for answers; `-` is standard output. */
  | { readonly kind: 'jsonLines'; readonly file: string }
  /** A file for each, made of a template beside the definition; its extension says how values are escaped. */
  | { readonly kind: 'ticket'; readonly template: string };

/** A delivery. Bound to a customer it hears of that one alone; else it is the provider's own and hears of everybody. */
export type AlertDelivery = DeliveryTarget & {
  /** A customer as scopes name it: its key, or its name. */
  readonly customer?: string;
};

/** An alert as a file of the repository defines it. Durations are minutes. */
export interface AlertDefinition {
  readonly name: string;
  readonly description?: string;
  /** KQL without comments. */
  readonly query: string;
  readonly scope: Scope;
  readonly everyMinutes: number;
  readonly windowMinutes: number;
  /** Where it is evaluated here: how long after its end a window is looked at, so that its rows can be seen by then. */
  readonly latenessMinutes: number;
  /** How far a rule's query may look back, where that is not all its windows. */
  readonly lookBackMinutes?: number;
  /** 0 critical, 1 error, 2 warning, 3 informational, 4 verbose. */
  readonly severity: number;
  readonly condition: AlertCondition;
  readonly dimensions: readonly AlertDimension[];
  /** It is resolved when the condition is not met any more; else every evaluation that meets it fires. */
  readonly autoResolve: boolean;
  /** Of a rule: it evaluates with an identity of its own instead of the rights of who edited it last. */
  readonly identity: boolean;
  /** ARM ids of action groups that are there already. */
  readonly actionGroups: readonly string[];
  readonly deliveries: readonly AlertDelivery[];
  readonly owner?: string;
}

/** What severities are called, by number. */
export const SEVERITIES = ['Critical', 'Error', 'Warning', 'Informational', 'Verbose'] as const;

/** A condition in a few words: `count > 10 in 2 of 3 windows`. */
export function conditionText({ measure, column, comparison, threshold, periods, failing }: AlertCondition): string {
  const number = column === undefined ? measure : `${measure}(${column})`;
  return `${number} ${comparison} ${threshold}${periods > 1 ? ` in ${failing} of ${periods} windows` : ''}`;
}

import type { CustomerKey } from './ids.ts';

/** How long a report looks at: a day or a month, both of UTC. */
export type ReportKind = 'daily' | 'monthly';

/** Forms a report is written in. */
export const REPORT_FORMATS = ['html', 'md', 'parquet'] as const;

/** One form of a report. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What a report is of: a half-open range of time (ISO, UTC), and how much of it is over. */
export interface ReportPeriod {
  readonly kind: ReportKind;
  /** `2026-11-28` or `2026-11`. */
  readonly label: string;
  readonly from: string;
  readonly to: string;
  /** Up to when it can be told: `to` where it is over, else the moment it was asked. */
  readonly until: string;
  /** Days (`YYYY-MM-DD`) that began before `until`. */
  readonly days: readonly string[];
  /** How many of them, from the first one, are over and settled: only those are compared with other days. */
  readonly wholeDays: number;
}

/** One day's volume in GB of 1,000 MB, all of it and what is billed. */
export interface ReportDay {
  readonly day: string;
  readonly gb: number;
  readonly billedGb: number;
}

/**
 * What a table had over the whole days of the period, and what its own days before let expect
 * (`series_decompose_anomalies`).
 */
export interface Comparison {
  readonly gb: number;
  readonly expectedGb: number;
  /** Days of the period that are out of line with those before. */
  readonly unusualDays: readonly string[];
  /** The median of actual to expected of the same table over other customers; absent where fewer than 3 have one. */
  readonly peers?: number;
}

/** One table of a customer, over all its workspaces. */
export interface ReportTable {
  readonly table: string;
  readonly gb: number;
  readonly billedGb: number;
  /** US dollars at the list price. */
  readonly cost: number;
  /** GB of each day of the baseline and of the period, in their order. */
  readonly series: readonly number[];
  /** Absent where there are too few days to compare with, or days are missing. */
  readonly compared?: Comparison;
}

/** A table that is out of line, with what it is compared to. */
export interface ReportChange extends Comparison {
  readonly table: string;
}

/** A machine or a table that used to report and does not any more; a workspace of which that is so of every table. */
export interface SilentSource {
  readonly kind: 'machine' | 'table' | 'workspace';
  readonly name: string;
  readonly workspace: string;
  /** ISO, UTC: when it was heard last. */
  readonly last: string;
}

/** A day on which a workspace reached its daily cap; `first` is when (ISO, UTC). */
export interface CapHit {
  readonly workspace: string;
  readonly day: string;
  readonly first: string;
}

/** Parts of a report that can be missing on their own. */
export type ReportPart = 'everything' | 'volume' | 'machines' | 'caps';

/** What a report lacks: whose part (a workspace or a tenant) and why, in a few words of ours. */
export interface ReportGap {
  readonly of: string;
  readonly part: ReportPart;
  readonly reason: string;
}

/** One customer's report. */
export interface CustomerReport {
  readonly key: CustomerKey;
  readonly name: string;
  readonly workspaces: number;
  /** Empty where nothing is missing. */
  readonly gaps: readonly ReportGap[];
  /** Nothing of it is known: its numbers are not zero but absent. */
  readonly unknown: boolean;
  readonly gb: number;
  readonly billedGb: number;
  readonly cost: number;
  /** The whole days of all comparable tables together; absent where none is. */
  readonly compared?: Pick<Comparison, 'gb' | 'expectedGb'>;
  /** The days of the baseline and of the period. */
  readonly days: readonly ReportDay[];
  /** Largest first. */
  readonly tables: readonly ReportTable[];
  /** Largest difference first. */
  readonly changes: readonly ReportChange[];
  readonly silent: readonly SilentSource[];
  readonly capHits: readonly CapHit[];
}

/** A daily or monthly report: of every customer of a scope, or, as a copy, of one. */
export interface Report {
  readonly period: ReportPeriod;
  /** `live`, or the name of the centre it was read from. */
  readonly from: string;
  /** The days before the period that it is compared with, in their order. */
  readonly baselineDays: readonly string[];
  /** What the costs stand on. */
  readonly price: string;
  /** By name. */
  readonly customers: readonly CustomerReport[];
}

import type { CustomerKey } from '../../../model/ids.ts';

/** A value of a dimension. */
export interface DimensionValue {
  readonly name: string;
  readonly value: string;
}

/** Something that is told: an alert fired, or is resolved. All that any delivery says of it; times are milliseconds. */
export interface AlertEvent {
  /** A GUID: the same of an alert's firing and of its resolution. */
  readonly alertId: string;
  readonly alert: string;
  readonly condition: 'Fired' | 'Resolved';
  readonly severity: number;
  readonly description: string;
  /** As people read it: `count > 10`. */
  readonly conditionText: string;
  /** Absent where it would tell of somebody else. */
  readonly query?: string;
  /** Whose it is; nobody's alone where it is about all customers together. */
  readonly customer?: CustomerKey;
  readonly customerName?: string;
  readonly dimensions: readonly DimensionValue[];
  readonly value: number;
  readonly threshold: number;
  /** ARM ids of the workspaces it is about. */
  readonly targets: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly firedAt: number;
  readonly resolvedAt?: number;
  /** It was made up, to try a delivery. */
  readonly test?: true;
}

/** An alert that is fired and not resolved. */
export interface OpenAlert {
  readonly alertId: string;
  readonly customer?: CustomerKey;
  readonly customerName?: string;
  readonly dimensions: readonly DimensionValue[];
  readonly firedAt: number;
}

/** An event that one delivery has not been told yet. */
export interface OutboxEntry {
  /** Of alert, customer, window, condition and delivery: what a receiver may know it again by. */
  readonly id: string;
  /** Which delivery of the definition: a hash of what it says. */
  readonly delivery: string;
  readonly event: AlertEvent;
  readonly queuedAt: number;
  readonly attempts: number;
  /** Who is at it, until when. */
  readonly claim?: { readonly owner: string; readonly until: number };
  /** Why it has not been told yet. */
  readonly failure?: string;
}

/** What became of an event at a delivery. */
export interface Receipt {
  readonly id: string;
  readonly at: number;
  readonly outcome: 'delivered' | 'gaveUp' | 'withdrawn';
  readonly attempts: number;
}

/**
 * What is known of an alert between evaluations: one document, changed by compare-and-set. What fires is put into
 * `outbox` by the same change that remembers it, so that neither is lost or doubled; it leaves with its receipt.
 */
export interface AlertState {
  /** The end of the newest window that was looked at. */
  readonly evaluatedTo?: number;
  /** By customer and dimensions. */
  readonly open: Readonly<Record<string, OpenAlert>>;
  readonly outbox: readonly OutboxEntry[];
  /** The newest last. */
  readonly receipts: readonly Receipt[];
}

/** Nothing has been looked at. */
export const FRESH: AlertState = { open: {}, outbox: [], receipts: [] };
/** Receipts that are kept of an alert. */
export const KEPT_RECEIPTS = 500;

/** Names of documents. */
export const DOCUMENTS = {
  approvals: 'alert-approvals',
  alert: (name: string): string => `alerts/${name}`,
} as const;

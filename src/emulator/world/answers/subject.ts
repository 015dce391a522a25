import type { CustomerPlan, TenantPlan, WorkspacePlan } from '../estatePlan.ts';

/** A workspace of a customer's own, in a tenant that was entered. */
export interface OwnWorkspace {
  readonly tenant: TenantPlan;
  readonly plan: WorkspacePlan;
}

/** A provider's workspace where rows of a customer lie: `derived` where all of them are sums. */
export interface SharedWorkspace {
  readonly plan: WorkspacePlan;
  /** Customers whose rows lie there. */
  readonly customers: number;
  readonly derived: boolean;
}

/** One customer of an estate, as its plans have it and as somebody who signs in finds it. */
export interface Subject {
  readonly customer: CustomerPlan;
  readonly provider: boolean;
  readonly entered: readonly TenantPlan[];
  readonly closed: readonly TenantPlan[];
  readonly own: readonly OwnWorkspace[];
  readonly shared: readonly SharedWorkspace[];
  /** Guests come as a person or as an application. */
  readonly person: boolean;
  /** Numbers of everything that can be entered. */
  readonly estate: { readonly workspaces: number; readonly regions: number };
  /** The customer that owns a workspace of the estate, by the workspace's name. */
  readonly ownerOf: (workspace: string) => CustomerPlan | undefined;
}

/** One line of an answer key: `check:subject:severity`. */
export function line(check: string, subject: string, severity: 'critical' | 'high' | 'medium' | 'low'): string {
  return `${check}:${subject}:${severity}`;
}

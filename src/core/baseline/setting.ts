import type { Baseline } from '../../model/baseline.ts';
import type { MachineFact } from '../../model/assessment/facts.ts';
import type { SettingPlace, UnknownSetting } from '../../model/drift.ts';
import type { Customer, Estate, Workspace } from '../../model/estate.ts';
import type { SubscriptionId, TenantId } from '../../model/ids.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { TypedResource } from '../../ports/baseline.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { Intent } from '../changes/changeHandler.ts';

/** The list that shows how a setting is now; settings of the same list cost one request. */
export type ListRef =
  /** In the picture of the estate. */
  | { readonly kind: 'estate' }
  /** Questions to Resource Graph, for everything that a token sees. */
  | {
      readonly kind: 'configurations' | 'containers' | 'agentRules' | 'rules' | 'alerting' | 'delegations';
      readonly issuer: Issuer;
    }
  /** Lists of a workspace, by its ARM id. */
  | { readonly kind: 'tables' | 'savedSearches'; readonly issuer: Issuer; readonly workspace: string }
  /** Lists of a resource, a subscription or Microsoft Entra ID. */
  | { readonly kind: 'diagnostics'; readonly issuer: Issuer; readonly scope: string }
  | { readonly kind: 'locks'; readonly issuer: Issuer; readonly subscription: SubscriptionId };

/** One thing that a baseline wants of one customer: an intent, where it is compared, and whose token does it. */
export interface Setting extends SettingPlace {
  readonly issuer: Issuer;
  /** The tenant that owns it. */
  readonly owner: TenantId;
  readonly intent: Intent;
  readonly list: ListRef;
  readonly workspace?: Workspace;
}

/** A workspace and whose token asks it. */
export interface ReachedWorkspace {
  readonly workspace: Workspace;
  readonly issuer: Issuer;
}

/** A subscription of a customer and whose token asks it. */
export interface ReachedSubscription {
  readonly id: SubscriptionId;
  readonly name: string;
  readonly tenant: TenantId;
  readonly issuer: Issuer;
}

/** Everything that the settings of one customer are made of. */
export interface CustomerWorld {
  readonly estate: Estate;
  readonly customer: Customer;
  readonly baseline: Baseline;
  readonly workspaces: readonly ReachedWorkspace[];
  readonly subscriptions: readonly ReachedSubscription[];
  /**
   * The workspace that rules and diagnostic settings of each tenant of the customer send to, or why none can be told:
   * what is of one tenant goes to no workspace of another.
   */
  readonly mains: ReadonlyMap<TenantId, Outcome<ReachedWorkspace>>;
  /** Machines of the customer, and its resources of types that the baseline names. */
  readonly machines: Outcome<readonly MachineFact[]>;
  readonly resources: Outcome<readonly TypedResource[]>;
}

/** What a section makes of a baseline: settings, and what it cannot make. */
export interface Wanted {
  readonly settings: readonly Setting[];
  readonly unknown: readonly UnknownSetting[];
}

/** The beginning of a setting's place. */
export function placeOf(
  { customer }: Pick<CustomerWorld, 'customer'>,
  section: SettingPlace['section'],
  name: string,
  where: string,
  target = '',
): SettingPlace {
  return { customer: customer.key, customerName: customer.name, section, name, where, target };
}

import type { CancelSignal } from '../../../base/cancel.ts';
import type { ComingCustomer, ManagedOffer, PreflightFinding } from '../../../model/onboarding.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { PreflightPort } from '../../../ports/onboarding.ts';
import type { ProvisionPort } from '../../../ports/workspaces.ts';

/** What a check looks at. */
export interface PreflightLook {
  readonly customer: ComingCustomer;
  readonly offer?: ManagedOffer;
  readonly issuer: Issuer;
  readonly port: PreflightPort;
  readonly provision: Pick<
    ProvisionPort,
    'locations' | 'resourceGroups' | 'resourceProvider' | 'workspace' | 'deletedWorkspaces'
  >;
  readonly signal?: CancelSignal;
}

/** What a check says; its own name is put to it. */
export type Said = Omit<PreflightFinding, 'check'>;

/** One look before the first change. It sends reads only; what it rejects with is an `unknown` of its name. */
export interface PreflightCheck {
  readonly name: string;
  /** Absent where it has nothing to say of this customer. */
  look(look: PreflightLook): Promise<Said | undefined>;
}

/** Nothing in the way. */
export function fine(message: string): Said {
  return { state: 'fine', message };
}

/** ARM id of the customer's subscription. */
export function subscriptionOf({ subscription }: ComingCustomer): string {
  return `/subscriptions/${subscription}`;
}

/** Whether a workspace of its own is made for the customer. */
export function ownWorkspace({ architecture }: ComingCustomer): boolean {
  return architecture !== 'central';
}

/** Ids that must not be mixed up. All guids lower case; ARM ids as ARM writes them, compared without case. */
declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Entra directory (guid). Never the `TenantId` column of a log table, which holds a workspace's customerId. */
export type TenantId = Branded<string, 'TenantId'>;

/** An Azure subscription's id: a guid in lower case. */
export type SubscriptionId = Branded<string, 'SubscriptionId'>;
/** ARM resource id of a workspace: the key of a workspace everywhere in the product, lower case. */
export type WorkspaceKey = Branded<string, 'WorkspaceKey'>;
/** The service's `customerId` of a workspace, called workspace ID in the portal (guid). */
export type WorkspaceGuid = Branded<string, 'WorkspaceGuid'>;
/** A customer's key: from the customers file, else the tenant id. */
export type CustomerKey = Branded<string, 'CustomerKey'>;
/** A signed-in account: provider and subject, e.g. `vscode:oid.tid`, `cli:user@contoso.com`, `sp:<app id>`. */
export type AccountId = Branded<string, 'AccountId'>;

/** One run's id, unlike any other's of this or an earlier session. */
export type RunId = Branded<string, 'RunId'>;
/** A plan that is kept where it was made, to be carried out once. */
export type PlanId = Branded<string, 'PlanId'>;

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The tenant that personal Microsoft accounts come from. It holds no subscription and cannot be entered. */
export const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad' as TenantId;

/** Whether a text is a guid in its usual form, in any case. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/** The id of a tenant from its text, in lower case. */
export function toTenantId(text: string): TenantId {
  return text.toLowerCase() as TenantId;
}

/** The id of a subscription from its text, in lower case. */
export function toSubscriptionId(text: string): SubscriptionId {
  return text.toLowerCase() as SubscriptionId;
}

/** A workspace's key from its ARM id, which the services write in any case. */
export function toWorkspaceKey(armId: string): WorkspaceKey {
  return armId.toLowerCase() as WorkspaceKey;
}

/** A workspace ID from its text, in lower case. */
export function toWorkspaceGuid(text: string): WorkspaceGuid {
  return text.toLowerCase() as WorkspaceGuid;
}

/** A customer's key from its text; case counts. */
export function toCustomerKey(text: string): CustomerKey {
  return text as CustomerKey;
}

/** An account's id from the text of whoever signed it in. */
export function toAccountId(text: string): AccountId {
  return text as AccountId;
}

/** A run's id from its text. */
export function toRunId(text: string): RunId {
  return text as RunId;
}
/** A plan's id from its text. */
export function toPlanId(text: string): PlanId {
  return text as PlanId;
}

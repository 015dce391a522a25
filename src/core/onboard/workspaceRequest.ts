import type { ComingCustomer } from '../../model/onboarding.ts';
import type { WorkspaceRequest } from '../../model/plan.ts';
import type { Issuer } from '../../ports/issuer.ts';

/** The workspace that a customer gets, asked for with this token. */
export function workspaceRequest(customer: ComingCustomer, issuer: Issuer): WorkspaceRequest {
  return {
    account: issuer.account,
    issuer: issuer.tenant,
    tenant: customer.tenant,
    subscription: customer.subscription,
    resourceGroup: customer.resourceGroup,
    createResourceGroup: true,
    name: customer.workspace,
    region: customer.region,
    sku: { name: 'PerGB2018' },
    retentionDays: customer.retentionDays,
    ...(customer.dailyCapGb === undefined ? {} : { dailyCapGb: customer.dailyCapGb }),
    tags: customer.tags,
  };
}

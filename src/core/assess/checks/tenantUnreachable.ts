import type { Tenant, TenantState } from '../../../model/estate.ts';
import { seen } from '../look/overWorkspaces.ts';
import type { Check, Found } from './check.ts';

const BECAUSE: Readonly<Record<Exclude<TenantState, 'entered'>, string>> = {
  signInRequired: 'wants a sign-in',
  noAccess: 'lets nobody of ours in',
  failed: 'could not be asked',
};

/** A tenant that nobody could look into. */
export const tenantUnreachable: Check = {
  id: 'tenantUnreachable',
  title: 'Each of its tenants can be looked into',
  severity: 'high',
  rule: 'A tenant of the customer could not be entered by any account, and nothing of it is delegated to us.',
  why: 'Nobody knows what is collected there, what it costs, or whether it works. Each answer about this customer leaves it out.',
  remedy:
    'Sign in where a sign-in is wanted. Else ask the customer to delegate its subscriptions with Azure Lighthouse, or for a guest account.',
  facts: [],
  judge({ tenants, ...customer }) {
    return {
      findings: tenants.flatMap((tenant): Found[] => {
        if (tenant.state === 'entered') return [];
        return [
          {
            severity: 'high',
            subject: { kind: 'tenant', name: tenant.name },
            title: `The tenant ${tenant.name} ${BECAUSE[tenant.state]}: 0 of its workspaces are known`,
            evidence: [
              {
                text: tenant.error?.message ?? 'It could not be entered.',
                measured: seen({ tenants, ...customer }),
              },
            ],
            message: howToLetIn(tenant),
          },
        ];
      }),
      unknown: [],
      ...(tenants.length === 0 ? { notApplicable: 'It has no tenant.' } : {}),
    };
  },
};

function howToLetIn({ name, id, state }: Tenant): string {
  const which = name === id ? `your directory ${id}` : `your directory ${name} (${id})`;
  if (state === 'signInRequired')
    return `We cannot enter ${which}: it wants another proof of who we are. Please delegate the subscriptions with logs to us with Azure Lighthouse (we will send you the template), or let your Conditional Access trust our multifactor authentication.`;
  return `We cannot look into the logs of ${which}. Please delegate the subscriptions with logs to us with Azure Lighthouse (Log Analytics Reader is enough to read; we will send you the template), or invite an account of ours as a guest with that role.`;
}

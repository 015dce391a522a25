import type { AdminRequest, ClosedTenant, WorkspaceAccess } from '../../model/access.ts';
import type { Estate } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { OWN_ROLES } from './notVisible.ts';

/**
 * What the administrators of customers have to do so that the provider reads what it is to read, and knows who else
 * does: a text each, which names nobody but that customer. Customers that have nothing to do get none.
 */
export function adminRequests(
  workspaces: readonly WorkspaceAccess[],
  closed: readonly ClosedTenant[],
  estate: Estate,
): readonly AdminRequest[] {
  const keys = [...new Set([...workspaces, ...closed].map(({ customer }) => customer))];
  return keys.flatMap((key): AdminRequest[] => {
    const mine = workspaces.filter(({ customer }) => customer === key);
    const shut = closed.filter(({ customer }) => customer === key);
    const parts = [
      ...shut.map((tenant) => openTenant(tenant)),
      ...mine.flatMap(openWorkspace),
      ...listReaders(mine),
    ].filter((part) => part !== '');
    if (parts.length === 0) return [];
    const contact = contactOf(key, estate);
    return [
      {
        customer: key,
        customerName: (mine[0] ?? shut[0])!.customerName,
        ...(contact === undefined ? {} : { contact }),
        text: [
          'To the administrator of Azure and Microsoft Entra ID',
          '',
          'To watch over your logs we ask for the following.',
          '',
          ...parts.map((part, at) => `${at + 1}. ${part}`),
          '',
        ].join('\n'),
      },
    ];
  });
}

/** Sign-ins that only we can make are no business of the customer's. */
function openTenant({ state, tenantName, tenant }: ClosedTenant): string {
  const where = `tenant ${tenantName} (${tenant})`;
  switch (state) {
    case 'conditionalAccess':
      return `A conditional access policy of ${where} refuses our sign-in. Please include us as service provider users (Entra admin center > Conditional Access > the policy > Users > Guest or external users), or leave out the accounts or the application that you invited for this, and trust the multi-factor authentication of our tenant (External Identities > Cross-tenant access settings > Inbound > Trust settings).`;
    case 'noAccess':
      return `We cannot enter ${where}. Please accept our Azure Lighthouse offer for the subscriptions with your logs, or invite our account as a guest (or consent to our application) and give it Log Analytics Reader there.`;
    case 'signInRequired':
    case 'failed':
      return '';
  }
}

function openWorkspace({
  workspaceName,
  workspace,
  ways,
  dataActionsOnly,
  protectedTables = [],
}: WorkspaceAccess): string[] {
  const delegated = ways.some(({ path }) => path === 'lighthouse');
  const identity = delegated
    ? 'a guest account or an application of ours in your tenant (Azure Lighthouse cannot pass on roles on data)'
    : 'our account in your tenant';
  const policy = ways.find(({ state }) => state === 'conditionalAccess');
  return [
    ...(dataActionsOnly
      ? [
          `Workspace ${workspaceName} opens to data roles alone. Please give Log Analytics Data Reader on it to ${identity}:\n   az role assignment create --role 3b03c2da-16b3-4a49-8834-0f8130efdd3b --scope ${workspace} --assignee OBJECT-ID`,
        ]
      : []),
    ...(protectedTables.length > 0
      ? [
          `In workspace ${workspaceName} the tables ${protectedTables.join(', ')} are protected: we get no row of them, and no error. If we are to read them, please give Privileged Monitoring Data Reader on it to ${identity}:\n   az role assignment create --role dbc9c667-e97f-4491-aee6-90b9cf960190 --scope ${workspace} --assignee OBJECT-ID`,
        ]
      : []),
    ...(policy && !ways.some(({ state }) => state === 'works')
      ? [
          `A conditional access policy of your tenant refuses our account ${policy.account}. Please make an exception for it as a service provider user.`,
        ]
      : []),
  ];
}

/** Asks for what a delegation does not show, for all workspaces of the customer at once. */
function listReaders(workspaces: readonly WorkspaceAccess[]): string[] {
  const unseen = workspaces.filter(({ notVisible }) => notVisible.some(({ what }) => what === OWN_ROLES));
  if (unseen.length === 0) return [];
  const names = unseen.map(({ workspaceName }) => workspaceName).join(', ');
  const commands = unseen.map(
    ({ workspace }) =>
      `   az role assignment list --scope ${workspace} --include-inherited --query "[].{who:principalName, kind:principalType, role:roleDefinitionName, scope:scope}" --output table`,
  );
  return [
    [`So that it is known who reads ${names}, please send us the role assignments that reach it:`, ...commands].join(
      '\n',
    ),
  ];
}

function contactOf(key: CustomerKey, { customers }: Estate): string | undefined {
  return customers.find((one) => one.key === key)?.declared?.contact;
}

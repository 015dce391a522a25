import type { Handlers } from '../base/rpc.ts';
import type { Provisioning } from '../core/provision/provisioning.ts';
import type { AccountId, PlanId, TenantId } from '../model/ids.ts';
import type { ChangeProgress } from '../model/plan.ts';
import type { Issuer } from '../ports/issuer.ts';
import type { ProvisionContract } from '../protocol/provision.ts';

/** Creating, changing and deleting workspaces; plans stay here and are carried out by id. */
export function provisionHandlers(
  live: () => { readonly provisioning: Provisioning },
  tell: (plan: PlanId, progress: ChangeProgress) => void,
): Handlers<ProvisionContract> {
  const provisioning = (): Provisioning => live().provisioning;
  const issuerOf = ({ account, issuer }: { account: AccountId; issuer: TenantId }): Issuer => ({
    account,
    tenant: issuer,
  });
  return {
    'provision.locations': async (input, signal) => [
      ...(await provisioning().locations(issuerOf(input), input.subscription, signal)),
    ],
    'provision.subscriptions': ({ customer }, signal) => provisioning().subscriptions(customer, signal),
    'provision.resourceGroups': async (input, signal) => [
      ...(await provisioning().resourceGroups(issuerOf(input), input.subscription, signal)),
    ],
    'provision.checkName': (input, signal) =>
      provisioning().checkName(
        { issuer: issuerOf(input), subscription: input.subscription, resourceGroup: input.resourceGroup, region: '' },
        input.name,
        signal,
      ),
    'provision.plan': ({ recover = false, subscriptionName, ...request }, signal) =>
      provisioning().planWorkspace(
        request,
        { recover, ...(subscriptionName === undefined ? {} : { subscriptionName }) },
        signal,
      ),
    'provision.planSettings': (change, signal) => provisioning().planSettings(change, signal),
    'provision.planDeletion': ({ workspace, permanent }, signal) =>
      provisioning().planDeletion(workspace, permanent, signal),
    'provision.apply': ({ plan, typed }, signal) =>
      provisioning().apply(
        plan,
        (progress) => {
          tell(plan, progress);
        },
        signal,
        typed,
      ),
    'provision.cancel': ({ plan }) => {
      provisioning().cancel(plan);
      return null;
    },
    'provision.export': async ({ format, name, ...plan }) => {
      const { exportPlan } = await import('../core/changes/formats/exportPlan.ts');
      return [...exportPlan(plan, format, name)];
    },
  };
}

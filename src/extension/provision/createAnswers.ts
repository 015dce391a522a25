import type { WorkspaceRequest } from '../../model/plan.ts';
import type { WorkerContract } from '../../protocol/worker.ts';

/** A subscription that can be chosen, and whose token reaches it. */
export type SubscriptionChoice = WorkerContract['requests']['provision.subscriptions']['output'][number];

/** What the wizard gathers; whole after its last step. */
export interface CreateAnswers {
  readonly place: SubscriptionChoice;
  readonly owner: string;
  readonly resourceGroup: string;
  readonly createResourceGroup: boolean;
  readonly groupRegion: string;
  readonly name: string;
  readonly recoverRegion: string;
  readonly region: string;
  readonly tier: 'PerGB2018' | 'CapacityReservation';
  readonly level: number;
  readonly retentionDays: number;
  readonly dailyCapGb: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is offered before anybody chose: by the settings, and (`proposed`) by what sent the person here. */
export interface CreateDefaults {
  readonly region: string;
  readonly retentionDays: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly proposed?: { readonly region?: string; readonly days?: number };
}

/** What the service is asked for. */
export function toRequest(answers: CreateAnswers): WorkspaceRequest & { recover?: boolean; subscriptionName: string } {
  const { place } = answers;
  return {
    account: place.account,
    issuer: place.issuer,
    tenant: place.tenant,
    subscription: place.subscription,
    subscriptionName: place.name,
    resourceGroup: answers.resourceGroup,
    createResourceGroup: answers.createResourceGroup,
    name: answers.name,
    region: answers.region,
    sku:
      answers.tier === 'PerGB2018' ? { name: 'PerGB2018' } : { name: 'CapacityReservation', gbPerDay: answers.level },
    retentionDays: answers.retentionDays,
    tags: answers.tags,
    ...(answers.dailyCapGb === undefined ? {} : { dailyCapGb: answers.dailyCapGb }),
    ...(answers.recoverRegion ? { recover: true } : {}),
  };
}

/** The subscription of the answers, as requests name it. */
export function at(state: Partial<CreateAnswers>): Pick<SubscriptionChoice, 'account' | 'issuer' | 'subscription'> {
  const { account, issuer, subscription } = state.place!;
  return { account, issuer, subscription };
}

import { AppError, toAppError } from '../../base/errors.ts';
import type { SubscriptionId } from '../../model/ids.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ProvisionPort, ResourceProviderNow } from '../../ports/workspaces.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { ChangeHandler, Effect, Intent } from '../changes/changeHandler.ts';

/** The resource provider of workspaces. A subscription that never had one is not registered for it. */
export const WORKSPACES_PROVIDER = 'Microsoft.OperationalInsights';

/** A resource provider that a subscription is to be registered for. */
export interface ResourceProviderWanted {
  readonly subscription: SubscriptionId;
  /** For the person who reads the plan. */
  readonly subscriptionName?: string;
  /** e.g. `Microsoft.OperationalInsights`. */
  readonly namespace: string;
}

/** The intent that a subscription is registered for a resource provider. */
export function wantResourceProvider(wanted: ResourceProviderWanted): Intent<ResourceProviderWanted> {
  return {
    id: `resourceProvider ${wanted.namespace}`,
    resource: 'resourceProvider',
    target: `/subscriptions/${wanted.subscription}/providers/${wanted.namespace}`,
    wanted,
  };
}

type ProviderPort = Pick<ProvisionPort, 'resourceProvider' | 'registerResourceProvider'>;

/**
 * Registers a subscription for a resource provider and waits until it is: the service refuses a resource in a region
 * whose turn has not come yet.
 */
export function resourceProviderHandler(
  port: ProviderPort,
): ChangeHandler<ResourceProviderWanted, ResourceProviderNow> {
  return {
    resource: 'resourceProvider',
    noun: 'resource provider',
    read: ({ wanted }, { issuer, signal }) =>
      port.resourceProvider(issuer, wanted.subscription, wanted.namespace, signal),
    diff: ({ wanted }, now): Effect => {
      const { namespace } = wanted;
      if (isRegistered(now))
        return {
          action: 'none',
          title: `The subscription is registered for ${namespace} already`,
          detail: 'There is nothing to do',
          differences: [],
        };
      return {
        action: 'update',
        title: `Register the subscription for ${namespace}`,
        detail: `${nameOf(wanted)} never used this service; it may take some minutes`,
        differences: [],
        warnings: [`Registering needs Contributor on the subscription. ${whoElse(wanted)}`],
      };
    },
    apply: async ({ wanted }, _action, { issuer, signal }) => {
      try {
        await port.registerResourceProvider(issuer, wanted.subscription, wanted.namespace, signal);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code !== 'access.insufficient') throw error;
        throw new AppError(
          'access.notRegistered',
          `This account may not register ${nameOf(wanted)} for ${wanted.namespace}. ${whoElse(wanted)}`,
          { data: { ...error.data, namespace: wanted.namespace }, cause: error },
        );
      }
    },
    verify: ({ wanted }, now) =>
      isRegistered(now)
        ? { state: 'verified' }
        : { state: 'pending', what: `${wanted.namespace} is ${now?.registrationState ?? 'not shown yet'}` },
    describe: ({ wanted }, now) => (isRegistered(now) ? `the registration for ${wanted.namespace}` : undefined),
    requests: ({ target }) => [{ method: 'POST', path: `${target}/register`, apiVersion: '2025-04-01' }],
    commands: ({ wanted }) => [['provider', 'register', '--namespace', wanted.namespace, '--wait']],
  };
}

/**
 * Whether a workspace in this subscription needs the registration first. Not being allowed to see it is no failure:
 * then the service says so when the workspace is made.
 */
export async function needsRegistration(
  port: Pick<ProvisionPort, 'resourceProvider'>,
  issuer: Issuer,
  subscription: SubscriptionId,
  signal?: CancelSignal,
): Promise<boolean> {
  try {
    return !isRegistered(await port.resourceProvider(issuer, subscription, WORKSPACES_PROVIDER, signal));
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'access.insufficient') throw error;
    return false;
  }
}

function isRegistered(now: ResourceProviderNow | undefined): boolean {
  return now?.registrationState.toLowerCase() === 'registered';
}

function nameOf({ subscription, subscriptionName }: ResourceProviderWanted): string {
  return subscriptionName ? `subscription ${subscriptionName} (${subscription})` : `subscription ${subscription}`;
}

function whoElse({ subscription, namespace }: ResourceProviderWanted): string {
  return `Else somebody who has it runs "az provider register --namespace ${namespace} --subscription ${subscription}", once.`;
}

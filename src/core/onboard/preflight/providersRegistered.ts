import { WORKSPACES_PROVIDER } from '../../provision/resourceProviderHandler.ts';
import { allowed } from './mayWrite.ts';
import type { PreflightCheck } from './preflightCheck.ts';
import { fine, ownWorkspace, subscriptionOf } from './preflightCheck.ts';

/** Whether the subscription is registered for workspaces, or we may register it. */
export const providersRegistered: PreflightCheck = {
  name: 'resource providers',
  async look({ customer, issuer, port, provision, signal }) {
    if (!ownWorkspace(customer)) return undefined;
    const now = await provision.resourceProvider(issuer, customer.subscription, WORKSPACES_PROVIDER, signal);
    if (now?.registrationState.toLowerCase() === 'registered')
      return fine(`The subscription is registered for ${WORKSPACES_PROVIDER}.`);
    const held = await port.permissions(issuer, subscriptionOf(customer), signal);
    if (allowed(held, `${WORKSPACES_PROVIDER}/register/action`))
      return {
        state: 'warns',
        message: `The plan registers the subscription for ${WORKSPACES_PROVIDER}: some minutes.`,
      };
    return {
      state: 'stops',
      message: `The subscription is not registered for ${WORKSPACES_PROVIDER}, and our roles may not register it.`,
      remedy: `Somebody of the customer with Contributor runs "az provider register --namespace ${WORKSPACES_PROVIDER} --subscription ${customer.subscription}", once.`,
    };
  },
};

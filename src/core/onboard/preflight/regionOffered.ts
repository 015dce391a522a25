import { toRegion } from '../../../model/region.ts';
import { didYouMean, suggestNames } from '../../estate/suggestions.ts';
import { sameRegion } from '../../provision/nameState.ts';
import type { PreflightCheck } from './preflightCheck.ts';
import { fine, ownWorkspace } from './preflightCheck.ts';

/** Whether workspaces can be made in the region, in this subscription. */
export const regionOffered: PreflightCheck = {
  name: 'region',
  async look({ customer, issuer, provision, signal }) {
    if (!ownWorkspace(customer)) return undefined;
    const offered = await provision.locations(issuer, customer.subscription, signal);
    if (offered.some(({ name }) => sameRegion(name, customer.region)))
      return fine(`Workspaces can be made in ${customer.region}.`);
    return {
      state: 'stops',
      message: `This subscription cannot have workspaces in "${customer.region}".`,
      remedy: `Choose another "region" in the file.${didYouMean(
        suggestNames(
          customer.region,
          offered.map(({ name }) => toRegion(name)),
        ),
      )}`,
    };
  },
};

import type { Services } from '../../app/services.ts';
import { AppError } from '../../base/errors.ts';
import { wantDelegation } from '../../core/onboard/delegationHandler.ts';
import { lookAround, offerNames } from '../../core/onboard/prepareCustomer.ts';
import { whose, whoseText } from '../../core/provision/whose.ts';
import type { OnboardingFile } from '../../model/onboarding.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import type { Terminal } from '../output/terminal.ts';
import { planAndDo } from './workspaceAction.ts';

/** `onboard offer`: who is signed in accepts the file's offer for a subscription of its own tenant. */
export async function acceptOffer(
  { offer }: OnboardingFile,
  azure: Services,
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (!offer) throw new AppError('input.usage', 'The file has no "offer", or one with a mistake.');
  const wanted = textOf(values, 'subscription')?.toLowerCase();
  if (!wanted) throw new AppError('input.usage', '--subscription is missing: where the offer is accepted.');
  const reached = (await lookAround(azure.onboarding, [], terminal.signal)).find(
    ({ subscription }) => subscription === wanted,
  );
  if (!reached) throw new AppError('input.subscription', `No account here reaches subscription ${wanted}.`);
  if (reached.issuer !== reached.tenant)
    throw new AppError(
      'access.delegatedRole',
      `Subscription ${wanted} is reached through tenant ${reached.issuer}: only somebody of its own tenant ${reached.tenant} accepts an offer.`,
    );
  const estate = await azure.estate.load({ signal: terminal.signal });
  const plan = await azure.onboarding.changes.plan(
    {
      title: `Let ${offer.name} into ${reached.name}`,
      issuer: { account: reached.account, tenant: reached.issuer },
      owner: reached.tenant,
      about: [
        { what: 'Tenant', name: whoseText(whose(estate, reached.tenant)), id: reached.tenant, main: true },
        { what: 'Subscription', name: reached.name, id: reached.subscription, main: true },
        { what: 'Managed by', name: whoseText(whose(estate, offer.managedBy)), id: offer.managedBy },
      ],
      intents: [
        wantDelegation(offer, offerNames(offer, azure.onboarding), {
          scope: `/subscriptions/${reached.subscription}`,
          place: `subscription ${reached.name}`,
          owner: reached.tenant,
        }),
      ],
    },
    terminal.signal,
  );
  return planAndDo(azure, plan, `${offer.name} is accepted.`, { action: 'offer', name: offer.name, values, terminal });
}

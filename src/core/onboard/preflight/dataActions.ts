import type { ComingCustomer } from '../../../model/onboarding.ts';
import type { Permission } from '../../../ports/onboarding.ts';
import { lighthouseLimit } from '../../access/lighthouseLimits.ts';
import { quoteWord } from '../../changes/export.ts';
import { checkOffer } from '../lighthouseOffer.ts';
import { covers } from './mayWrite.ts';
import type { PreflightCheck, Said } from './preflightCheck.ts';
import { fine, subscriptionOf } from './preflightCheck.ts';

const PUBLISHER = { id: '3913510d-42f4-4e42-8a64-420c390055eb', name: 'Monitoring Metrics Publisher', ofData: true };
const SENDS_ROWS = 'Microsoft.Insights/Telemetry/Write';
/** Machines with the agent send as themselves, and need none of this. */
const OF_PROGRAMS = 'sending rows of programs through a data collection rule';

/**
 * The trap of roles on data: no role on the control plane, Owner and Contributor included, may send rows through a data
 * collection rule. A delegation passes no role on that may; a guest or an application may hold one, and it is looked
 * whether ours does.
 */
export const dataActions: PreflightCheck = {
  name: 'roles on data',
  async look({ customer, offer, issuer, port, signal }) {
    const refused = customer.access === 'lighthouse' && offer ? checkOffer(offer).refused : [];
    if (refused.length > 0)
      return {
        state: 'stops',
        message: refused.join(' '),
        remedy: 'Mend the "offer" of the file before anybody deploys it.',
      };
    if (issuer.tenant !== customer.tenant) return delegated(customer);
    const held = await port.permissions(issuer, subscriptionOf(customer), signal);
    return held.some((one) => allowsData(one, SENDS_ROWS))
      ? fine(`Our roles allow ${OF_PROGRAMS}.`)
      : {
          state: 'warns',
          message: `Our roles there are on resources and not on data: they do not allow ${OF_PROGRAMS}. Machines with the Azure Monitor Agent need no role for theirs.`,
          remedy: `Where programs of ours shall send, an Owner or User Access Administrator of the customer runs ${giveCommand(customer, 'the object ID of our account in that tenant')}`,
        };
  },
};

function delegated(customer: ComingCustomer): Said {
  const limit = lighthouseLimit({
    action: 'giveRole',
    path: 'lighthouse',
    role: PUBLISHER,
    principal: 'ManagedIdentity',
  });
  const [reason, by] = limit.allowed ? ['', ''] : [limit.reason, limit.runBy];
  return {
    state: 'warns',
    message: `${reason} So by this delegation we cannot allow ${OF_PROGRAMS}, nor read a workspace whose rows only roles on data may read. Machines with the Azure Monitor Agent need no role for theirs.`,
    remedy: `Where that is needed, ${by} runs ${giveCommand(customer, 'the object ID of a managed identity or guest there')}`,
  };
}

function giveCommand({ subscription, resourceGroup }: ComingCustomer, whom: string): string {
  return `"az role assignment create --role '${PUBLISHER.name}' --scope ${quoteWord(`/subscriptions/${subscription}/resourceGroups/${resourceGroup}`)} --assignee-object-id ID", where ID is ${whom}.`;
}

function allowsData({ dataActions: data = [], notDataActions = [] }: Permission, action: string): boolean {
  return data.some((one) => covers(one, action)) && !notDataActions.some((one) => covers(one, action));
}

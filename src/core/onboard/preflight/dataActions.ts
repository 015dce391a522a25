import { checkOffer } from '../lighthouseOffer.ts';
import type { PreflightCheck } from './preflightCheck.ts';
import { fine } from './preflightCheck.ts';

/**
 * The trap of roles on data: a delegation passes none of them on, so that rows sent through a data collection rule, and
 * rows of workspaces that only roles on data read, are not ours by it.
 */
export const dataActions: PreflightCheck = {
  name: 'roles on data',
  look({ customer, offer, issuer }) {
    const refused = customer.access === 'lighthouse' && offer ? checkOffer(offer).refused : [];
    if (refused.length > 0)
      return Promise.resolve({
        state: 'stops',
        message: refused.join(' '),
        remedy: 'Mend the "offer" of the file before anybody deploys it.',
      });
    if (issuer.tenant === customer.tenant) return Promise.resolve(fine('No delegation is used.'));
    return Promise.resolve({
      state: 'warns',
      message:
        'A delegation passes on no rights on data: it cannot give Monitoring Metrics Publisher (sending rows through a data collection rule), nor read a workspace whose rows only roles on data may read.',
      remedy:
        'Where that is needed, an Owner of the customer gives the role to a managed identity or a guest in its own tenant.',
    });
  },
};

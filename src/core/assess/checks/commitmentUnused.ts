import { BILLED_BY_TABLE } from '../look/kql.ts';
import { overOwn } from '../look/overWorkspaces.ts';
import { AT_LIST_PRICE, byTheGb, MONTH, tierOf } from '../look/prices.ts';
import { billedPerDay, withOwnPrice } from '../look/volumes.ts';
import { dollars, gigabytes } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** A workspace pays for a commitment that costs more than its rows would by the GB. */
export const commitmentUnused: Check = {
  id: 'commitmentUnused',
  title: 'No commitment costs more than paying by the GB',
  severity: 'medium',
  rule:
    'A workspace of the customer is in the tier CapacityReservation, and its mean of billed GB a day over 30 days would cost less by the GB ' +
    '(2.3 USD each) than its commitment does. Tables of the plans Basic and Auxiliary have prices of their own and do not count.',
  why: 'The commitment is paid every day, whether it is used or not.',
  remedy: 'Take a smaller tier, or pay by the GB, once the 31 days of the present one are over.',
  facts: ['configuration', 'usage', 'tables'],
  judge(customer) {
    return overOwn(customer, 'configuration', (facts, subject, unknown) => {
      const configuration = known(facts.configuration, 'configuration', subject, unknown);
      if (configuration && configuration.sku.toLowerCase() !== 'capacityreservation') return;
      const usage = known(facts.usage, 'usage', subject, unknown);
      if (!configuration || !usage) return;
      const committed = configuration.commitmentGb;
      const tier = committed === undefined ? undefined : tierOf(committed);
      if (!tier) {
        const which = committed === undefined ? 'an unnamed commitment' : `a commitment of ${gigabytes(committed)}`;
        unknown.push({
          subject,
          fact: 'configuration',
          error: {
            code: 'input.unknownTier',
            message: `${subject.name} has ${which} a day, whose price is not known here.`,
            retryable: false,
          },
        });
        return;
      }
      const all = billedPerDay(usage);
      const tables = byTheGb(all) < tier.perDay ? undefined : known(facts.tables, 'tables', subject, unknown);
      const gb = tables ? billedPerDay(usage, withOwnPrice(tables)) : all;
      if (byTheGb(gb) >= tier.perDay) return;
      const lost = (tier.perDay - byTheGb(gb)) * MONTH;
      return {
        severity: 'medium',
        subject,
        title: `${subject.name} is committed to ${gigabytes(tier.gb)} a day and uses ${gigabytes(gb)}: ${dollars(lost)} a month too much`,
        evidence: [
          { text: `${gigabytes(gb)} billed on an average full day of the last ${usage.days}`, measured: facts.usage },
          {
            text: `${dollars(tier.perDay * MONTH)} a month for the tier, ${dollars(byTheGb(gb) * MONTH)} by the GB, ${AT_LIST_PRICE}`,
            measured: facts.configuration,
          },
        ],
        actions: [
          { kind: 'openQuery', workspace: facts.workspace.key, query: BILLED_BY_TABLE, timespan: 'P30D' },
          { kind: 'openPortal', armId: facts.workspace.armId },
        ],
        ...(customer.customer.declared?.billing === 'customer' ? {} : { internal: true as const }),
      };
    });
  },
};

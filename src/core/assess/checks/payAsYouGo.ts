import { BILLED_BY_TABLE } from '../look/kql.ts';
import { overOwn } from '../look/overWorkspaces.ts';
import { AT_LIST_PRICE, byTheGb, cheapestTier, inTier, MONTH, PRICES } from '../look/prices.ts';
import { billedPerDay, withOwnPrice } from '../look/volumes.ts';
import { dollars, gigabytes } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** A workspace pays by the GB for what a commitment would cost less. */
export const payAsYouGo: Check = {
  id: 'payAsYouGo',
  title: 'No workspace pays by the GB what a commitment tier would cost less',
  severity: 'medium',
  rule:
    `A workspace of the customer is in the tier PerGB2018, and its mean of billed GB a day over 30 days costs as much as the smallest ` +
    `commitment or more: ${PRICES.tiers[0].perDay} USD a day for ${PRICES.tiers[0].gb} GB against ${PRICES.perGb} USD a GB, so from 85.3 GB on. ` +
    `Tables of the plans Basic and Auxiliary have prices of their own and do not count.`,
  why: 'A commitment tier bills the same rows at a lower price. It can be raised at any time, and left after 31 days.',
  remedy:
    'Set the pricing tier of the workspace to the commitment that costs least; it holds for 31 days. A dedicated cluster shares one over many.',
  facts: ['configuration', 'usage', 'tables'],
  judge(customer) {
    return overOwn(customer, 'configuration', (facts, subject, unknown) => {
      const configuration = known(facts.configuration, 'configuration', subject, unknown);
      if (configuration && configuration.sku.toLowerCase() !== 'pergb2018') return;
      const usage = known(facts.usage, 'usage', subject, unknown);
      const smallest = PRICES.tiers[0].perDay;
      if (!configuration || !usage || byTheGb(billedPerDay(usage)) < smallest) return;
      const tables = known(facts.tables, 'tables', subject, unknown);
      const gb = tables ? billedPerDay(usage, withOwnPrice(tables)) : 0;
      if (byTheGb(gb) < smallest) return;
      const tier = cheapestTier(gb);
      const saved = (byTheGb(gb) - inTier(tier, gb)) * MONTH;
      return {
        severity: 'medium',
        subject,
        title: `${subject.name} pays by the GB for ${gigabytes(gb)} a day: the tier of ${tier.gb} GB would cost ${dollars(saved)} a month less`,
        evidence: [
          { text: `${gigabytes(gb)} billed on an average full day of the last ${usage.days}`, measured: facts.usage },
          {
            text: `${dollars(byTheGb(gb) * MONTH)} a month by the GB, ${dollars(inTier(tier, gb) * MONTH)} in the tier, ${AT_LIST_PRICE}`,
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

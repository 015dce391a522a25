import { litware, lucerne, fourthcoffee, alpine, coho, graphicdesign } from './bronzeCustomers.ts';
import type { CustomerPlan } from './estatePlan.ts';
import { contoso, fabrikam, northwind, woodgrove, humongous } from './goldCustomers.ts';
import { northbridge } from './provider.ts';
import { adatum, tailspin, wideworld, proseware, trey } from './silverCustomers.ts';

/**
 * The provider and its customers. All three architectures are here (distributed: most; central: Lucerne Publishing
 * reports to nb-central; hybrid: Contoso, Woodgrove Bank and Coho Winery keep their logs and give sums of them; mixed:
 * Fourth Coffee, some of whose computers report twice), every way in, and the mistakes people make: each that an
 * assessment knows at least once. Nothing is wrong with Litware. The order is part of the sample: names and addresses
 * are given out along it.
 */
export const PROVIDER_CUSTOMERS: readonly CustomerPlan[] = [
  northbridge,
  contoso,
  fabrikam,
  adatum,
  tailspin,
  northwind,
  wideworld,
  litware,
  proseware,
  woodgrove,
  lucerne,
  trey,
  fourthcoffee,
  humongous,
  alpine,
  coho,
  graphicdesign,
];

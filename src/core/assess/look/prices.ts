/**
 * List prices of Azure Monitor Logs in US dollars, for orientation and never for a bill: they differ by region,
 * currency and contract.
 *
 * The price of a GB is that of the meter `Analytics Logs Data Ingestion` beyond its first 5 GB, East US (2026). Of the
 * tiers those of 100 and 200 GB were compared with a second source; the larger ones follow the price page of Azure
 * Monitor as it was known when this was written, and no check depends on them but by the smallest tier that pays.
 * Beyond a tier each GB costs what one within it does.
 */
export const PRICES = {
  /** When this file was written. */
  date: '2026-11-29',
  region: 'East US',
  currency: 'USD',
  perGb: 2.3,
  /** Ingestion of the other plans; by one third party's page of 2026, as is what keeping costs. */
  perGbOf: { Basic: 0.5, Auxiliary: 0.05 },
  /** Each GB and month beyond the days in the price of ingestion: to be queried, and kept behind that. */
  perGbMonth: { queried: 0.1, kept: 0.02 },
  tiers: [
    { gb: 100, perDay: 196 },
    { gb: 200, perDay: 368 },
    { gb: 300, perDay: 540 },
    { gb: 400, perDay: 704 },
    { gb: 500, perDay: 865 },
    { gb: 1000, perDay: 1700 },
    { gb: 2000, perDay: 3320 },
    { gb: 5000, perDay: 8050 },
    { gb: 10_000, perDay: 15_640 },
    { gb: 25_000, perDay: 37_950 },
    { gb: 50_000, perDay: 73_600 },
  ],
} as const;

/** A commitment: so many GB a day, and what a day costs in US dollars. */
export interface Tier {
  readonly gb: number;
  readonly perDay: number;
}

/** Days of a month, for prices. */
export const MONTH = 30;

/** What a day costs by the GB. */
export function byTheGb(gbPerDay: number): number {
  return gbPerDay * PRICES.perGb;
}

/** What a day costs in a tier: its price, and more of it for what goes beyond. */
export function inTier({ gb, perDay }: Tier, gbPerDay: number): number {
  return Math.max(gbPerDay, gb) * (perDay / gb);
}

/** The tier in which so much a day costs least. */
export function cheapestTier(gbPerDay: number): Tier {
  const tiers: readonly Tier[] = PRICES.tiers;
  return tiers.reduce((best, tier) => (inTier(tier, gbPerDay) < inTier(best, gbPerDay) ? tier : best));
}

/** The tier of so many GB, where its price is known. */
export function tierOf(gb: number): Tier | undefined {
  const tiers: readonly Tier[] = PRICES.tiers;
  return tiers.find((tier) => tier.gb === gb);
}

/** What a price stands on, for the end of a sentence. */
export const AT_LIST_PRICE = `at the list price of ${PRICES.region} (${PRICES.date})`;

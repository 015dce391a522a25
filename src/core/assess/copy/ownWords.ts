import { ALL_CHECKS } from '../checks/allChecks.ts';
import { FACT_NAMES } from '../measure/ledger.ts';
import { ALL_CLAIMS } from '../fit/claims.ts';
import { CRITERIA } from '../fit/judgeFit.ts';
import { SOURCE_TABLES } from '../look/sourceTables.ts';
import { PRICES } from '../look/prices.ts';
import { wordsOf } from './words.ts';

/** Words of our sentences that stand in none of the tables below. */
const SENTENCES = `a an and at by for from in into is it its no none not of on one or our own so the to two was we with
all any are as be been before but can could day days does each every first had has have here if last less may more most
must nobody only other others per received row rows same see sent send sends since than that their them there they this
took volume what when where which who whose workspace workspaces you your account accounts agent agents data fits gb
group known lies list machine machines mixed name names query report seen source sources subscription summary table
tables tenant tenants today unknown usage user central distributed hybrid provider customer customers centre`;

let phrases: string | undefined;

/**
 * Whether the product itself says this: a customer that is called like one of its words (Central, Perf, East) is not
 * named by every sentence that has it. A name of several words is one only where they stand together.
 */
export function isOwnPhrase(words: readonly string[]): boolean {
  phrases ??= ` ${[
    ...SENTENCES.split(/\s+/),
    ...ALL_CHECKS.flatMap(({ id, title, rule, why, remedy }) => [id, title, rule, why, remedy]),
    ...ALL_CLAIMS.flatMap(({ claim, in2019, today }) => [claim, in2019, today]),
    ...CRITERIA.map(({ title }) => title),
    ...Object.values(SOURCE_TABLES).flat(),
    ...FACT_NAMES,
    PRICES.region,
  ]
    .map((text) => wordsOf(text).join(' '))
    .join(' / ')} `;
  const phrase = words.join(' ');
  return /^\d{1,4}$/.test(phrase) || phrases.includes(` ${phrase} `);
}

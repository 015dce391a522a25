import { STATE } from '../app/centresFile.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { EraseReceipt } from '../model/rollup.ts';
import type { PlacesWish } from './rollupCentres.ts';
import type { RollupDesk } from './rollupDesk.ts';

/** Said of a centre in a receipt. */
const NOT_ASKED =
  'You have not approved this centre, so it was not asked, and nothing was erased there: what other runners stored in it stays.';

/**
 * Erases a customer in every state that there is, once each, with every centre that the files beside these roll-ups
 * name and the person approved: a second pass would not know the keys that the customer had before. Centres that
 * nobody approved have a receipt, too, which says that they were not asked. Rejects where a sink fails; erasing again
 * goes on.
 */
export async function eraseEverywhere(
  desk: RollupDesk,
  customer: CustomerKey,
  paths: readonly string[],
): Promise<readonly EraseReceipt[]> {
  const skipped: string[] = [];
  const inLake: PlacesWish[] = [];
  const elsewhere: PlacesWish[] = [];
  for (const found of await desk.centres.ofAll(paths)) {
    const open = new Set((await desk.centres.unapproved(found)).map(({ approval }) => approval.name));
    const reached = found.centres.map(({ name }) => name).filter((name) => !open.has(name) && !open.has(STATE));
    skipped.push(...found.centres.map(({ name }) => name).filter((name) => !reached.includes(name)));
    const wish = { path: found.rollup, sinks: reached };
    if (!found.state) inLake.push(wish);
    else if (!open.has(STATE)) elsewhere.push(wish);
  }
  const receipts = [...(await desk.using(inLake, ({ rollups }) => rollups.erase(customer)))];
  for (const wish of elsewhere) {
    const all = await desk.using(wish, ({ rollups }) => rollups.erase(customer));
    receipts.push(...all.filter(({ sink }) => sink !== desk.lake.name));
  }
  const { at } = receipts[0]!;
  return [...receipts, ...skipped.map((sink) => ({ sink, customer, at, tables: [], remains: [NOT_ASKED] }))];
}

import type { CustomerKey } from '../../model/ids.ts';
import type { EraseReceipt } from '../../model/rollup.ts';
import { Leased } from './leased.ts';
import { DOCUMENTS } from './progress.ts';
import type { RollupProgress } from './progress.ts';
import type { RollupWorld } from './rollupWorld.ts';
import { changeSwitches } from './switches.ts';

/**
 * Switches a customer off, takes its workspaces away from every runner, and removes all that is stored of it; a receipt
 * for each sink. Where a sink fails it rejects, the customer stays off, and erasing again goes on.
 */
export async function eraseCustomer(customer: CustomerKey, world: RollupWorld): Promise<readonly EraseReceipt[]> {
  const { state, clock, owner, sinks } = world;
  const also = (keys: readonly CustomerKey[]): CustomerKey[] => [...new Set([...keys, customer])];
  await changeSwitches(state, (now) => ({ ...now, off: also(now.off), erased: also(now.erased) }));
  for (const version of await state.list(DOCUMENTS.versions)) {
    const id = version.slice(DOCUMENTS.versions.length + 1);
    for (const name of await state.list(DOCUMENTS.progresses(id))) {
      const { value } = await state.load<RollupProgress>(name);
      if (value?.customer !== customer) continue;
      // By force: a runner that was at it finds out before its window counts.
      const held = await Leased.take({ state, owner, clock }, name, value, true);
      if (!held) continue;
      const { since: _since, until: _until, last: _last, ...rest } = held.value;
      await held.change({ ...rest, stored: [], gaps: [] });
      await held.release();
    }
  }
  const at = new Date(clock.now()).toISOString();
  const receipts: EraseReceipt[] = [];
  for (const sink of sinks) receipts.push({ ...(await sink.erase(customer)), customer, at });
  return receipts;
}

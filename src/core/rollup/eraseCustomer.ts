import type { CustomerKey } from '../../model/ids.ts';
import type { EraseReceipt } from '../../model/rollup.ts';
import type { SinkPort } from '../../ports/rollups.ts';
import { Leased } from './leased.ts';
import { DOCUMENTS } from './progress.ts';
import type { RollupProgress } from './progress.ts';
import type { RollupWorld } from './rollupWorld.ts';
import { changeSwitches } from './switches.ts';

/** Nobody else is named: a receipt may be handed to the customer. */
const ELSEWHERE =
  'What was stored while a workspace of it belonged to another customer lies with the rows of that one, and goes with them.';

/**
 * Switches a customer off, takes its workspaces away from every runner, and removes all that is stored of it, also
 * under keys that it had before; a receipt for each sink. Where a sink fails it rejects, the customer stays off, and
 * erasing again goes on.
 */
export async function eraseCustomer(customer: CustomerKey, world: RollupWorld): Promise<readonly EraseReceipt[]> {
  const { state, clock, sinks } = world;
  const also = (keys: readonly CustomerKey[]): CustomerKey[] => [...new Set([...keys, customer])];
  await changeSwitches(state, (now) => ({ ...now, off: also(now.off), erased: also(now.erased) }));
  const all: { readonly customer: CustomerKey; readonly formerly: readonly CustomerKey[] }[] = [];
  const unreached = new Set<string>();
  await eachProgress(world, async (value, change) => {
    all.push({ customer: value.customer, formerly: value.formerly ?? [] });
    if (value.customer === customer && sinks.every(({ name }) => name !== value.sink)) unreached.add(value.sink);
    // By force: a runner that was at it finds out before its window counts.
    if (value.customer === customer)
      await change(({ since: _since, until: _until, last: _last, ...rest }) => ({ ...rest, stored: [], gaps: [] }));
  });
  const before = new Set(all.flatMap((one) => (one.customer === customer ? one.formerly : [])));
  const isOthers = (key: CustomerKey): boolean =>
    all.some((one) => one.customer !== customer && (one.customer === key || one.formerly.includes(key)));
  const own = [...before].filter((key) => !isOthers(key));
  const keys = [customer, ...own];
  const at = new Date(clock.now()).toISOString();
  const receipts: EraseReceipt[] = [];
  for (const sink of sinks) {
    const { remains, ...receipt } = await eraseKeys(sink, keys);
    receipts.push({
      ...receipt,
      remains: [
        ...remains,
        ...(own.length < before.size ? [ELSEWHERE] : []),
        ...[...unreached].map((name) => `What is stored in ${name} was not reached: no such centre is named here now.`),
      ],
      customer,
      at,
    });
  }
  // Last: whoever erases again after a failure has to find them.
  await eachProgress(world, async ({ formerly = [] }, change) => {
    if (formerly.some((key) => keys.includes(key)))
      await change((rest) => ({ ...rest, formerly: formerly.filter((key) => !keys.includes(key)) }));
  });
  return receipts;
}

/** What is removed under several keys, told as one. */
async function eraseKeys(sink: SinkPort, keys: readonly CustomerKey[]): ReturnType<SinkPort['erase']> {
  const tables = new Map<string, { windows: number; rows: number }>();
  const remains = new Set<string>();
  for (const key of keys) {
    const gone = await sink.erase(key);
    for (const { rollup, windows, rows } of gone.tables) {
      const { windows: w, rows: r } = tables.get(rollup) ?? { windows: 0, rows: 0 };
      tables.set(rollup, { windows: w + windows, rows: r + rows });
    }
    for (const what of gone.remains) remains.add(what);
  }
  return { sink: sink.name, tables: [...tables].map(([rollup, of]) => ({ rollup, ...of })), remains: [...remains] };
}

/** Every document of progress, and what changes it whoever is at it. */
async function eachProgress(
  { state, clock, owner }: RollupWorld,
  look: (
    value: RollupProgress,
    change: (make: (now: RollupProgress) => RollupProgress) => Promise<void>,
  ) => Promise<void>,
): Promise<void> {
  for (const version of await state.list(DOCUMENTS.versions)) {
    const id = version.slice(DOCUMENTS.versions.length + 1);
    for (const name of await state.list(DOCUMENTS.progresses(id))) {
      const { value } = await state.load<RollupProgress>(name);
      if (!value) continue;
      await look(value, async (make) => {
        const held = await Leased.take({ state, owner, clock }, name, value, true);
        if (!held) return;
        await held.change(make(held.value));
        await held.release();
      });
    }
  }
}

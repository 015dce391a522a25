import { counted } from '../../base/counted.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { storedLines } from '../../core/onboard/leaving/storedLines.ts';
import type { StoredLine } from '../../core/onboard/leaving/writeDown.ts';
import { customersOf } from '../../core/customers/customersTexts.ts';
import type { RollupProgress } from '../../core/rollup/progress.ts';
import type { RollupService } from '../../core/rollup/rollupService.ts';
import type { Customer } from '../../model/estate.ts';
import { toCustomerKey } from '../../model/ids.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { EraseReceipt } from '../../model/rollup.ts';
import type { Values } from '../command.ts';
import { openRollups } from '../compose.ts';
import { readConnection } from '../connection.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';

/** `rollup off` and `rollup on`: the kill switch of a customer. Nobody is asked, and nobody has to sign in. */
export async function switchCustomer(
  action: 'off' | 'on',
  name: string,
  values: Values,
  terminal: Terminal,
): Promise<number> {
  const { rollups, close } = await openRollups(values, terminal, []);
  try {
    const customer = await findCustomer(rollups, name, action === 'off' ? await namedCustomers(values) : []);
    if (action === 'off') await rollups.switchOff(customer);
    else await rollups.switchOn(customer);
    terminal.say(safeText(`${name} is switched ${action}.${action === 'off' ? ' What is stored of it stays.' : ''}`));
    return EXIT.complete;
  } finally {
    await close();
  }
}

/** `rollup erase`: switches a customer off, removes what is stored of it, and prints the receipt. */
export async function eraseOf(name: string, values: Values, terminal: Terminal): Promise<number> {
  const { rollups, close } = await openRollups(values, terminal);
  try {
    const customer = await findCustomer(rollups, name);
    if (values['yes'] !== true) {
      if (!terminal.interactive)
        throw new AppError('input.usage', 'erase removes rows for good: give --yes where nobody can be asked.');
      const answer = await terminal.ask(`Type ${safeText(name)} to erase all that is stored of it: `);
      if (answer.trim() !== name) {
        terminal.say('Nothing was erased.');
        return EXIT.cancelled;
      }
    }
    const receipts = await rollups.erase(customer);
    if (values['json'] === true) await terminal.write(`${toJson(receipts)}\n`);
    else for (const line of eraseLines(name, receipts)) await terminal.write(`${line}\n`);
    return EXIT.complete;
  } finally {
    await close();
  }
}

/** What an erasure came to, line by line. */
export function eraseLines(name: string, receipts: readonly EraseReceipt[]): readonly string[] {
  return receipts.flatMap(({ sink, at, tables, remains }) => [
    `${sink}: ${safeText(name)} was erased at ${at}`,
    ...tables.map(
      ({ rollup, windows, rows }) => `  ${safeText(rollup)}: ${counted(windows, 'window')}, ${counted(rows, 'row')}`,
    ),
    ...remains.map((rest) => `  ${safeText(rest)}`),
  ]);
}

/** What an erasure came to, and keys of others of that name that roll-ups know: a person says whether they are it. */
export interface ErasedStored {
  readonly receipts: readonly EraseReceipt[];
  readonly namesakes: readonly CustomerKey[];
}

/**
 * Erases what every centre has of a customer, by its key alone: two customers may be called the same. Whoever calls it
 * has asked. No receipt where no roll-up ever stored anything of it. Nobody signs in to the customer for it.
 */
export async function eraseStored(
  customer: Pick<Customer, 'key' | 'name'>,
  values: Values,
  terminal: Terminal,
): Promise<ErasedStored> {
  const { rollups, close } = await openRollups(values, terminal);
  try {
    const { isKnown, namesakes } = knownAs(customer, await rollups.status());
    return { receipts: isKnown ? await rollups.erase(customer.key) : [], namesakes };
  } finally {
    await close();
  }
}

/**
 * Whether roll-ups have anything under a customer's key, now or in a workspace that has become another's since, and who
 * else is called as it is.
 */
export function knownAs(
  { key, name }: Pick<Customer, 'key' | 'name'>,
  all: readonly Known[],
): { readonly isKnown: boolean; readonly namesakes: readonly CustomerKey[] } {
  const alike = all.filter((one) => one.customer !== key && one.customerName.toLowerCase() === name.toLowerCase());
  return {
    isKnown: all.some(({ customer, formerly = [] }) => customer === key || formerly.includes(key)),
    namesakes: [...new Set(alike.map(({ customer }) => customer))],
  };
}

/** How far each roll-up is at a customer, at every centre that is named here; none where no centre is. */
export async function storedOf(key: CustomerKey, values: Values, terminal: Terminal): Promise<readonly StoredLine[]> {
  let opened: Awaited<ReturnType<typeof openRollups>>;
  try {
    opened = await openRollups(values, terminal);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family !== 'input') throw error;
    return [];
  }
  try {
    return storedLines(await opened.rollups.status(), key);
  } finally {
    await opened.close();
  }
}

/** Who is named in the customers file: somebody may be switched off before anything of theirs was ever read. */
async function namedCustomers(values: Values): Promise<readonly Known[]> {
  const { customers } = await readConnection(values, process.env);
  const { customers: named } = await customersOf(customers ? [customers] : []).load();
  return named.map(({ key, name }) => ({ customer: toCustomerKey(key), customerName: name }));
}

type Known = Pick<RollupProgress, 'customer' | 'customerName' | 'formerly'>;

/**
 * A customer by its key, name, or a key that it had: one that roll-ups know, else one of the `others`. Rejects with
 * `input.scope`, naming those there are.
 */
async function findCustomer(rollups: RollupService, name: string, others: readonly Known[] = []): Promise<CustomerKey> {
  const all = await rollups.status();
  const wanted = name.toLowerCase();
  const keysOf = (known: readonly Known[]): Set<CustomerKey> =>
    new Set(
      known.flatMap(({ customer, customerName, formerly = [] }) => [
        ...(customer.toLowerCase() === wanted || customerName.toLowerCase() === wanted ? [customer] : []),
        ...formerly.filter((key) => key.toLowerCase() === wanted),
      ]),
    );
  const known = keysOf(all);
  const keys = known.size > 0 ? known : keysOf(others);
  if (keys.size === 1) return [...keys][0]!;
  if (keys.size > 1 && keys.has(toCustomerKey(name))) return toCustomerKey(name);
  const there = [...all, ...others].map(({ customerName, customer }) => `${customerName} (${customer})`);
  const listed = [...new Set(there)].slice(0, 20).join(', ');
  throw new AppError(
    'input.scope',
    keys.size > 1
      ? `Several customers are called "${name}": ${listed}. Give its key.`
      : `No roll-up knows a customer "${name.slice(0, 80)}"${listed === '' ? '' : `, only ${listed}`}.`,
  );
}

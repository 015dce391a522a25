import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import type { RollupService } from '../../core/rollup/rollupService.ts';
import { toCustomerKey } from '../../model/ids.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Values } from '../command.ts';
import { openRollups } from '../compose.ts';
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
    const customer = await findCustomer(rollups, name);
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
    else
      for (const { sink, at, tables, remains } of receipts) {
        await terminal.write(`${sink}: ${safeText(name)} was erased at ${at}\n`);
        for (const { rollup, windows, rows } of tables)
          await terminal.write(`  ${safeText(rollup)}: ${counted(windows, 'window')}, ${counted(rows, 'row')}\n`);
        for (const rest of remains) await terminal.write(`  ${safeText(rest)}\n`);
      }
    return EXIT.complete;
  } finally {
    await close();
  }
}

/** A customer of the lake by its key or name; rejects with `input.scope`, naming those there are. */
async function findCustomer(rollups: RollupService, name: string): Promise<CustomerKey> {
  const all = await rollups.status();
  const wanted = name.toLowerCase();
  const keys = new Set(
    all
      .filter(
        ({ customer, customerName }) => customer.toLowerCase() === wanted || customerName.toLowerCase() === wanted,
      )
      .map(({ customer }) => customer),
  );
  if (keys.size === 1) return [...keys][0]!;
  if (keys.size > 1 && keys.has(toCustomerKey(name))) return toCustomerKey(name);
  const known = [...new Set(all.map(({ customerName, customer }) => `${customerName} (${customer})`))].slice(0, 20);
  throw new AppError(
    'input.scope',
    keys.size > 1
      ? `Several customers are called "${name}": ${known.join(', ')}. Give its key.`
      : `No roll-up knows a customer "${name.slice(0, 80)}"${known.length > 0 ? `, only ${known.join(', ')}` : ''}.`,
  );
}

import { AppError } from '../../../base/errors.ts';
import type { Account } from '../../../model/estate.ts';
import type { AccountSource } from '../../../ports/accounts.ts';
import { probe } from '../check.ts';
import type { ProbeCall, Probed } from '../check.ts';

/** Who is signed in. */
export function probeAccounts(
  accounts: AccountSource,
  { clock, signal }: ProbeCall,
): Promise<Probed<readonly Account[]>> {
  return probe({ probe: 'accounts', names: {} }, clock, async () => {
    const people = await accounts.accounts(signal);
    if (people.length === 0) throw new AppError('auth.signInRequired', 'Nobody is signed in. Sign in first.');
    return { value: people, detail: `${people.length} account${people.length === 1 ? '' : 's'}` };
  });
}

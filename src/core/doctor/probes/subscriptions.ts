import type { CheckNames } from '../../../model/diagnosis.ts';
import type { DirectoryPort } from '../../../ports/directory.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { probe } from '../check.ts';
import type { ProbeCall, Probed } from '../check.ts';

/** Whether Resource Manager lists this account's subscriptions in a tenant: how many there are. */
export function probeSubscriptions(
  issuer: Issuer,
  names: CheckNames,
  directory: Pick<DirectoryPort, 'subscriptions'>,
  { clock, signal }: ProbeCall,
): Promise<Probed<number>> {
  return probe({ probe: 'resourceManager', service: 'resourceManager', names }, clock, async () => {
    const { length } = await directory.subscriptions(issuer, signal);
    if (length > 0) return { value: length, detail: `${length} subscription${length === 1 ? '' : 's'}` };
    return {
      value: 0,
      state: 'warns',
      detail: 'no subscription is visible',
      next: 'Ask for Reader where the logs are, or have the subscriptions delegated.',
    };
  });
}

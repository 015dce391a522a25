import { counted } from '../../base/counted.ts';
import type { CspCustomer } from '../../model/cspCustomer.ts';

/** How long before its end a relationship is renewed without haste: both sides have to agree. */
export const RENEWED_IN_DAYS = 30;

/** How it stands with the admin relationship, in a few words: `active until 2028-11-28`, `approval pending`, `none`. */
export function relationshipWords({ relationship }: Pick<CspCustomer, 'relationship'>): string {
  if (!relationship) return 'none';
  const { status, ends = '', endsInDays } = relationship;
  const soon = endsInDays !== undefined && endsInDays >= 0 && endsInDays <= RENEWED_IN_DAYS;
  const until = status === 'active' && ends !== '' ? ` until ${ends.slice(0, 10)}` : '';
  return `${words(status)}${until}${soon ? ` (${counted(endsInDays, 'day')} left)` : ''}`;
}

/** A status in words: `approvalPending` is `approval pending`. */
export function words(status: string): string {
  return status.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

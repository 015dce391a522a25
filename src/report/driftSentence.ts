import type { DriftReport } from '../model/drift.ts';
import { count } from './words.ts';

/** The whole check in a sentence. */
export function driftSentence({ customers, drift, unknown, cancelled }: DriftReport): string {
  const settings = customers.reduce((sum, one) => sum + one.settings, 0);
  const kept = customers.reduce((sum, one) => sum + one.kept, 0);
  return [
    cancelled ? 'Cancelled: what was not read by then is unknown. ' : '',
    `${kept} of ${count(settings, 'setting')} of ${count(customers.length, 'customer')} as agreed`,
    drift.length > 0 ? `, ${drift.length} ${drift.length === 1 ? 'differs' : 'differ'}` : '',
    unknown.length > 0 ? `, ${unknown.length} could not be read` : '',
    '.',
  ].join('');
}

import { readInstant } from '../clock.ts';
import type { TriggerDefinition } from './workflow.ts';

const UNITS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/**
 * The latest time after `from` and up to `to` that a recurrence falls on, in epoch milliseconds; undefined for none.
 * Earlier ones that were missed are not made up for: that is the sliding window's, another trigger.
 */
export function latestOccurrence(
  { recurrence }: TriggerDefinition,
  created: number,
  from: number,
  to: number,
): number | undefined {
  const unit = UNITS[recurrence?.frequency.toLowerCase() ?? ''];
  if (!recurrence || unit === undefined || !(recurrence.interval >= 1)) return undefined;
  const begin = recurrence.startTime === undefined ? created : (readInstant(recurrence.startTime) ?? created);
  const width = unit * recurrence.interval;
  const latest = begin + Math.floor((to - begin) / width) * width;
  return latest > from && latest >= begin ? latest : undefined;
}

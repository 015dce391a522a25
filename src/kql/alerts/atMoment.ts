import { analyzeQuery } from '../analyze.ts';
import { atOneMoment } from '../oneMoment.ts';
import { edited } from '../textEdits.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';

/**
 * The query with an instant (milliseconds) for every `now()` and `ago()`, whenever it is sent: a window that is looked
 * at late means what it meant when it was over. Never throws; what cannot be read stays as it is.
 */
export function atMoment(query: string, moment: number): string {
  return edited(query, atOneMoment(query, analyzeQuery(query).instants, ticksOfMs(moment)));
}

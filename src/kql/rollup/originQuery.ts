import { kqlName } from '../../model/kqlNames.ts';
import type { TimeWindow } from '../../model/rollup.ts';
import { formatDatetime } from '../../model/values/datetime.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import { acrossSchema } from '../across/acrossSchema.ts';
import { bindAcross, hasAttribution } from '../across/planAcross.ts';
import { below } from '../across/telling.ts';
import { printQuery } from '../print/printQuery.ts';
import type { SourceSchema } from '../scopeSchema.ts';

/**
 * KQL that brings the rows which a window of a roll-up was made of, as their workspace has them: of a portion what it
 * stores, of a summary the rows it groups, whole. `pinned` are the tables that the roll-up was planned over. Throws
 * `query.*` where the query does not bind over them.
 */
export function originQuery(query: string, pinned: SourceSchema, { from, to }: TimeWindow): string {
  const schema = acrossSchema([pinned]);
  const { rel } = bindAcross(query, hasAttribution(query) ? schema.attributed : schema.plain).results[0]!;
  const groups = [...below(rel)].find(({ kind }) => kind === 'aggregate');
  const [begin, end] = [from, to].map((ms) => `datetime(${formatDatetime(ticksOfMs(ms))})`);
  return printQuery(groups?.kind === 'aggregate' ? groups.input : rel, {
    // `now()` is the end of the window, as it was when the window was read.
    now: ticksOfMs(to),
    table: ({ table }) => `${kqlName(table.name)}\n| where ingestion_time() >= ${begin} and ingestion_time() < ${end}`,
  });
}

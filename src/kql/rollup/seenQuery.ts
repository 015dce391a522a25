import { kqlName } from '../../model/kqlNames.ts';
import type { Column } from '../../model/kqlType.ts';
import type { TimeWindow } from '../../model/rollup.ts';
import { formatDatetime } from '../../model/values/datetime.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import { columnsRead } from './planRollup.ts';
import type { RollupPlan } from './planRollup.ts';

/** Below it hashes stay small enough that their sum over any number of rows is exact. */
const HASHES = 1_000_003;

/**
 * What a workspace with these tables shows of the windows of a range, in one small answer: for each that has rows its
 * begin (`_Window`), how many rows its tables have of it, and the sum of hashes of the columns that the roll-up reads.
 * Undefined where it has none of the tables.
 */
export function seenQuery(
  plan: Pick<RollupPlan, 'part'>,
  target: SourceSchema,
  range: TimeWindow,
  windowMinutes: number,
): string | undefined {
  const [begin, end] = [range.from, range.to].map((ms) => `datetime(${formatDatetime(ticksOfMs(ms))})`);
  const legs = [...columnsRead(plan)].flatMap(([name, columns]) => {
    const own = target.tables.find((table) => table.name === name);
    if (!own) return [];
    const there = columns.filter((column) => own.columns.some((has) => has.name === column.name));
    return [
      [
        kqlName(name),
        `| where ingestion_time() >= ${begin!} and ingestion_time() < ${end!}`,
        `| summarize _Rows = count(), _Sum = ${sumOf(there)} by _Window = bin(ingestion_time(), ${windowMinutes}m)`,
      ].join('\n'),
    ];
  });
  if (legs.length === 0) return undefined;
  return `union ${legs.map((leg) => `(${leg})`).join(', ')}\n| summarize _Rows = sum(_Rows), _Sum = sum(_Sum) by _Window`;
}

function sumOf(columns: readonly Column[]): string {
  if (columns.length === 0) return 'sum(0)';
  return `sum(hash(tostring(pack_array(${columns.map(({ name }) => kqlName(name)).join(', ')})), ${HASHES}))`;
}

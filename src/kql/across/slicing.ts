import { kqlName } from '../../model/kqlNames.ts';
import type { Column } from '../../model/kqlType.ts';
import { formatDatetime } from '../../model/values/datetime.ts';
import type { Expr, Rel } from '../plan.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import type { RemotePart } from './acrossPlan.ts';

/**
 * Rows of one stretch of time: `from` (ticks, included) to `to` (ticks, not included). An end that is missing is open;
 * rows without a time are in the slice without a beginning, so that slices that meet have every row once.
 */
export interface TimeSlice {
  readonly from?: bigint;
  readonly to?: bigint;
}

/** The column that rows are told apart by; every table of Azure Monitor has it. */
export const TIME = 'TimeGenerated';

/**
 * Whether what the part brings of slices of its tables' rows, one under the other, is what it brings of all of them:
 * it looks at one row at a time, and each of its tables that this target has says when a row was.
 */
export function isSliceable({ rel, tables }: RemotePart, target: SourceSchema): boolean {
  const own = target.tables.filter(({ name }) => tables.includes(name));
  return own.length > 0 && own.every(({ columns }) => hasTime(columns)) && isRowLocal(rel);
}

/** Whether a table has a time of each row. */
export function hasTime(columns: readonly Column[]): boolean {
  return columns.some(({ name, type }) => name === TIME && type === 'datetime');
}

/**
 * What the splitter pushes looks at one row at a time for as long as it is one of these; sums, orders and limits are
 * others.
 */
function isRowLocal(rel: Rel): boolean {
  switch (rel.kind) {
    case 'table':
      return true;
    case 'filter':
    case 'project':
    case 'mvExpand':
    case 'parse':
    case 'parseKv':
    case 'spread':
    case 'bagUnpack':
    case 'materialize':
      return isRowLocal(rel.input);
    case 'union':
      return rel.inputs.every((input) => isRowLocal(input.rel));
    case 'join':
      // Only joins with what is the same for every row are sent.
      return isRowLocal(rel.left);
    default:
      return false;
  }
}

/** The condition on a table's own rows that a slice is. */
export function sliceCondition({ from, to }: TimeSlice): string {
  const time = kqlName(TIME);
  const at = (ticks: bigint): string => `datetime(${formatDatetime(ticks)})`;
  const before = to === undefined ? undefined : `${time} < ${at(to)}`;
  if (from !== undefined) return [`${time} >= ${at(from)}`, ...(before ? [before] : [])].join(' and ');
  return before ? `isnull(${time}) or ${before}` : 'true';
}

/**
 * The times of the rows a part reads: its tables, behind the conditions that stand right above them. A union of one
 * column.
 */
export function timesOf(rel: Rel): Rel {
  const found: Rel[] = [];
  visit(rel, [], found);
  const [first] = found;
  if (found.length === 1) return first!;
  return {
    kind: 'union',
    inputs: found.map((leg, i) => ({ rel: leg, name: `union_arg${i}`, target: [0] })),
    columns: [TIME_COLUMN],
    place: rel.place,
  };
}
const TIME_COLUMN: Column = { name: TIME, type: 'datetime' };

function visit(rel: Rel, above: readonly Expr[], found: Rel[]): void {
  switch (rel.kind) {
    case 'table': {
      const { place } = rel;
      const columns = hasTime(rel.columns) ? rel.columns : [...rel.columns, TIME_COLUMN];
      const rows = above.reduceRight<Rel>(
        (input, condition) => ({ kind: 'filter', input, condition, columns, place }),
        { ...rel, columns },
      );
      const items = [{ column: TIME_COLUMN, expr: { kind: 'column', ...TIME_COLUMN } as const }];
      found.push({ kind: 'project', input: rows, items, columns: [TIME_COLUMN], place });
      return;
    }
    case 'filter':
      return visit(rel.input, [...above, rel.condition], found);
    case 'materialize':
      return visit(rel.input, above, found);
    case 'union':
      for (const { rel: leg } of rel.inputs) visit(leg, [], found);
      return;
    case 'join':
      return visit(rel.left, [], found);
    default:
      if ('input' in rel) visit(rel.input, [], found);
  }
}

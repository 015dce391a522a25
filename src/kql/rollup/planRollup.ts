import { AppError } from '../../base/errors.ts';
import type { Column } from '../../model/kqlType.ts';
import { kqlName } from '../../model/kqlNames.ts';
import { RESERVED_COLUMNS } from '../../model/rollup.ts';
import type { RollupKind, WindowPart } from '../../model/rollup.ts';
import { formatDatetime } from '../../model/values/datetime.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import type { RemotePart } from '../across/acrossPlan.ts';
import { acrossSchema } from '../across/acrossSchema.ts';
import { bindAcross, hasAttribution, planAcross } from '../across/planAcross.ts';
import { below } from '../across/telling.ts';
import type { Rel } from '../plan.ts';
import { printQuery } from '../print/printQuery.ts';
import type { SourceFunction, SourceSchema } from '../scopeSchema.ts';
import { pinSchema } from './pinSchema.ts';
import { windowable } from './windowable.ts';

/** A query as a roll-up: what each window is asked, what it brings, and what is made of it in the centre. */
export interface RollupPlan {
  readonly kind: RollupKind;
  readonly part: RemotePart;
  /** The tables and functions it was made over: a plan over these alone is the same. */
  readonly pinned: SourceSchema;
  /** KQL over the stored rows as the table `part1`; absent where the rows are the answer. */
  readonly view?: string;
  /** Columns of the answer, attribution first where it has some. */
  readonly viewColumns: readonly Column[];
  readonly binMinutes?: number;
}

/** What a plan is made for. `isConfidential`: whether a text must not leave, see `AcrossOptions`. */
export interface RollupPlanOptions {
  readonly isConfidential?: (text: string) => boolean;
}

/**
 * Plans a query window by window over workspaces of these schemas, as an across answer is planned target by target:
 * windows part the rows of a workspace as workspaces part those of an estate. Throws `query.syntax`, `query.semantic`
 * and `query.unsupported`, with what cannot be windowed, where it stands, and why.
 */
export function planRollup(
  query: string,
  schemas: readonly SourceSchema[],
  options: RollupPlanOptions = {},
): RollupPlan {
  const pinned = pinSchema(schemas);
  const schema = acrossSchema([pinned]);
  const bound = bindAcross(query, hasAttribution(query) ? schema.attributed : schema.plain);
  const { kind, binMinutes } = windowable(bound.results[0]!.rel);
  const { parts, local, columns } = planAcross(query, schema, { ...options, now: 0n, standing: true });
  const [part, ...more] = parts;
  if (!part || more.length > 0) throw unplanned('it reads its tables more than once');
  if (kind === 'summary' && ![...below(part.rel)].some((rel) => rel.kind === 'aggregate'))
    throw unplanned('one of its aggregates cannot be put together of parts (count, sum, min, max, avg and dcount can)');
  if (part.hidden) throw unplanned('it looks at ingestion_time() itself, by which its windows are parted');
  if ([...below(part.rel)].some((rel) => rel.kind === 'table' && rel.table.written !== undefined))
    throw unplanned('what externaldata reads may be another thing each time');
  checkNames(part.columns.map(({ name }) => name));
  const read = new Set(part.tables);
  return {
    kind,
    part,
    pinned: {
      tables: pinned.tables.filter(({ name }) => read.has(name)),
      functions: functionsNamed(query, pinned.functions ?? []),
    },
    ...(local === undefined ? {} : { view: local }),
    viewColumns: columns,
    ...(binMinutes === undefined ? {} : { binMinutes }),
  };
}

/** Stored functions whose names stand in the query, or in one of those that do: a workspace has hundreds. */
function functionsNamed(query: string, all: readonly SourceFunction[]): SourceFunction[] {
  const found = new Set<SourceFunction>();
  for (let texts = [query]; texts.length > 0;) {
    const named = all.filter((each) => !found.has(each) && texts.some((text) => text.includes(each.name)));
    for (const each of named) found.add(each);
    texts = named.map(({ body }) => body);
  }
  return [...found];
}

function unplanned(reason: string): AppError {
  return new AppError('query.unsupported', `This query cannot be rolled up: ${reason}.`, {
    data: { construct: reason, start: 0, length: 0 },
  });
}

/**
 * Case tells columns of KQL apart, and neither those of Parquet, of Log Analytics nor of Power BI: one would be empty.
 */
function checkNames(names: readonly string[]): void {
  const taken = new Map([...RESERVED_COLUMNS].map((name) => [name.toLowerCase(), name]));
  for (const name of names) {
    const other = taken.get(name.toLowerCase());
    if (other !== undefined && RESERVED_COLUMNS.has(other))
      throw unplanned(`the column ${name} is one of the roll-up's own; give it another name`);
    if (other !== undefined)
      throw unplanned(`its columns ${other} and ${name} differ in case alone; give one of them another name`);
    taken.set(name.toLowerCase(), name);
  }
}

/** Columns of its tables that a plan reads, by table. */
export function columnsRead({ part }: Pick<RollupPlan, 'part'>): ReadonlyMap<string, readonly Column[]> {
  const read = new Map<string, Map<string, Column>>();
  for (const rel of below(part.rel)) {
    if (rel.kind !== 'table') continue;
    const columns = read.get(rel.table.name) ?? new Map<string, Column>();
    for (const column of rel.columns) columns.set(column.name, column);
    read.set(rel.table.name, columns);
  }
  return new Map([...read].map(([name, columns]) => [name, [...columns.values()]]));
}

/**
 * One window's question to a workspace with these tables. `asOf` is the end of the window it belongs to (epoch
 * milliseconds), which `now()` stands for, however the window is cut. A last row of its own, with nothing but
 * `_ReadAt`, says what time it was there. Undefined where the workspace has none of the tables; throws
 * `query.schemaChanged` where a column has another type.
 */
export function windowQuery(
  plan: Pick<RollupPlan, 'part'>,
  target: SourceSchema,
  { from, to, slice }: WindowPart,
  asOf: number,
): string | undefined {
  const [begin, end] = [from, to].map((ms) => `datetime(${formatDatetime(ticksOfMs(ms))})`) as [string, string];
  const text = partText(plan, target, { begin, end, now: ticksOfMs(asOf), ...(slice ? { slice } : {}) });
  return text === undefined ? undefined : guarded(text);
}

/**
 * The rows that a window brings of a workspace with these tables, as a text that stands for every window: its ends are
 * the names `_From` and `_To`, which a `let` before it gives their values; `now()` is the end. Undefined and throws as
 * `windowQuery` does.
 */
export function standingQuery(plan: Pick<RollupPlan, 'part'>, target: SourceSchema): string | undefined {
  return partText(plan, target, { begin: '_From', end: '_To', now: '_To' });
}

/** The ends of a window as KQL, and the instant that `now()` stands for. */
interface PartEnds {
  readonly begin: string;
  readonly end: string;
  readonly now: bigint | string;
  readonly slice?: NonNullable<WindowPart['slice']>;
}

function partText(
  { part }: Pick<RollupPlan, 'part'>,
  target: SourceSchema,
  { begin, end, now, slice }: PartEnds,
): string | undefined {
  const own = new Map(target.tables.map((table) => [table.name, table]));
  if (!part.tables.some((name) => own.has(name))) return undefined;
  const table = (rel: Extract<Rel, { kind: 'table' }>): string => {
    const found = own.get(rel.table.name);
    if (!found) return `datatable(${rel.columns.map(({ name, type }) => `${kqlName(name)}: ${type}`).join(', ')}) []`;
    const items = rel.columns.map((column) => columnText(rel.table.name, column, found.columns));
    return [
      kqlName(rel.table.name),
      `| where ingestion_time() >= ${begin} and ingestion_time() < ${end}`,
      `| project ${items.join(', ')}`,
      ...(slice ? [sliceText(rel.columns, slice)] : []),
    ].join('\n');
  };
  return printQuery(part.rel, { now, table });
}

/** A part of the rows by what they say: the same for the same row, whoever asks and whenever. */
function sliceText(columns: readonly Column[], { of, at }: NonNullable<WindowPart['slice']>): string {
  return `| where hash(tostring(pack_array(${columns.map(({ name }) => kqlName(name)).join(', ')})), ${of}) == ${at}`;
}

/** The query as a function of its own, whatever statements it has, and a row that says when it was asked. */
function guarded(text: string): string {
  return `let _Asked = () {\n${text}\n};\nunion (_Asked()), (print _ReadAt = now())`;
}

function columnText(table: string, { name, type }: Column, has: readonly Column[]): string {
  const own = has.find((column) => column.name === name);
  if (!own) return `${kqlName(name)} = ${type === 'string' ? '""' : `${type}(null)`}`;
  if (own.type === type) return kqlName(name);
  throw new AppError(
    'query.schemaChanged',
    `The column ${name} of ${table} is ${own.type} in this workspace, and the roll-up stores it as ${type}. Convert it in the query, or leave the workspace out.`,
    { data: { table, column: name, is: own.type, was: type } },
  );
}

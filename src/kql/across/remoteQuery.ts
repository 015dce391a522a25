import { kqlName } from '../../model/kqlNames.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import type { RowsOf } from '../../model/sharedWorkspace.ts';
import type { Rel } from '../plan.ts';
import { printQuery } from '../print/printQuery.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import type { RemotePart } from './acrossPlan.ts';
import type { AcrossSchema } from './acrossSchema.ts';
import { WORKSPACE_ID, carried, carriedOwner } from './carried.ts';
import { externalText } from './external.ts';
import { INGESTION_TIME } from './ingestion.ts';
import { ownerText, ownersOf, ownRowsText } from './ownRows.ts';
import { isSliceable, sliceCondition, timesOf } from './slicing.ts';
import type { TimeSlice } from './slicing.ts';
import { below } from './telling.ts';

type TableRel = Extract<Rel, { kind: 'table' }>;

/**
 * A part as the KQL a target with these tables is sent: a column that its table has not is null there, and a table that
 * it has not has no rows, as both would be in one workspace of everybody's rows. Undefined where it has none of the
 * tables. Targets of equal shapes get equal texts.
 */
export function remoteQuery(
  part: RemotePart,
  target: SourceSchema,
  schema: Pick<AcrossSchema, 'splits'>,
  now: bigint,
): string | undefined {
  const own = tablesOf(target);
  if (part.tables.length > 0 && !part.tables.some((name) => own.has(name))) return undefined;
  return written(part, part.rel, { own, only: target.only }, schema, now);
}

/** The text that several targets are asked a part with, together. */
export interface SharedQuery {
  readonly text: string;
  /** The column of its rows that holds the id of their workspace. */
  readonly key: string;
  /** The same for targets that may be asked together. */
  readonly likes: string;
  /**
   * Of customers of one workspace, in place of its id: what `key` has in rows of this one, and the text for the rows
   * of those of these numbers.
   */
  readonly owner?: { readonly number: number; text(among: readonly number[]): string };
}

/**
 * A part as the KQL that this target and others with the same tables are sent together. Those of equal
 * `likes` are read together as each is alone. Undefined where rows cannot say whose they are: a part that
 * cannot carry the id of a workspace, a table without one.
 */
export function sharedQuery(
  part: RemotePart,
  target: SourceSchema,
  schema: Pick<AcrossSchema, 'splits'>,
  now: bigint,
): SharedQuery | undefined {
  // When a row came in is known of tables, not of what the service makes of those of several workspaces.
  const hidden = [...(part.hidden?.values() ?? [])].flatMap((names) => [...names]);
  const ingested = new Set(hidden.flatMap(([alias, name]) => (name === INGESTION_TIME.name ? [alias] : [])));
  const asks = ({ columns }: Rel): boolean => columns.some(({ name }) => ingested.has(name));
  if ([...below(part.rel)].some((rel) => rel.kind === 'table' && asks(rel))) return undefined;
  const own = tablesOf(target);
  if (target.only) return ownersQuery(part, { own, only: target.only }, schema, now);
  const tables = part.tables.flatMap((name) => own.get(name) ?? []);
  const ids = tables.map(({ columns }) => columns.find(({ name }) => name === WORKSPACE_ID)?.type);
  const [type] = ids;
  if ((type !== 'string' && type !== 'guid') || ids.some((each) => each !== type)) return undefined;
  const taken = carried(part.rel, type);
  if (!taken) return undefined;
  // Where a column has two types a union of workspaces has two columns, whoever reads them.
  const kinds = tables.flatMap(({ name, columns }) => {
    const split = new Set([...(schema.splits.get(name)?.values() ?? [])].map(({ from }) => from));
    return columns.flatMap((column) => (split.has(column.name) ? [`${name}.${column.name}: ${column.type}`] : []));
  });
  const text = written(part, taken.rel, { own }, schema, now);
  return { text, key: taken.key.name, likes: [text, ...kinds.sort()].join('\n') };
}

/** The rows of several customers of one workspace, each with whose it is. */
function ownersQuery(
  part: RemotePart,
  { own, only }: Of & { readonly only: RowsOf },
  schema: Pick<AcrossSchema, 'splits'>,
  now: bigint,
): SharedQuery | undefined {
  const taken = carriedOwner(part.rel);
  if (!taken) return undefined;
  const { name } = taken.key;
  const of = (among?: readonly number[]): string =>
    written(part, taken.rel, { own, owner: { name, rules: only.rules, ...(among ? { among } : {}) } }, schema, now);
  const text = of();
  const number = ownersOf(only.rules).indexOf(only.customer) + 1;
  return { text, key: name, likes: text, owner: { number, text: of } };
}

/** A part in slices of time, for one target. */
export interface SlicedPart {
  /** What it is sent for the rows of one slice. */
  text(slice: TimeSlice): string;
  /**
   * What tells how its rows lie in time, in ticks: one row of `Rows`, `First`, `Last` and `Cuts`, the times before
   * which 1/32, 2/32 ... 31/32 of them lie, about. The rows are those of its tables, before what is made of them.
   */
  readonly times: string;
}

/** The part for slices of time of this target's tables; undefined where slices do not add up to it. */
export function slicedPart(
  part: RemotePart,
  target: SourceSchema,
  schema: Pick<AcrossSchema, 'splits'>,
  now: bigint,
): SlicedPart | undefined {
  if (!isSliceable(part, target)) return undefined;
  const own = tablesOf(target);
  return {
    text: (slice) => written(part, part.rel, { own, only: target.only, slice }, schema, now),
    times: `${written(part, timesOf(part.rel), { own, only: target.only }, schema, now)}\n| summarize ${HOW_ROWS_LIE}`,
  };
}
/** Of ticks as numbers: that is documented of percentiles, of times it is not. */
const HOW_ROWS_LIE = [
  'Rows = count()',
  'First = min(tolong(TimeGenerated))',
  'Last = max(tolong(TimeGenerated))',
  `Cuts = percentiles_array(tolong(TimeGenerated), ${Array.from({ length: 31 }, (_, i) => (i + 1) * 3.125).join(', ')})`,
].join(', ');

/** All rows that `rel` has of a target by itself: of a workspace that is shared, made of those of one customer. */
export function ownText(rel: Rel, target: SourceSchema, now: bigint): string {
  return written({}, rel, { own: tablesOf(target), only: target.only }, { splits: new Map() }, now);
}

type OwnTables = ReadonlyMap<string, SourceSchema['tables'][number]>;

/** Which rows of a target's tables it is asked for. */
interface Of {
  readonly own: OwnTables;
  readonly only?: RowsOf | undefined;
  readonly slice?: TimeSlice;
  /** A column of this name says whose each row is; only rows of these numbers, where some are left out. */
  readonly owner?: {
    readonly name: string;
    readonly rules: RowsOf['rules'];
    readonly among?: readonly number[];
  };
}

function tablesOf({ tables }: SourceSchema): OwnTables {
  return new Map(tables.map((table) => [table.name, table]));
}

function written(
  part: Pick<RemotePart, 'hidden'>,
  rel: Rel,
  of: Of,
  { splits }: Pick<AcrossSchema, 'splits'>,
  now: bigint,
): string {
  const table = (each: TableRel): string => {
    const file = externalText(each);
    if (file !== undefined) return file;
    const { name } = each.table;
    const found = of.own.get(name);
    return found
      ? tableText(each, found.columns, splits.get(name), part.hidden?.get(name), of)
      : emptyTable(each.columns);
  };
  return printQuery(rel, { now, table });
}

function tableText(
  rel: TableRel,
  has: readonly Column[],
  splits: ReadonlyMap<string, { readonly from: string; readonly type: string }> | undefined,
  hidden: ReadonlyMap<string, string> | undefined,
  of: Of,
): string {
  const types = new Map(has.map(({ name, type }) => [name, type]));
  const same =
    rel.columns.length === has.length &&
    rel.columns.every(({ name, type }, i) => has[i]!.name === name && has[i]!.type === type);
  const table = [kqlName(rel.table.name), ...rowsText(of, has)].join('\n| ');
  if (same) return table;
  const items = rel.columns.map(({ name, type }) => {
    const own = hidden?.get(name) ?? name;
    if (name === of.owner?.name) return kqlName(name);
    if (own === INGESTION_TIME.name) return `${kqlName(name)} = ingestion_time()`;
    if (types.get(own) === type) return own === name ? kqlName(name) : `${kqlName(name)} = ${kqlName(own)}`;
    const split = splits?.get(own);
    const value = split && types.get(split.from) === type ? kqlName(split.from) : absent(type);
    return `${kqlName(name)} = ${value}`;
  });
  return `${table}\n| project ${items.join(', ')}`;
}

/** The operators behind a table that leave the rows that are asked for. */
function rowsText({ only, owner, slice }: Of, has: readonly Column[]): string[] {
  const whose = owner && ownerText(owner.rules, has);
  return [
    ...(only ? ownRowsText(only, has) : []),
    ...(whose ? [...whose.before, `extend ${kqlName(owner.name)} = tolong(${whose.owner})`] : []),
    ...(owner?.among ? [`where ${kqlName(owner.name)} in (${owner.among.join(', ')})`] : []),
    ...(slice ? [`where ${sliceCondition(slice)}`] : []),
  ];
}

function emptyTable(columns: readonly Column[]): string {
  return `datatable(${columns.map(({ name, type }) => `${kqlName(name)}: ${type}`).join(', ')}) []`;
}

/** What a row has in a column that its table has not. */
function absent(type: KqlType): string {
  return type === 'string' ? '""' : `${type}(null)`;
}

import { kqlName } from '../../model/kqlNames.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import type { Rel } from '../plan.ts';
import { printQuery } from '../print/printQuery.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import type { RemotePart } from './acrossPlan.ts';
import type { AcrossSchema } from './acrossSchema.ts';

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
  const own = new Map(target.tables.map((table) => [table.name, table]));
  if (part.tables.length > 0 && !part.tables.some((name) => own.has(name))) return undefined;
  const table = (rel: TableRel): string => {
    const { name } = rel.table;
    const found = own.get(name);
    return found
      ? tableText(rel, found.columns, schema.splits.get(name), part.hidden?.get(name))
      : emptyTable(rel.columns);
  };
  return printQuery(part.rel, { now, table });
}

function tableText(
  rel: TableRel,
  has: readonly Column[],
  splits: ReadonlyMap<string, { readonly from: string; readonly type: string }> | undefined,
  hidden: ReadonlyMap<string, string> | undefined,
): string {
  const types = new Map(has.map(({ name, type }) => [name, type]));
  const same =
    rel.columns.length === has.length &&
    rel.columns.every(({ name, type }, i) => has[i]!.name === name && has[i]!.type === type);
  const table = kqlName(rel.table.name);
  if (same) return table;
  const items = rel.columns.map(({ name, type }) => {
    const own = hidden?.get(name) ?? name;
    if (types.get(own) === type) return own === name ? kqlName(name) : `${kqlName(name)} = ${kqlName(own)}`;
    const split = splits?.get(own);
    const value = split && types.get(split.from) === type ? kqlName(split.from) : absent(type);
    return `${kqlName(name)} = ${value}`;
  });
  return `${table}\n| project ${items.join(', ')}`;
}

function emptyTable(columns: readonly Column[]): string {
  return `datatable(${columns.map(({ name, type }) => `${kqlName(name)}: ${type}`).join(', ')}) []`;
}

/** What a row has in a column that its table has not. */
function absent(type: KqlType): string {
  return type === 'string' ? '""' : `${type}(null)`;
}

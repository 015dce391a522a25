import type { Column, KqlType } from '../../model/kqlType.ts';
import { missingValue, PHYSICAL_TYPES } from '../database/types.ts';

/** A KQL column and the quoted SQL identifier it has in a relation. */
export interface SqlColumn extends Column {
  readonly id: string;
}
/** A hidden column rows are ordered by. */
export interface OrderKey {
  readonly id: string;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

/**
 * A translated tabular expression: `from` can stand after FROM. Hidden columns travel with the rows: the keys of their
 * order, and inside
 * mv-apply and partition the ids of the subtable each row belongs to.
 */
export interface Relation {
  readonly from: string;
  readonly columns: readonly SqlColumn[];
  readonly order: readonly OrderKey[];
  readonly partition: readonly string[];
}

export function quoteId(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
/** A text literal; a NUL character cannot stand in SQL text. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\0') ? `(${quoted.replaceAll('\0', "' || chr(0) || '")})` : quoted;
}

/** The hidden columns every operator that keeps rows must carry on. */
export function hiddenIds(relation: Relation): string[] {
  return [...new Set([...relation.order.map((k) => k.id), ...relation.partition])];
}
export function orderSql(order: readonly OrderKey[], alias = 't'): string {
  return order
    .map((k) => `${alias}.${k.id} ${k.desc ? 'DESC' : 'ASC'} NULLS ${k.nullsFirst ? 'FIRST' : 'LAST'}`)
    .join(', ');
}

/** Identifiers for columns: the KQL name, made unique where SQL would not tell two names apart (it ignores case). */
export function assignIds(columns: readonly Column[]): SqlColumn[] {
  const used = new Set<string>();
  return columns.map((column) => {
    let name = column.name || '#';
    for (let n = 2; used.has(name.toLowerCase()); n++) name = `${column.name}#${n}`;
    used.add(name.toLowerCase());
    return { name: column.name, type: column.type, id: quoteId(name) };
  });
}

/** The DuckDB type a KQL type is held in. */
export function sqlType(type: KqlType): string {
  return PHYSICAL_TYPES[type];
}
/** What a missing value of a type is: strings are never null. */
export function missing(type: KqlType): string {
  return missingValue(type);
}

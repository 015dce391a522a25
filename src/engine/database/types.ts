import type { KqlType } from '../../model/kqlType.ts';
import type { PhysicalType } from '../functions/contract.ts';

/**
 * How the engine holds each KQL type, in its own tables and in those of runs: times and spans as ticks of 100 ns,
 * decimal, guid and dynamic as their text. functions/contract.ts says what the texts look like.
 */
export const PHYSICAL_TYPES: Readonly<Record<KqlType, PhysicalType>> = {
  bool: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  decimal: 'VARCHAR',
  string: 'VARCHAR',
  datetime: 'BIGINT',
  timespan: 'BIGINT',
  guid: 'VARCHAR',
  dynamic: 'VARCHAR',
};

/**
 * What a cell without a value is in SQL: of a string the empty one, which is never null in KQL, of all other types
 * null. Whoever makes a table, pads a union or fills a column that a row has not asks here.
 */
export function missingValue(type: KqlType): string {
  return type === 'string' ? "''" : `NULL::${PHYSICAL_TYPES[type]}`;
}

/** A table's column of a KQL type as CREATE and ALTER TABLE take it; rows without a value get the missing one. */
export function columnDefinition(id: string, type: KqlType): string {
  return `${id} ${PHYSICAL_TYPES[type]}${type === 'string' ? " DEFAULT ''" : ''}`;
}

/** The KQL type of a column that our own SQL made, by the name DuckDB gives its type; what has none of ours is text. */
export function kqlTypeOfSql(type: string): KqlType {
  if (type === 'BOOLEAN') return 'bool';
  if (type === 'INTEGER') return 'int';
  if (/^(BIGINT|UBIGINT|HUGEINT)$/.test(type)) return 'long';
  return /^(DOUBLE|FLOAT)$/.test(type) ? 'real' : 'string';
}

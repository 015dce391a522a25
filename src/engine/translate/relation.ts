import { AppError } from '../../base/errors.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import { missingValue, PHYSICAL_TYPES } from '../database/types.ts';
import { SQL, atom, columnOf, joined, printSql, textSql } from '../sql/expression.ts';
import type { Identifier, Sql, SqlType } from '../sql/expression.ts';

/** A KQL column and the quoted SQL identifier it has in a relation. */
export interface SqlColumn extends Column {
  readonly id: Identifier;
}
/** A hidden column rows are ordered by. */
export interface OrderKey {
  readonly id: Identifier;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
  /** The number of the row, which alone says the order. */
  readonly serial?: boolean;
}

/**
 * A translated tabular expression: `from` can stand after FROM. Hidden columns travel with the rows: the keys of their
 * order, and inside mv-apply and partition the ids of the subtable each row belongs to.
 */
export interface Relation {
  readonly from: Sql;
  readonly columns: readonly SqlColumn[];
  readonly order: readonly OrderKey[];
  readonly partition: readonly Identifier[];
}

/** A name in quotes, whatever it holds. */
export function quoteId(name: string): Identifier {
  // It would end the statement there, and no SQL can write it in a name.
  if (name.includes('\0'))
    throw new AppError(
      'query.unsupported',
      `The local engine has no columns or tables with a NUL character in their name (${JSON.stringify(name.slice(0, 60))}). Rename it with project-rename, or leave it out.`,
      { data: { construct: 'a NUL character in a name' } },
    );
  return `"${name.replaceAll('"', '""')}"` as Identifier;
}
/** A text literal, for statements that are written as text. */
export function quoteText(text: string): string {
  return printSql(textSql(text));
}

/** The hidden columns every operator that keeps rows must carry on. */
export function hiddenIds(relation: Relation): Identifier[] {
  return [...new Set([...relation.order.map((k) => k.id), ...relation.partition])];
}
/** What follows ORDER BY, for rows called `alias`. */
export function orderSql(order: readonly OrderKey[], alias = 't'): Sql {
  return joined(
    order.map((k) => {
      const direction = k.desc ? SQL`DESC` : SQL`ASC`;
      return SQL`${columnOf(alias, k.id)} ${direction} NULLS ${k.nullsFirst ? SQL`FIRST` : SQL`LAST`}`;
    }),
    ', ',
  );
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
export function sqlType(type: KqlType): SqlType {
  return PHYSICAL_TYPES[type];
}
/** What a missing value of a type is: strings are never null. */
export function missingSql(type: KqlType): Sql {
  return type === 'string' ? atom`''` : atom`NULL::${sqlType(type)}`;
}
/** The same, for statements that are written as text. */
export function missing(type: KqlType): string {
  return missingValue(type);
}

import { AppError } from '../../base/errors.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import { missingValue, PHYSICAL_TYPES } from '../database/types.ts';
import type { EngineTable } from '../face.ts';
import { NOT_QUITE_JSON } from '../functions/parseJson.ts';
import { assignIds } from '../translate/relation.ts';
import { ROW_ORDER } from './runTable.ts';
import type { RunTable } from './runTable.ts';
import { ATTRIBUTION } from './storedColumns.ts';
import type { StoredColumn } from './storedColumns.ts';

/**
 * The rows of a run as a table for KQL, under this name, with the columns that the run shows, attribution first, and in
 * the order it shows them: the stored rows themselves, read through a subquery, so nothing is copied and rows that come
 * later are in it as well. New columns are not: ask again. Only an engine on the store's own database can read it.
 */
export function runAsTable(table: RunTable, name: string): EngineTable {
  const columns = table.columns();
  const list = assignIds(columns).map(({ id, type }, i) =>
    table.created ? `${asPhysical(type, columns[i]!.physical)} AS ${id}` : `${missingValue(type)} AS ${id}`,
  );
  return {
    name,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
    source: `(SELECT ${list.join(', ')} ${table.created ? `FROM ${table.relation} ORDER BY ${ROW_ORDER}` : 'WHERE FALSE'})`,
    ...(table.rowCount() === 0 ? { empty: true } : {}),
  };
}

/**
 * Rows of these targets alone, with exactly these columns after the attribution: what targets were asked for, whether
 * or not one of them had it. Rejects with `engine.otherType` what another type came for.
 */
export function collectedAsTable(
  table: RunTable,
  name: string,
  columns: readonly Column[],
  targets: readonly string[],
): EngineTable {
  const ids = targets.flatMap((key) => table.targets.get(key)?.id ?? []);
  const rows = targets.reduce((sum, key) => sum + (table.targets.get(key)?.rows ?? 0), 0);
  const answered = new Set(targets.flatMap((key) => table.targets.get(key)?.columns ?? []));
  const stored = [...table.stored].flatMap(([key, column]) => (answered.has(key) ? [column] : []));
  const all: readonly (Column & { readonly sql: string })[] = [
    ...ATTRIBUTION.map(({ name: own, type, physical }) => ({ name: own, type, sql: physical })),
    ...columns.map((column) => ({ ...column, sql: collectedColumn(stored, column) })),
  ];
  const list = assignIds(all).map(({ id, type }, i) => `${rows > 0 ? all[i]!.sql : missingValue(type)} AS ${id}`);
  return {
    name,
    columns: all.map((column) => ({ name: column.name, type: column.type })),
    source: `(SELECT ${list.join(', ')} ${rows > 0 ? `FROM ${table.relation} WHERE a.id IN (${ids.join(', ')})` : 'WHERE FALSE'})`,
    ...(rows === 0 ? { empty: true } : {}),
  };
}

const NUMBERS: readonly KqlType[] = ['int', 'long', 'real'];

/** One target may have said int where others said long: the number is the same. */
function collectedColumn(stored: readonly StoredColumn[], { name, type }: Column): string {
  const called = stored.filter((column) => column.name === name);
  const same = called.filter((column) => column.type === type);
  const others = called.filter((column) => column.type !== type);
  const wrong = others.find((column) => !NUMBERS.includes(type) || !NUMBERS.includes(column.type));
  if (wrong)
    throw new AppError(
      'engine.otherType',
      `A workspace answered with ${name} as ${wrong.type}, where ${type} was asked.`,
    );
  const [first = missingValue(type), ...rest] = [
    ...same.map(({ physical }) => asPhysical(type, `r.${physical}`)),
    ...others.map(({ physical }) => `CAST(r.${physical} AS ${PHYSICAL_TYPES[type]})`),
  ];
  return rest.length === 0 ? first : `coalesce(${[first, ...rest].join(', ')})`;
}

/**
 * A stored value in the form the engine computes with (functions/contract.ts). Rows are stored as the service wrote
 * them; for most types the two are the same. A guid is in lower case there, a dynamic compact JSON.
 */
export function asPhysical(type: KqlType, stored: string): string {
  switch (type) {
    case 'guid':
      return `nullif(lower(${stored}), '')`;
    case 'decimal':
      return `nullif(${stored}, '')`;
    case 'dynamic':
      return `(CASE WHEN json_valid(${stored}) AND NOT regexp_matches(${stored}, '${NOT_QUITE_JSON}') THEN nullif(CAST(json(${stored}) AS VARCHAR), 'null') WHEN ${stored} <> '' THEN CAST(to_json(${stored}) AS VARCHAR) END)`;
    default:
      return stored;
  }
}

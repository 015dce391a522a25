import type { KqlType } from '../../model/kqlType.ts';
import type { PhysicalType } from '../functions/contract.ts';
import { PHYSICAL_TYPES } from './types.ts';

/**
 * Where a column's values come from: cell `index` of each row, a running number, one number for all, or nothing (null).
 */
export type ColumnSource =
  | { readonly from: 'cell'; readonly index: number; readonly type: KqlType }
  | { readonly from: 'sequence' }
  | { readonly from: 'constant'; readonly value: number }
  | { readonly from: 'nothing'; readonly type: KqlType };

/** The types of the columns these sources fill, in their order. */
export function storedTypes(sources: readonly ColumnSource[]): PhysicalType[] {
  return sources.map((source) =>
    source.from === 'sequence' ? 'BIGINT' : source.from === 'constant' ? 'INTEGER' : PHYSICAL_TYPES[source.type],
  );
}

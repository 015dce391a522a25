import type { Cell, KqlType } from '../../model/kqlType.ts';
import { formatDatetimeShort } from '../../model/values/datetime.ts';
import { formatTimespan } from '../../model/values/timespan.ts';
import type { PhysicalValue } from '../functions/contract.ts';

/** A stored value in the query API's encoding. A text that a workspace has not is "", as Kusto's union pads it. */
export function toCell(type: KqlType, value: PhysicalValue): Cell {
  if (value === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'datetime':
      return formatDatetimeShort(value as bigint);
    case 'timespan':
      return formatTimespan(value as bigint);
    case 'long':
      return Number.isSafeInteger(Number(value)) ? Number(value) : (value as bigint);
    case 'real':
      return Number.isFinite(value as number) ? value : String(value);
    default:
      return value;
  }
}

/** As `toCell`, for message channels and JSON: a long beyond 2^53 is text. */
export function toViewCell(type: KqlType, value: PhysicalValue): string | number | boolean | null {
  const cell = toCell(type, value);
  return typeof cell === 'bigint' ? cell.toString() : cell;
}

/** As text for statistics and files; "" for no value. */
export function toCellText(type: KqlType, value: PhysicalValue): string {
  const cell = toCell(type, value);
  return cell === null ? '' : String(cell);
}

import { KQL_TYPES } from '../../model/kqlType.ts';
import type { KqlType } from '../../model/kqlType.ts';

const KNOWN: ReadonlySet<string> = new Set(KQL_TYPES);
/**
 * Other spellings on the wire: Resource Manager's table schemas, the metadata endpoint, and .NET names of older
 * answers.
 */
const ALIASES: Readonly<Record<string, KqlType>> = {
  boolean: 'bool',
  sbyte: 'bool',
  int32: 'int',
  int64: 'long',
  double: 'real',
  single: 'real',
  sqldecimal: 'decimal',
  date: 'datetime',
  time: 'timespan',
  uuid: 'guid',
  uniqueid: 'guid',
  object: 'dynamic',
};

/** A type name of the wire; one nobody knows is shown as the text it is sent as. */
export function toKqlType(wire: string): KqlType {
  const name = wire.toLowerCase().replace(/^system\.(?:data\.sqltypes\.)?/, '');
  return KNOWN.has(name) ? (name as KqlType) : (ALIASES[name] ?? 'string');
}

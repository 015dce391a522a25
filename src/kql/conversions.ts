import type { KqlType } from '../model/kqlType.ts';

/** The function that makes each type of other values. */
export const CONVERSIONS: Readonly<Record<KqlType, string>> = {
  bool: 'tobool',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  decimal: 'todecimal',
  string: 'tostring',
  datetime: 'todatetime',
  timespan: 'totimespan',
  guid: 'toguid',
  dynamic: 'todynamic',
};

import type { KqlType } from '../../model/kqlType.ts';
import type { ScalarFunction } from './contract.ts';
import { argument, scalar } from './define.ts';

const to = (names: string, type: KqlType) =>
  scalar(names, (args, ctx) => ctx.convert(argument(args, 0, ctx), type).sql, { converts: type });

/** The to*() family: null, or "" for a string, where the value does not convert. */
export const conversionFunctions: readonly ScalarFunction[] = [
  ...to('tostring', 'string'),
  ...to('tolong', 'long'),
  ...to('toint', 'int'),
  ...to('todouble toreal', 'real'),
  ...to('todecimal', 'decimal'),
  ...to('tobool toboolean', 'bool'),
  ...to('todatetime todate', 'datetime'),
  ...to('totimespan totime', 'timespan'),
  ...to('toguid', 'guid'),
];

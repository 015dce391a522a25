import { SQL, textSql, withShape } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, jsFunction, literalInteger, literalText } from './define.ts';
import { dynamicValue, isBag, physicalDynamic } from './json.ts';
import { textToStepInto } from './parseJson.ts';

/** One more step into a dynamic; steps in a row become one JSON path, parsed once. A JSON null is no value. */
function step(value: SqlExpr, path: string): Sql {
  const { shape } = value.sql;
  const [base, whole] =
    shape?.kind === 'access' ? [shape.base, shape.path + path] : [textToStepInto(value.sql), `$${path}`];
  const found = SQL`nullif(CAST(json_extract(${base}, ${textSql(whole)}) AS VARCHAR), 'null')`;
  return withShape(found, { kind: 'access', base, path: whole });
}

const ELEMENT = jsFunction('kql_element', ['dynamic', 'dynamic'], 'dynamic', (value, key) => {
  const whole = dynamicValue(value),
    at = dynamicValue(key);
  if (typeof at === 'string') return isBag(whole) ? physicalDynamic(whole.get(at)) : null;
  if (Array.isArray(whole) && (typeof at === 'bigint' || typeof at === 'number'))
    return physicalDynamic(whole.at(Number(at)));
  return null;
});

function byKey(value: SqlExpr, key: string, ctx: EmitContext): Sql {
  return key === '' || /["\\]/.test(key)
    ? ctx.js(ELEMENT, value.sql, textSql(JSON.stringify(key)))
    : step(value, `."${key}"`);
}

function emitAccess(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const value = ctx.convert(argument(args, 0, ctx), 'dynamic'),
    key = argument(args, 1, ctx);
  const name = key.type === 'string' ? literalText(key) : undefined;
  if (name !== undefined) return byKey(value, name, ctx);
  const index = literalInteger(key);
  if (index !== undefined) return step(value, index < 0n ? `[#${index}]` : `[${index}]`);
  return ctx.js(ELEMENT, value.sql, ctx.convert(key, 'dynamic').sql);
}

/**
 * Steps into a dynamic value, `a.b` and `a[i]`: constant ones as a JSON path of DuckDB's, computed ones in JavaScript.
 */
export const accessFunctions: readonly ScalarFunction[] = [
  { name: 'path', emit: emitAccess },
  { name: 'element', emit: emitAccess },
];

import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, jsFunction, literalInteger, literalText, quote } from './define.ts';
import { dynamicValue, isBag, physicalDynamic } from './json.ts';
import { textToStepInto } from './parseJson.ts';

const STEP = /^nullif\(CAST\(json_extract\(([\s\S]*), '(\$(?:[^']|'')*)'\) AS VARCHAR\), 'null'\)$/;

/** The steps of an access this file wrote: the value it starts at and its JSON path. */
export function findAccess(sql: string): { readonly base: string; readonly path: string } | undefined {
  const match = STEP.exec(sql);
  const base = match?.[1],
    path = match?.[2];
  if (base === undefined || path === undefined || !isBalanced(base)) return undefined;
  return { base, path };
}

function isBalanced(sql: string): boolean {
  let depth = 0;
  for (const char of sql) {
    if (char === '(') depth++;
    if (char === ')' && --depth < 0) return false;
  }
  return depth === 0;
}

/** One more step into a dynamic; steps in a row become one JSON path, parsed once. A JSON null is no value. */
function step(value: SqlExpr, path: string): string {
  const before = findAccess(value.sql);
  const [base, whole] = before
    ? [before.base, before.path + path.replaceAll("'", "''")]
    : [textToStepInto(value.sql), `$${path.replaceAll("'", "''")}`];
  return `nullif(CAST(json_extract(${base}, '${whole}') AS VARCHAR), 'null')`;
}

const ELEMENT = jsFunction('kql_element', ['dynamic', 'dynamic'], 'dynamic', (value, key) => {
  const whole = dynamicValue(value),
    at = dynamicValue(key);
  if (typeof at === 'string') return isBag(whole) ? physicalDynamic(whole.get(at)) : null;
  if (Array.isArray(whole) && (typeof at === 'bigint' || typeof at === 'number'))
    return physicalDynamic(whole.at(Number(at)));
  return null;
});

function byKey(value: SqlExpr, key: string, ctx: EmitContext): string {
  return key === '' || /["\\]/.test(key)
    ? ctx.js(ELEMENT, value.sql, quote(JSON.stringify(key)))
    : step(value, `."${key}"`);
}

function emitAccess(args: readonly SqlExpr[], ctx: EmitContext): string {
  const value = ctx.convert(argument(args, 0, ctx), 'dynamic'),
    key = argument(args, 1, ctx);
  const name = key.type === 'string' ? literalText(key) : undefined;
  if (name !== undefined) return byKey(value, name, ctx);
  const index = literalInteger(key);
  if (index !== undefined) return step(value, index < 0n ? `[#${index}]` : `[${index}]`);
  return ctx.js(ELEMENT, value.sql, ctx.convert(key, 'dynamic').sql);
}

export const accessFunctions: readonly ScalarFunction[] = [
  { name: 'path', emit: emitAccess },
  { name: 'element', emit: emitAccess },
];

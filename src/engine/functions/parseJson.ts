import type { EmitContext, PhysicalValue, SqlExpr } from './contract.ts';
import { argument, bind, jsFunction } from './define.ts';
import { jsonText, parseJson, physicalDynamic } from './json.ts';

/** What DuckDB reads as JSON though it is none: NaN, Infinity, a comma before the end. */
export const NOT_QUITE_JSON = String.raw`(?i)(^|[:\[,])\s*-?(nan|inf)|,\s*[\]}]`;

const PARSE_JSON = jsFunction('kql_parse_json', ['string'], 'dynamic', (text: PhysicalValue | undefined) => {
  const source = typeof text === 'string' ? text : '';
  const value = parseJson(source);
  return value === undefined ? (source === '' ? null : jsonText(source)) : physicalDynamic(value);
});

const isJson = (text: string) => `json_valid(${text}) AND NOT regexp_matches(${text}, '${NOT_QUITE_JSON}')`;

/** JSON text as a dynamic; text that is no JSON stays a string, a dynamic stays what it is. */
export function emitParseJson(args: readonly SqlExpr[], ctx: EmitContext): string {
  const source = argument(args, 0, ctx);
  if (source.type === 'dynamic') return source.sql;
  return bind(
    [ctx.convert(source, 'string').sql],
    (s) =>
      `(CASE WHEN ${isJson(s)} THEN nullif(CAST(json(${s}) AS VARCHAR), 'null') ELSE ${ctx.js(PARSE_JSON, s)} END)`,
  );
}

const PARSED = /^\(CASE WHEN json_valid\(([^()]+)\) AND [\s\S]* ELSE kql_parse_json\(([^()]+)\) END\)$/;

/**
 * For a step into `sql`: where it is a parse_json() as written above, the text itself if it is JSON (writing it anew
 * would be for nothing).
 */
export function textToStepInto(sql: string): string {
  const match = PARSED.exec(sql),
    text = match?.[1];
  return text !== undefined && text === match?.[2] ? `(CASE WHEN ${isJson(text)} THEN ${text} END)` : sql;
}

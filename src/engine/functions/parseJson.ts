import { SQL, bind, textSql, withShape } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, PhysicalValue, SqlExpr } from './contract.ts';
import { argument, jsFunction } from './define.ts';
import { jsonText, parseJson, physicalDynamic } from './json.ts';

/** What DuckDB reads as JSON though it is none: NaN, Infinity, a comma before the end. */
export const NOT_QUITE_JSON = String.raw`(?i)(^|[:\[,])\s*-?(nan|inf)|,\s*[\]}]`;
const NOT_QUITE_JSON_SQL = textSql(NOT_QUITE_JSON);

const PARSE_JSON = jsFunction('kql_parse_json', ['string'], 'dynamic', (text: PhysicalValue | undefined) => {
  const source = typeof text === 'string' ? text : '';
  const value = parseJson(source);
  return value === undefined ? (source === '' ? null : jsonText(source)) : physicalDynamic(value);
});

const isJson = (text: Sql) => SQL`json_valid(${text}) AND NOT regexp_matches(${text}, ${NOT_QUITE_JSON_SQL})`;

/** JSON text as a dynamic; text that is no JSON stays a string, a dynamic stays what it is. */
export function emitParseJson(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const source = argument(args, 0, ctx);
  if (source.type === 'dynamic') return source.sql;
  const text = ctx.convert(source, 'string').sql;
  const parsed = bind(
    [text],
    (s) =>
      SQL`(CASE WHEN ${isJson(s)} THEN nullif(CAST(json(${s}) AS VARCHAR), 'null') ELSE ${ctx.js(PARSE_JSON, s)} END)`,
  );
  return text.atomic ? withShape(parsed, { kind: 'parsed', text }) : parsed;
}

/** For a step into `sql`: of a parse_json() the text itself if it is JSON (writing it anew is for nothing). */
export function textToStepInto(sql: Sql): Sql {
  if (sql.shape?.kind !== 'parsed') return sql;
  const { text } = sql.shape;
  return SQL`(CASE WHEN ${isJson(text)} THEN ${text} END)`;
}

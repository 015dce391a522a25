import { child, children, kindOf, kqlTypeNamed, kqlTypeOf, quotedText, textOf } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { parseLiteral, parseString } from '../literal.ts';
import type { Expr } from '../plan.ts';
import { placeOf, refuse } from './refusal.ts';
import { literal } from './scope.ts';
import { formatDatetime } from '../../model/values/datetime.ts';
import { formatReal } from '../../model/values/numbers.ts';
import { formatTimespan } from '../../model/values/timespan.ts';

/** A literal, compound string or `dynamic(...)` as a literal expression; undefined where the node is none. */
export function bindLiteral(node: SyntaxNode): Expr | undefined {
  const kind = kindOf(node);
  if (kind === 'CompoundStringLiteralExpression') return literal('string', textTokens(node));
  if (kind === 'DynamicExpression') {
    const json = jsonOf(child(node, 'Expression'));
    return literal('dynamic', json === 'null' ? null : json);
  }
  if (kind === 'JsonArrayExpression' || kind === 'JsonObjectExpression') return literal('dynamic', jsonOf(node));
  if (kind === 'TypeOfLiteralExpression') return literal('string', textOf(children(node, 'Types')[0] ?? node));
  if (kind === 'NullLiteralExpression') return literal('dynamic', null);
  if (!kind.endsWith('LiteralExpression') || kind === 'TypeOfLiteralExpression') return undefined;
  const token = child(node, 'Token');
  // Defaults of declared columns are parsed but not bound: their kind says their type.
  const type =
    kind === 'StringLiteralExpression'
      ? 'string'
      : (kqlTypeOf(node.ResultType) ?? kqlTypeNamed(kind.slice(0, -'LiteralExpression'.length)));
  // Without an instant in it, datetime() is the one of the query.
  if (type === 'datetime' && /^\w+\s*\(\s*\)$/.test(token?.Text ?? ''))
    return { kind: 'call', name: 'now', args: [], type, place: placeOf(node) };
  const value = token?.Text === undefined || type === undefined ? undefined : parseLiteral(type, token.Text);
  if (type === undefined || value === undefined) {
    // A fraction of days, the service's own text for a span does not have it; a guess would be a wrong answer.
    if (type === 'timespan' && /^\w+\s*\(\s*[-+]?\d+\.\d+\s*\)$/.test(token?.Text ?? ''))
      return refuse('A timespan of a fraction without a unit (write 36h or 1.5d)', node);
    // A datetime or timespan Microsoft's lexer takes but nobody can read is null, as the service has it.
    return type === 'datetime' || type === 'timespan' || type === 'guid'
      ? literal(type, null)
      : refuse(`The literal \`${quotedText(node)}\``, node);
  }
  return literal(type, value);
}

function textTokens(node: SyntaxNode): string {
  return (child(node, 'Tokens') ? children(node, 'Tokens') : [])
    .map((token) => parseString(token.Text ?? '') ?? '')
    .join('');
}

/** The compact JSON a node inside `dynamic(...)` stands for. */
export function jsonOf(node: SyntaxNode | undefined): string {
  if (!node) return 'null';
  const kind = kindOf(node);
  switch (kind) {
    case 'JsonArrayExpression':
      return `[${children(node, 'Values').map(jsonOf).join(',')}]`;
    case 'JsonObjectExpression':
      return `{${children(node, 'Pairs').map(pairOf).join(',')}}`;
    case 'NullLiteralExpression':
      return 'null';
    case 'UnaryMinusExpression':
      return negative(node);
    case 'UnaryPlusExpression':
      return jsonOf(child(node, 'Expression'));
    case 'DynamicExpression':
      return jsonOf(child(node, 'Expression'));
    case 'ParenthesizedExpression':
      return jsonOf(child(node, 'Expression'));
    default:
      break;
  }
  const bound = bindLiteral(node);
  if (bound?.kind !== 'literal') return refuse(`\`${quotedText(node)}\` inside dynamic()`, node);
  return scalarJson(bound);
}
function negative(node: SyntaxNode): string {
  const inner = child(node, 'Expression');
  const bound = inner && bindLiteral(inner);
  if (bound?.kind !== 'literal' || (typeof bound.value !== 'bigint' && typeof bound.value !== 'number'))
    return refuse('A negative inside dynamic() of what is no number', node);
  return scalarJson({ ...bound, value: -bound.value } as typeof bound);
}
function pairOf(node: SyntaxNode): string {
  const key = parseString(child(node, 'Name')?.Text ?? '') ?? textOf(child(node, 'Name') ?? node);
  return `${JSON.stringify(key)}:${jsonOf(child(node, 'Value'))}`;
}

function scalarJson(expr: Extract<Expr, { kind: 'literal' }>): string {
  const { type, value } = expr;
  if (value === null) return 'null';
  switch (type) {
    case 'datetime':
      return JSON.stringify(formatDatetime(value as bigint));
    case 'timespan':
      return JSON.stringify(formatTimespan(value as bigint));
    // A real keeps its point, so that `dynamic(1.0)` stays a real.
    case 'real':
      return Number.isFinite(value as number) ? formatReal(value as number) : JSON.stringify(String(value));
    case 'bool':
    case 'int':
    case 'long':
      return String(value);
    case 'decimal':
      return JSON.stringify(value);
    case 'dynamic':
      return value as string;
    default:
      return JSON.stringify(value);
  }
}

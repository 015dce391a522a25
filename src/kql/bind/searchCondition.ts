import type { Column } from '../../model/kqlType.ts';
import { children, kindOf, kqlTypeOf, need, walk } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Expr } from '../plan.ts';
import { placeOf, refuse } from './refusal.ts';
import { columnExpr, literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';
import { columnsThatMayHold, nameOf } from './tree.ts';

/**
 * The rows a condition of search or find stands on: one table of several, whose union has columns this one may lack.
 */
export interface Searched {
  readonly columns: readonly Column[];
  readonly cased: boolean;
  /** Names of the columns any of the tables has. */ readonly known: ReadonlySet<string>;
}
type Call = (name: string, ...args: Expr[]) => Expr;

const NOTHING: Expr = literal('bool', false);
const nothing = (expr: Expr | undefined): boolean => expr?.kind === 'literal' && expr.value === false;
/** Comparisons that never hold for a value that is missing. */
const POSITIVE =
  /^(Equal|EqualTilde|Has|HasCs|HasPrefix|HasPrefixCs|HasSuffix|HasSuffixCs|Contains|ContainsCs|StartsWith|StartsWithCs|EndsWith|EndsWithCs|MatchesRegex|GreaterThan|GreaterThanOrEqual|LessThan|LessThanOrEqual|Between|In|InCs|HasAny|HasAll|Search)Expression$/;

/**
 * The condition of `search` or `find` over one table, a bare text meaning "in any column". A comparison with a column
 * the table lacks does not hold; where the answer would hang on how a missing column counts (`!=`, `not`, `isnull`) it
 * is refused.
 */
export function conditionOver(node: SyntaxNode, searched: Searched, scope: Scope, binder: Binder): Expr {
  return (
    partOver(node, searched, scope, binder) ??
    refuse(
      'A condition on a column that only some of the tables have, and that a missing value might fulfil,',
      node,
      'Search the tables that have the column, with in (...).',
    )
  );
}

/** As `conditionOver`; undefined where it hangs on how a missing column counts. */
function partOver(node: SyntaxNode, searched: Searched, scope: Scope, binder: Binder): Expr | undefined {
  const kind = kindOf(node);
  const place = placeOf(node);
  const call: Call = (name, ...args) => ({ kind: 'call', name, args, type: 'bool', place });
  const part = (of: SyntaxNode): Expr | undefined => partOver(of, searched, scope, binder);
  if (kind === 'ParenthesizedExpression') return part(need(node, 'Expression'));
  if (kind === 'AndExpression' || kind === 'OrExpression') {
    const [left, right] = [part(need(node, 'Left')), part(need(node, 'Right'))];
    if (kind === 'AndExpression' && (nothing(left) || nothing(right))) return NOTHING;
    return left && right && call(kind === 'AndExpression' ? 'and' : 'or', left, right);
  }
  const missing = lacks(node, searched);
  if (kind === 'FunctionCallExpression' && need(node, 'Name').SimpleName === 'not') {
    const inner = missing ? undefined : part(children(need(node, 'ArgumentList'), 'Expressions')[0]!);
    return inner && call('not', inner);
  }
  if (kind === 'StarExpression') return literal('bool', true);
  if (kind === 'StringLiteralExpression' || kind === 'CompoundStringLiteralExpression') {
    const term = binder.scalar(node, scope);
    return term.kind === 'literal' && typeof term.value === 'string'
      ? anyColumn(term.value, searched, call)
      : refuse('This search term', node);
  }
  if (missing) return fails(node, kind, scope, binder) ? NOTHING : undefined;
  if (kind === 'SearchExpression') {
    const left = need(node, 'Left');
    const term = binder.scalar(need(node, 'Right'), scope);
    if (term.kind !== 'literal' || typeof term.value !== 'string') return refuse('This search term', node);
    if (kindOf(left) === 'StarExpression') return anyColumn(term.value, searched, call);
    const column = searched.columns.find((c) => c.name === nameOf(left));
    return column ? matching(term.value, asText(column, call), call, searched.cased) : NOTHING;
  }
  return binder.scalar(node, scope.withRow(searched.columns));
}

/**
 * Whether a comparison with a column that is not there is false whatever a missing value is: null, or the empty text.
 */
function fails(node: SyntaxNode, kind: string, scope: Scope, binder: Binder): boolean {
  if (kind === 'FunctionCallExpression')
    return /^(isnotnull|isnotempty|notnull|notempty)$/.test(need(node, 'Name').SimpleName ?? '');
  if (!POSITIVE.test(kind) || !/^(NameReference|PathExpression)$/.test(kindOf(need(node, 'Left')))) return false;
  if (kind === 'InExpression' || kind === 'InCsExpression') return true;
  const right = need(node, 'Right');
  if (kind === 'BetweenExpression' || kind === 'HasAnyExpression' || kind === 'HasAllExpression') return true;
  const value = binder.scalar(right, scope);
  return value.kind === 'literal'
    ? value.value !== '' && value.value !== null
    : value.type !== 'string' && value.type !== 'dynamic';
}
/**
 * Whether an expression names a column of the search that this table has not: a column of another type than the binder
 * means is not that column.
 */
function lacks(node: SyntaxNode, searched: Searched): boolean {
  let found = false;
  walk(node, (inner) => {
    const name = kindOf(inner) === 'NameReference' ? nameOf(inner) : undefined;
    if (name === undefined || !searched.known.has(name)) return;
    const own = searched.columns.find((c) => c.name === name);
    found ||= !own || own.type !== (kqlTypeOf(inner.ResultType) ?? own.type);
  });
  return found;
}
/** The names an expression mentions, of columns and of others. */
export function columnsNamed(node: SyntaxNode): Set<string> {
  const names = new Set<string>();
  walk(node, (inner) => {
    if (kindOf(inner) === 'NameReference') names.add(nameOf(inner));
  });
  return names;
}
/** Whether a condition looks at all columns somewhere: a bare term or a star. */
export function namesNoColumn(node: SyntaxNode): boolean {
  const kind = kindOf(node);
  if (kind === 'ParenthesizedExpression') return namesNoColumn(need(node, 'Expression'));
  if (kind === 'AndExpression' || kind === 'OrExpression')
    return namesNoColumn(need(node, 'Left')) || namesNoColumn(need(node, 'Right'));
  let star = false;
  walk(node, (inner) => {
    if (kindOf(inner) === 'StarExpression') star = true;
  });
  return star || columnsNamed(node).size === 0;
}

function anyColumn(term: string, { columns, cased }: Searched, call: Call): Expr {
  if (term === '*' || term === '') return literal('bool', true);
  const searched = columnsThatMayHold(
    term.replaceAll('*', ''),
    columns.filter((c) => c.name !== '$table'),
  );
  return searched.length === 0 ? NOTHING : matching(term, allText(searched, call), call, cased);
}
/** A row's columns as one text: no term goes across a line's end. */
function allText(columns: readonly Column[], call: Call): Expr {
  return columns.length === 1
    ? asText(columns[0]!, call)
    : ({
        ...call('strcat_delim', literal('string', '\n'), ...columns.map((c) => asText(c, call))),
        type: 'string',
      } as Expr);
}
function asText(column: Column, call: Call): Expr {
  return column.type === 'string'
    ? columnExpr(column)
    : ({ ...call('tostring', columnExpr(column)), type: 'string' } as Expr);
}
/** A term of search: whole terms, or with `*` at its ends a prefix, a suffix, a part. */
function matching(term: string, text: Expr, call: Call, cased: boolean): Expr {
  const [open, close] = [term.startsWith('*'), term.length > 1 && term.endsWith('*')];
  const bare = term.slice(open ? 1 : 0, close ? -1 : undefined);
  const suffix = cased ? '_cs' : '';
  const value = literal('string', bare);
  if (bare.includes('*')) {
    const pattern = bare
      .split('*')
      .map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*?');
    return call(
      'matches regex',
      text,
      literal('string', `${cased ? '' : '(?i)'}${open ? '' : '\\b'}${pattern}${close ? '' : '\\b'}`),
    );
  }
  if (open && close) return call(`contains${suffix}`, text, value);
  if (close) return call(`hasprefix${suffix}`, text, value);
  if (open) return call(`hassuffix${suffix}`, text, value);
  return call(`has${suffix}`, text, value);
}

import type { Column } from '../../model/kqlType.ts';
import { child, children, kindOf, need, symbolClass } from '../kusto.ts';
import type { SyntaxNode } from '../kusto.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import type { SchemaDatabase } from '../schema.ts';
import { unite } from './combine.ts';
import { placeOf, refuse } from './refusal.ts';
import { columnExpr, literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';
import { nameOf, outputsOf, parameterText, wildcard } from './tree.ts';

/** The tables an `in (...)` clause names, or all of the database. */
function tablesOf(node: SyntaxNode, scope: Scope, binder: Binder, database: SchemaDatabase): { rel: Rel; name: string }[] {
  const clause = child(node, 'InClause');
  const place = placeOf(node);
  const table = (t: SchemaDatabase['tables'][number]): { rel: Rel; name: string } => ({ rel: { kind: 'table', database, table: t, columns: t.columns, place }, name: t.name });
  if (!clause) return database.tables.map(table);
  return children(clause, 'Expressions').flatMap((n, i) => {
    const name = child(n, 'Name');
    if (kindOf(n) === 'StarExpression') return database.tables.map(table);
    if (name && /Wildcarded/.test(kindOf(name))) { const matches = wildcard(nameOf(n)); return database.tables.filter((t) => matches(t.name)).map(table); }
    const rel = binder.tabular(n, scope);
    return [{ rel, name: rel.kind === 'table' ? rel.table.name : kindOf(n) === 'NameReference' ? nameOf(n) : `search_arg${i}` }];
  });
}

/** `search`: rows of the tables (or of the piped input) in which the condition holds, a bare text meaning "in any column". */
export function bindSearch(node: SyntaxNode, input: Rel | undefined, scope: Scope, binder: Binder, database: SchemaDatabase): Rel {
  const cased = parameterText(node, 'kind')?.toLowerCase() === 'case_sensitive';
  const legs = input ? [{ rel: input, name: input.kind === 'table' ? input.table.name : '' }] : tablesOf(node, scope, binder, database);
  const condition = need(node, 'Condition');
  const filtered = legs.map(({ rel, name }) => ({ name, rel: { kind: 'filter', input: rel, condition: predicate(condition, rel.columns, scope, binder, cased), columns: rel.columns, place: placeOf(node) } as const }));
  if (input) {
    const had = input.columns.filter((c) => c.name !== '$table');
    return unite(node, [{ ...filtered[0]!, rel: selected(filtered[0]!.rel, had) }], '$table', false);
  }
  return unite(node, filtered, '$table', false);
}
function selected(input: Rel, columns: readonly Column[]): Rel {
  return { kind: 'project', input, items: columns.map((column): Assignment => ({ column, expr: columnExpr(column) })), columns, place: input.place };
}

/** The condition over one table's columns. */
function predicate(node: SyntaxNode, columns: readonly Column[], scope: Scope, binder: Binder, cased: boolean): Expr {
  const kind = kindOf(node);
  const place = placeOf(node);
  const call = (name: string, ...args: Expr[]): Expr => ({ kind: 'call', name, args, type: 'bool', place });
  const both = (name: 'and' | 'or'): Expr => call(name, predicate(need(node, 'Left'), columns, scope, binder, cased), predicate(need(node, 'Right'), columns, scope, binder, cased));
  if (kind === 'ParenthesizedExpression') return predicate(need(node, 'Expression'), columns, scope, binder, cased);
  if (kind === 'AndExpression') return both('and');
  if (kind === 'OrExpression') return both('or');
  if (kind === 'FunctionCallExpression' && need(node, 'Name').SimpleName === 'not') return call('not', predicate(children(need(node, 'ArgumentList'), 'Expressions')[0]!, columns, scope, binder, cased));
  if (kind === 'StarExpression') return literal('bool', true);
  if (kind === 'StringLiteralExpression' || kind === 'CompoundStringLiteralExpression') {
    const term = binder.scalar(node, scope);
    return term.kind === 'literal' && typeof term.value === 'string' ? anyColumn(term.value, columns, call, cased) : refuse('This search term', node);
  }
  if (kind === 'SearchExpression') {
    const left = need(node, 'Left');
    const term = binder.scalar(need(node, 'Right'), scope);
    if (term.kind !== 'literal' || typeof term.value !== 'string') return refuse('This search term', node);
    if (kindOf(left) === 'StarExpression') return anyColumn(term.value, columns, call, cased);
    const column = columns.find((c) => c.name === nameOf(left));
    return column ? matching(term.value, asText(column, call), call, cased) : literal('bool', false);
  }
  const unknown = missingColumn(node, columns);
  return unknown ? literal('bool', false) : binder.scalar(node, scope.withRow(columns));
}
type Call = (name: string, ...args: Expr[]) => Expr;
function anyColumn(term: string, columns: readonly Column[], call: Call, cased: boolean): Expr {
  if (term === '*' || term === '') return literal('bool', true);
  const searched = columns.filter((c) => c.name !== '$table');
  return searched.length === 0 ? literal('bool', false) : matching(term, allText(searched, call), call, cased);
}
/** A row's columns as one text: no term goes across a line's end. */
function allText(columns: readonly Column[], call: Call): Expr {
  return columns.length === 1 ? asText(columns[0]!, call) : { ...call('strcat_delim', literal('string', '\n'), ...columns.map((c) => asText(c, call))), type: 'string' } as Expr;
}
function asText(column: Column, call: Call): Expr { return column.type === 'string' ? columnExpr(column) : { ...call('tostring', columnExpr(column)), type: 'string' } as Expr; }
/** A term of search: whole terms, or with `*` at its ends a prefix, a suffix, a part. */
function matching(term: string, text: Expr, call: Call, cased: boolean): Expr {
  const [open, close] = [term.startsWith('*'), term.length > 1 && term.endsWith('*')];
  const bare = term.slice(open ? 1 : 0, close ? -1 : undefined);
  const suffix = cased ? '_cs' : '';
  const value = literal('string', bare);
  if (bare.includes('*')) {
    const pattern = bare.split('*').map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*?');
    return call('matches regex', text, literal('string', `${cased ? '' : '(?i)'}${open ? '' : '\\b'}${pattern}${close ? '' : '\\b'}`));
  }
  if (open && close) return call(`contains${suffix}`, text, value);
  if (close) return call(`hasprefix${suffix}`, text, value);
  if (open) return call(`hassuffix${suffix}`, text, value);
  return call(`has${suffix}`, text, value);
}
function missingColumn(node: SyntaxNode, columns: readonly Column[]): boolean {
  if (node.IsToken) return false;
  if (kindOf(node) === 'NameReference' && !columns.some((c) => c.name === node.SimpleName)) return symbolClass(node.ReferencedSymbol) === 'ColumnSymbol';
  for (let i = 0; i < node.ChildCount; i++) { const next = node.GetChild(i); if (next && missingColumn(next, columns)) return true; }
  return false;
}

/** `find`: the rows for which the condition holds, with the named columns and the rest packed, or all columns. */
export function bindFind(node: SyntaxNode, scope: Scope, binder: Binder, database: SchemaDatabase): Rel {
  const source = parameterText(node, 'withsource') ?? 'source_';
  const legs = tablesOf(node, scope, binder, database);
  const condition = need(node, 'Condition');
  const project = child(node, 'Project');
  if (child(node, 'ProjectAway')) return refuse('find ... project-away', node);
  const filtered = legs.map(({ rel, name }) => ({ name, rel: { kind: 'filter', input: rel, condition: predicate(condition, rel.columns, scope, binder, false), columns: rel.columns, place: placeOf(node) } as const }));
  const wanted = outputsOf(node).filter((c) => c.name !== source);
  if (!project && !wanted.some((c) => c.name === 'pack_')) return unite(node, filtered, source, true);
  const packs = wanted.some((c) => c.name === 'pack_');
  const named = wanted.filter((c) => c.name !== 'pack_');
  const shaped = filtered.map(({ rel, name }) => {
    const items = named.map((column): Assignment => {
      const own = rel.columns.find((c) => c.name === column.name);
      return { column, expr: own === undefined ? literal(column.type, column.type === 'string' ? '' : null) : own.type === column.type ? columnExpr(own) : { kind: 'convert', type: column.type, value: columnExpr(own), place: rel.place } };
    });
    const packed = rel.columns.filter((c) => !named.some((n) => n.name === c.name));
    const pack: Assignment = { column: { name: 'pack_', type: 'dynamic' }, expr: { kind: 'call', name: 'pack_nonempty', type: 'dynamic', place: rel.place, args: packed.flatMap((c) => [literal('string', c.name), columnExpr(c)]) } };
    const all = packs ? [...items, pack] : items;
    return { name, rel: { kind: 'project', input: rel, items: all, columns: all.map((i) => i.column), place: rel.place } as const };
  });
  return unite(node, shaped, source, true);
}

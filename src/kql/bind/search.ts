import type { Column } from '../../model/kqlType.ts';
import { child, children, kindOf, need } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Assignment, Rel } from '../plan.ts';
import type { SchemaDatabase } from '../schema.ts';
import { unite } from './combine.ts';
import { placeOf, refuse } from './refusal.ts';
import { columnExpr, literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';
import { columnsNamed, conditionOver, namesNoColumn } from './searchCondition.ts';
import { nameOf, outputsOf, parameterText, wildcard } from './tree.ts';

/** The tables an `in (...)` clause names, or all of the database and the query's views. */
function tablesOf(
  node: SyntaxNode,
  scope: Scope,
  binder: Binder,
  database: SchemaDatabase,
): { rel: Rel; name: string }[] {
  const clause = child(node, 'InClause');
  const place = placeOf(node);
  const table = (t: SchemaDatabase['tables'][number]): { rel: Rel; name: string } => ({
    rel: { kind: 'table', database, table: t, columns: t.columns, place },
    name: t.name,
  });
  const views = binder.views(scope);
  if (!clause) return [...views, ...database.tables.map(table)];
  return children(clause, 'Expressions').flatMap((n, i) => {
    const name = child(n, 'Name');
    const pattern =
      kindOf(n) === 'StarExpression' ? '*' : name && /Wildcarded/.test(kindOf(name)) ? nameOf(n) : undefined;
    if (pattern !== undefined) {
      const matches = wildcard(pattern);
      return [...views.filter((v) => matches(v.name)), ...database.tables.filter((t) => matches(t.name)).map(table)];
    }
    const rel = binder.tabular(n, scope);
    return [
      {
        rel,
        name: rel.kind === 'table' ? rel.table.name : kindOf(n) === 'NameReference' ? nameOf(n) : `search_arg${i}`,
      },
    ];
  });
}

/**
 * `search`: rows of the tables (or of the piped input) in which the condition holds, a bare text meaning "in any
 * column".
 */
export function bindSearch(
  node: SyntaxNode,
  input: Rel | undefined,
  scope: Scope,
  binder: Binder,
  database: SchemaDatabase,
): Rel {
  const cased = parameterText(node, 'kind')?.toLowerCase() === 'case_sensitive';
  const legs = input
    ? [{ rel: input, name: input.kind === 'table' ? input.table.name : 'search_arg0' }]
    : tablesOf(node, scope, binder, database);
  const condition = need(node, 'Condition');
  const known = namesOf(legs);
  const filtered = legs.map(({ rel, name }) => ({
    name,
    rel: {
      kind: 'filter',
      input: rel,
      condition: conditionOver(condition, { columns: rel.columns, cased, known }, scope, binder),
      columns: rel.columns,
      place: placeOf(node),
    } as const,
  }));
  if (input) {
    const had = input.columns.filter((c) => c.name !== '$table');
    return unite(node, [{ ...filtered[0]!, rel: selected(filtered[0]!.rel, had) }], '$table', false);
  }
  return unite(node, filtered, '$table', false);
}
function selected(input: Rel, columns: readonly Column[]): Rel {
  return {
    kind: 'project',
    input,
    items: columns.map((column): Assignment => ({ column, expr: columnExpr(column) })),
    columns,
    place: input.place,
  };
}

/** `find`: the rows for which the condition holds, with the named columns and the rest packed, or all columns. */
export function bindFind(node: SyntaxNode, scope: Scope, binder: Binder, database: SchemaDatabase): Rel {
  const source = parameterText(node, 'withsource') ?? 'source_';
  const condition = need(node, 'Condition');
  const project = child(node, 'Project');
  if (child(node, 'ProjectAway')) return refuse('find ... project-away', node);
  const all = tablesOf(node, scope, binder, database);
  const known = namesOf(all);
  // A table that has none of the condition's columns takes no part.
  const used = [...columnsNamed(condition)].filter((name) => known.has(name));
  const legs =
    namesNoColumn(condition) || used.length === 0
      ? all
      : all.filter(({ rel }) => rel.columns.some((c) => used.includes(c.name)));
  const several = (name: string): boolean =>
    new Set(legs.flatMap(({ rel }) => rel.columns.filter((c) => c.name === name).map((c) => c.type))).size > 1;
  const mixed = used.find(several);
  if (mixed !== undefined)
    return refuse(
      `find by '${mixed}', a column of several types,`,
      condition,
      'Make one type of it first, or find in the tables one by one.',
    );
  const filtered = legs.map(({ rel, name }) => ({
    name,
    rel: {
      kind: 'filter',
      input: rel,
      condition: conditionOver(condition, { columns: rel.columns, cased: false, known }, scope, binder),
      columns: rel.columns,
      place: placeOf(node),
    } as const,
  }));
  const wanted = outputsOf(node).filter((c) => c.name !== source);
  const packs = wanted.some((c) => c.name === 'pack_');
  const named = wanted
    .filter((c) => c.name !== 'pack_')
    .map((c): Column => ({
      name: c.name,
      type: project ? c.type : (legs.flatMap(({ rel }) => rel.columns).find((o) => o.name === c.name)?.type ?? c.type),
    }));
  const unclear = named.find((c) => several(c.name) && (!project || c.type === 'dynamic'));
  if (unclear)
    return refuse(
      `find with '${unclear.name}', a column of several types,`,
      node,
      `Say its type, as in project ${unclear.name}:string.`,
    );
  const shaped = filtered.map(({ rel, name }) => {
    const items = named.map((column): Assignment => {
      const own = rel.columns.find((c) => c.name === column.name);
      return {
        column,
        expr:
          own === undefined
            ? literal(column.type, column.type === 'string' ? '' : null)
            : own.type === column.type
              ? columnExpr(own)
              : { kind: 'convert', type: column.type, value: columnExpr(own), place: rel.place },
      };
    });
    const packed = rel.columns.filter((c) => !named.some((n) => n.name === c.name));
    const pack: Assignment = {
      column: { name: 'pack_', type: 'dynamic' },
      expr: {
        kind: 'call',
        name: 'pack_nonempty',
        type: 'dynamic',
        place: rel.place,
        args: packed.flatMap((c) => [literal('string', c.name), columnExpr(c)]),
      },
    };
    const shown = packs ? [...items, pack] : items;
    return {
      name,
      rel: {
        kind: 'project',
        input: rel,
        items: shown,
        columns: shown.map((i) => i.column),
        place: rel.place,
      } as const,
    };
  });
  return unite(node, shaped, source, true);
}
function namesOf(legs: readonly { readonly rel: Rel }[]): Set<string> {
  return new Set(legs.flatMap(({ rel }) => rel.columns.map((c) => c.name)));
}

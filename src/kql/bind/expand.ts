import type { Column } from '../../model/kqlType.ts';
import { child, children, forgetColumn, kindOf, need, textOf } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Expansion, ParsePart, Rel, ScanStep } from '../plan.ts';
import type { LiteralValue } from '../literal.ts';
import { placeOf, refuse } from './refusal.ts';
import { bindSortKeys } from './summarize.ts';
import { converted } from './scalar.ts';
import { literal, Scope } from './scope.ts';
import type { Binder } from './scope.ts';
import {
  constantOf,
  nameOf,
  namesOver,
  outputsOf,
  outputsOver,
  parameterText,
  schemaColumns,
  typeNamed,
} from './tree.ts';

function expansions(
  node: SyntaxNode,
  columns: readonly Column[],
  input: Rel,
  scope: Scope,
  binder: Binder,
): Expansion[] {
  const row = scope.withRow(input.columns);
  const known = new Set(input.columns.map((c) => c.name));
  const nodes = children(node, 'Expressions');
  const explicit = new Set(nodes.flatMap((n) => namesOver(need(n, 'Expression'), known)));
  const fresh = columns.filter((c) => !known.has(c.name) && !explicit.has(c.name));
  return nodes.map((n) => {
    const inner = need(n, 'Expression');
    const clause = child(n, 'ToTypeOf');
    const typeNode = clause && children(need(clause, 'TypeOf'), 'Types')[0];
    const type = typeNode ? typeNamed(typeNode) : 'dynamic';
    const name = namesOver(inner, known)[0] ?? fresh.shift()?.name ?? refuse('An expansion without a name', n);
    return { column: { name, type }, expr: converted(binder.scalar(inner, row), 'dynamic', inner), type };
  });
}

/** `mv-expand`, and the old `mvexpand`: a row for each element of arrays or bags. */
export function bindMvExpand(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const columns = outputsOf(node);
  const indexName = parameterText(node, 'with_itemindex');
  const items = expansions(
    node,
    columns.filter((c) => c.name !== indexName),
    input,
    scope,
    binder,
  );
  const limit = child(node, 'RowLimitClause');
  // The old spelling `mvexpand` stops at 128 rows unless told otherwise.
  const legacy = textOf(need(node, 'MvExpandKeyword')).toLowerCase() === 'mvexpand';
  const types = new Map<string, Column>([
    ...input.columns.map((c) => [c.name, c] as const),
    ...items.map((i) => [i.column.name, i.column] as const),
  ]);
  return {
    kind: 'mvExpand',
    input,
    items,
    bagAsArray: /^array$/i.test(parameterText(node, 'kind', 'bagexpansion') ?? ''),
    ...(indexName === undefined ? {} : { indexName }),
    ...(limit
      ? { limit: binder.scalar(need(limit, 'RowLimit'), scope) }
      : legacy
        ? { limit: literal('long', 128n) }
        : {}),
    columns: columns.map((c) => types.get(c.name) ?? c),
    place: placeOf(node),
  };
}

/** `mv-apply`: the subquery, over the elements of each row's arrays, with the row's other columns beside. */
export function bindMvApply(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const indexName = parameterText(node, 'with_itemindex');
  const items = expansions(node, [], input, scope, binder);
  const limit = child(node, 'RowLimitClause');
  if (child(node, 'ContextIdClause')) return refuse('mv-apply with an id clause', node);
  const inner: Column[] = input.columns.map((c) => items.find((i) => i.column.name === c.name)?.column ?? c);
  for (const item of items) if (!inner.some((c) => c.name === item.column.name)) inner.push(item.column);
  if (indexName !== undefined) inner.push({ name: indexName, type: 'long' });
  const subject = { id: binder.nextId(), columns: inner };
  const place = placeOf(node);
  const body = binder.tabular(
    need(need(node, 'Subquery'), 'Expression'),
    scope.withSubject({ kind: 'subject', subject, columns: inner, place }),
  );
  return {
    kind: 'mvApply',
    input,
    items,
    subject,
    body,
    ...(indexName === undefined ? {} : { indexName }),
    ...(limit ? { limit: binder.scalar(need(limit, 'RowLimit'), scope) } : {}),
    columns: outputsOf(node),
    place,
  };
}

/** `parse` and `parse-where`: columns out of a text, by the pattern of texts and columns that is written out. */
export function bindParse(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const mode = (parameterText(node, 'kind') ?? 'simple').toLowerCase();
  if (mode !== 'simple' && mode !== 'regex' && mode !== 'relaxed') return refuse(`parse kind=${mode}`, node);
  if (mode === 'relaxed' && kindOf(node) === 'ParseWhereOperator')
    return refuse('parse-where kind=relaxed', node, 'Use parse kind=relaxed and where.');
  const parts = children(node, 'Patterns').map((part): ParsePart => {
    const kind = kindOf(part);
    if (kind === 'StarExpression') return { kind: 'any' };
    if (kind === 'NameDeclaration') return { kind: 'column', column: { name: nameOf(part), type: 'string' } };
    if (kind === 'NameAndTypeDeclaration')
      return { kind: 'column', column: { name: nameOf(need(part, 'Name')), type: typeNamed(need(part, 'Type')) } };
    const text = binder.scalar(part, scope);
    return text.kind === 'literal' && typeof text.value === 'string'
      ? { kind: 'text', text: text.value }
      : refuse('A parse pattern that is not a constant', part);
  });
  const value = need(node, 'Expression');
  // A parsed column takes the place of one of that name, whatever type it has.
  const untyped = parts.find((p) => p.kind === 'column' && p.column.type === 'dynamic');
  if (untyped?.kind === 'column')
    return refuse(
      `parse into '${untyped.column.name}', a dynamic column,`,
      node,
      'Parse it as a string and make it dynamic with todynamic().',
    );
  const made = new Map(parts.flatMap((p) => (p.kind === 'column' ? [[p.column.name, p.column] as const] : [])));
  return {
    kind: 'parse',
    input,
    mode,
    parts,
    flags: parameterText(node, 'flags') ?? '',
    where: kindOf(node) === 'ParseWhereOperator',
    value: converted(binder.scalar(value, scope.withRow(input.columns)), 'string', value),
    columns: distinctNames(outputsOf(node)).map((c) => made.get(c.name) ?? c),
    place: placeOf(node),
  };
}
function distinctNames(columns: readonly Column[]): Column[] {
  return columns.filter((c, i) => columns.findIndex((o) => o.name === c.name) === i);
}

/** `parse-kv`: columns out of a text of keys and values; its options must be constants. */
export function bindParseKv(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const options: Record<string, LiteralValue> = {};
  const clause = child(node, 'WithClause');
  for (const property of clause ? children(clause, 'Properties') : []) {
    const value = constantOf(need(property, 'Expression'), scope, binder);
    const name = nameOf(need(property, 'Name')).toLowerCase();
    if (!value) return refuse('A parse-kv option that is not a constant', property);
    // Pairs of quotes and escapes may be several; a line's end parts them, which none of them can be.
    const several = name === 'quote' || name === 'escape';
    if (name in options && !several) return refuse(`parse-kv with several ${name} options`, property);
    options[name] = name in options ? `${String(options[name])}\n${String(value.value)}` : value.value;
  }
  const value = need(node, 'Expression');
  const keys = schemaColumns(children(need(node, 'Keys'), 'Columns'));
  const untyped = keys.find((k) => k.type === 'dynamic');
  if (untyped)
    return refuse(
      `parse-kv into '${untyped.name}', a dynamic column,`,
      node,
      'Take it as a string and make it dynamic with todynamic().',
    );
  const clash = keys.find((k) => input.columns.some((c) => c.name === k.name));
  if (clash)
    return refuse(
      `parse-kv of a key named as the column '${clash.name}'`,
      node,
      'Rename the column first, with project-rename.',
    );
  return {
    kind: 'parseKv',
    input,
    options,
    keys,
    value: converted(binder.scalar(value, scope.withRow(input.columns)), 'string', value),
    columns: outputsOver(
      node,
      input,
      keys.map((k) => k.name),
    ),
    place: placeOf(node),
  };
}

/** `scan`: steps that rows match in turn, and the declared columns as they keep them from row to row. */
export function bindScan(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const declare = child(node, 'DeclareClause');
  const declared = (declare ? children(declare, 'Declarations') : []).map((d) => {
    const declaration = need(d, 'NameAndType');
    const column: Column = { name: nameOf(need(declaration, 'Name')), type: typeNamed(need(declaration, 'Type')) };
    const start = child(d, 'DefaultValue');
    return {
      column,
      expr: start
        ? converted(binder.scalar(need(start, 'Value'), scope), column.type, start)
        : literal(column.type, column.type === 'string' ? '' : null),
    };
  });
  const steps = children(node, 'Steps');
  const names = steps.map((s) => nameOf(need(s, 'Name')));
  const row = new Scope(scope, { row: input.columns, steps: new Set(names) });
  // Without a step before it, a declared name is what it begins with.
  for (const { column, expr } of declared)
    if (!input.columns.some((c) => c.name === column.name))
      row.names.set(column.name, { kind: 'scalar', expr: () => expr });
  const order = child(node, 'OrderByClause');
  const partition = child(node, 'PartitionByClause');
  const sorted: Rel = order
    ? {
        kind: 'sort',
        input,
        keys: bindSortKeys(children(order, 'Expressions'), scope.withRow(input.columns), binder),
        columns: input.columns,
        place: placeOf(order),
      }
    : input;
  const idName = parameterText(node, 'with_match_id');
  // Microsoft's binder knows the column in any case, the service makes it where it is asked for.
  if (idName === undefined) {
    if ([...input.columns, ...declared.map((d) => d.column)].some((c) => c.name === 'match_id'))
      return refuse(
        'scan over rows with a column match_id',
        node,
        'Rename the column first, or name another one by with_match_id.',
      );
    forgetColumn(node.ResultType, 'match_id');
  }
  return {
    kind: 'scan',
    input: sorted,
    declared,
    ...(idName === undefined ? {} : { idName }),
    columns: outputsOver(node, input, [
      ...declared.map((d) => d.column.name),
      ...(idName === undefined ? [] : [idName]),
    ]),
    place: placeOf(node),
    partition: partition
      ? children(partition, 'Expressions').map((p) => binder.scalar(p, scope.withRow(input.columns)))
      : [],
    steps: steps.map((s, i): ScanStep => {
      if (child(s, 'OptionalKeyword')) return refuse('scan with optional steps', s);
      const output = child(s, 'ScanStepOutput');
      const computation = child(s, 'ComputationClause');
      return {
        name: names[i]!,
        output: (output ? textOf(need(output, 'OutputKind')).toLowerCase() : 'all') as ScanStep['output'],
        condition: binder.scalar(need(s, 'Condition'), row),
        assignments: (computation ? children(computation, 'Assignments') : []).map((a) => {
          const name = nameOf(need(a, 'Name'));
          const column =
            declared.find((d) => d.column.name === name)?.column ?? refuse(`The scan variable '${name}'`, a);
          return { column, expr: converted(binder.scalar(need(a, 'Expression'), row), column.type, a) };
        }),
      };
    }),
  };
}

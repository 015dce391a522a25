import type { Column } from '../../model/kqlType.ts';
import { child, need } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Expr, Rel } from '../plan.ts';
import { NeedsDiscovery } from './evaluate.ts';
import { placeOf, refuse } from './refusal.ts';
import { literal, Scope } from './scope.ts';
import type { Binder } from './scope.ts';
import { parameterText } from './tree.ts';

/**
 * `partition by k (...)` runs a subquery on the rows of each key; `partition by k {...}` runs a query of its own for
 * each, which knows the key alone.
 */
export function bindPartition(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const place = placeOf(node);
  const operand = need(node, 'Operand');
  if (child(node, 'Scope')) return refuse('partition with a scope', node);
  const strategy = (parameterText(node, 'hint.strategy') ?? 'legacy').toLowerCase();
  const query = child(operand, 'Subquery') ?? child(operand, 'Query') ?? refuse('This partition', node);
  const by = need(node, 'ByExpression');
  const key = binder.scalar(by, scope.withRow(input.columns));
  if (child(operand, 'OpenBrace')) {
    if (strategy !== 'legacy')
      return refuse(
        `partition over a query in braces with hint.strategy=${strategy}`,
        node,
        'Braces are for the legacy strategy.',
      );
    return perKey(node, by, query, key, input, scope, binder);
  }
  const subject = { id: binder.nextId(), columns: input.columns };
  const body = binder.tabular(query, scope.withSubject({ kind: 'subject', subject, columns: input.columns, place }));
  return { kind: 'partition', input, subject, body, key, limited: strategy === 'legacy', columns: body.columns, place };
}

/**
 * The keys are found first; the query is then bound once for each, the key a constant in it, and its answers are put
 * together.
 */
function perKey(
  node: SyntaxNode,
  by: SyntaxNode,
  query: SyntaxNode,
  key: Expr,
  input: Rel,
  scope: Scope,
  binder: Binder,
): Rel {
  if (key.kind !== 'column') return refuse('partition over a query in braces by something other than a column', by);
  if (key.type === 'dynamic' || key.type === 'decimal' || key.type === 'real')
    return refuse(`partition over a query in braces by a column of type ${key.type}`, by);
  const known = binder.discovered(by, scope);
  if (!known.columns) throw new NeedsDiscovery({ ...known, plugin: 'partition', input, value: key });
  const place = placeOf(node);
  const bound = (value: Expr): Rel => {
    const own: Rel = {
      kind: 'filter',
      input,
      condition: { kind: 'call', name: '==', args: [key, value], type: 'bool', place },
      columns: input.columns,
      place,
    };
    const inner = new Scope(scope, { subject: own, row: [] });
    inner.names.set(key.name, { kind: 'scalar', expr: () => value });
    return binder.tabular(query, inner);
  };
  const bodies = known.columns.map((found) => bound(keyLiteral(found)));
  const [first] = bodies;
  if (!first) {
    const none = bound(literal(key.type, null));
    return { kind: 'take', input: none, count: literal('long', 0n), keys: [], columns: none.columns, place };
  }
  return {
    kind: 'union',
    inputs: bodies.map((rel) => ({ rel, name: '', target: rel.columns.map((_, i) => i) })),
    columns: first.columns,
    place,
  };
}
/** A key as it was found: its text stands for the name of a column. */
function keyLiteral({ name, type }: Column): Expr {
  if (type === 'bool') return literal(type, name === 'true');
  return literal(type, type === 'string' || type === 'guid' ? name : BigInt(name));
}

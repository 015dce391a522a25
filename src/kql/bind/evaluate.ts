import type { Column } from '../../model/kqlType.ts';
import { child, children, kindOf, need, textOf } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import { bindPlugin } from './plugins.ts';
import { packedTypes } from './packed.ts';
import { placeOf, refuse } from './refusal.ts';
import { columnExpr } from './scope.ts';
import type { Binder, Scope } from './scope.ts';
import { bareOf, constantOf, givenNames, nameOf, outputsOf, schemaColumns } from './tree.ts';

/**
 * What a data-dependent plugin needs to know before its columns are known: the rows it stands on and the question to
 * ask of them.
 */
export interface Discovery {
  readonly plugin: 'bag_unpack' | 'pivot' | 'partition';
  /** Where the call ends in the query's text, and which call it is: the places of the calls around it and its own. */
  readonly at: number;
  readonly key: readonly number[];
  readonly input: Rel;
  readonly value: Expr;
  /** Columns the plugin keeps besides those it makes; absent where none are written into the text. */
  readonly kept?: readonly Column[];
  readonly shape?: (found: readonly Column[]) => Column[];
}
/** Thrown while binding when a plugin's columns must be found first; the engine runs `discovery` and binds again. */
export class NeedsDiscovery extends Error {
  readonly discovery: Discovery;
  constructor(discovery: Discovery) {
    super('columns depend on the data');
    this.discovery = discovery;
  }
}

/** `evaluate PLUGIN(...)`: each supported plugin as a plan of its own; refused by name where it is not one. */
export function bindEvaluate(node: SyntaxNode, input: Rel | undefined, scope: Scope, binder: Binder): Rel {
  const callNode = need(node, 'FunctionCall');
  const plugin = (need(callNode, 'Name').SimpleName ?? textOf(need(callNode, 'Name'))).toLowerCase();
  const { positional, named } = argumentsOf(callNode);
  if (!input) return refuse(`The plugin ${plugin}()`, callNode);
  const row = scope.withRow(input.columns);
  switch (plugin) {
    case 'bag_unpack':
      return bagUnpack(node, callNode, positional, named, input, row, binder);
    case 'pivot':
      return pivot(node, callNode, positional, input, row, binder);
    case 'narrow':
      return { kind: 'narrow', input, columns: outputsOf(node), place: placeOf(node) };
    case 'ipv4_lookup':
    case 'ipv6_lookup':
      return ipLookup(node, plugin, positional, named, input, row, binder);
    default:
      return (
        bindPlugin(plugin, node, callNode, positional, input, row, binder) ?? refuse(`The plugin ${plugin}()`, callNode)
      );
  }
}

function argumentsOf(callNode: SyntaxNode): { positional: SyntaxNode[]; named: Map<string, SyntaxNode> } {
  const positional: SyntaxNode[] = [];
  const named = new Map<string, SyntaxNode>();
  for (const arg of children(need(callNode, 'ArgumentList'), 'Expressions')) {
    if (kindOf(arg) === 'SimpleNamedExpression')
      named.set(nameOf(need(arg, 'Name')).toLowerCase(), need(arg, 'Expression'));
    else positional.push(arg);
  }
  return { positional, named };
}

function bagUnpack(
  node: SyntaxNode,
  callNode: SyntaxNode,
  positional: readonly SyntaxNode[],
  named: ReadonlyMap<string, SyntaxNode>,
  input: Rel,
  row: Scope,
  binder: Binder,
): Rel {
  const bagNode = named.get('column') ?? positional[0] ?? refuse('bag_unpack() without a column', callNode);
  const option = (name: string, at: number): (Expr & { kind: 'literal' }) | undefined => {
    const found = named.get(name) ?? positional[at];
    return found && (constantOf(found, row, binder) ?? refuse(`bag_unpack() with a computed ${name}`, found));
  };
  const bag = binder.scalar(bagNode, row);
  if (bag.kind !== 'column') return refuse('bag_unpack() of something other than a column', bagNode);
  if (bag.type !== 'dynamic')
    return refuse(`bag_unpack() of a ${bag.type}`, bagNode, 'Make it dynamic first, with parse_json().');
  const prefix = String(option('outputcolumnprefix', 1)?.value ?? '');
  const conflict = String(option('columnsconflict', 2)?.value ?? 'error');
  if (conflict !== 'error' && conflict !== 'replace_source' && conflict !== 'keep_source')
    return refuse(`bag_unpack() with columnsConflict='${conflict}'`, callNode);
  const ignoredText = option('ignoredproperties', 3)?.value;
  const ignored = new Set<string>(
    typeof ignoredText === 'string' && ignoredText !== '' ? (JSON.parse(ignoredText) as string[]) : [],
  );
  const rest = input.columns.filter((c) => c.name !== bag.name);
  const said = child(node, 'Schema');
  const schema = said && need(said, 'Schema');
  const given = schema && schemaColumns(children(schema, 'Columns'));
  const known = given && row.base === undefined ? undefined : binder.discovered(callNode, row);
  const shaped = (columns: readonly Column[]): Column[] =>
    columns.filter((c) => !ignored.has(c.name)).map((c) => ({ name: prefix + c.name, type: c.type }));
  if (given && !known?.written)
    return unpackGiven(node, input, bag, prefix, given, child(schema, 'AsteriskToken') ? rest : []);
  if (!known?.columns)
    throw new NeedsDiscovery({ ...known!, plugin: 'bag_unpack', input, value: bag, kept: rest, shape: shaped });
  if (known.columns.some((c) => c.name === ''))
    return refuse(
      'bag_unpack() of a property without a name',
      callNode,
      "Take it away first, with bag_remove_keys(bag, dynamic([''])).",
    );
  const packed = packedTypes(input);
  for (const { name, type } of known.columns) {
    const was = type === 'string' ? (packed.get(name) ?? packed.get(undefined)) : undefined;
    if (was)
      return refuse(
        `bag_unpack() of '${name}', which may have been packed from a ${was},`,
        callNode,
        `Say the columns, as in bag_unpack(bag) : (*, ${/^\w+$/.test(name) ? name : `['${name}']`}:${was}).`,
      );
  }
  const made = shaped(known.columns);
  const clash = made.filter((c) => rest.some((r) => r.name === c.name));
  if (clash.length > 0 && conflict === 'error')
    return refuse(
      `bag_unpack() of a property named as the column '${clash[0]?.name}'`,
      callNode,
      "Say columnsConflict='replace_source' or 'keep_source'.",
    );
  const outputs = made
    .filter((c) => conflict !== 'keep_source' || !clash.includes(c))
    .map((column) => ({ column, key: column.name.slice(prefix.length) }));
  // A replaced column keeps its place, the bag's own where a property has its name; the others follow.
  const columns = [
    ...input.columns.flatMap(
      (c) => outputs.find((o) => o.column.name === c.name)?.column ?? (c.name === bag.name ? [] : c),
    ),
    ...outputs.map((o) => o.column).filter((c) => !input.columns.some((i) => i.name === c.name)),
  ];
  return { kind: 'bagUnpack', input, bag, outputs, conflict, columns, place: placeOf(node) };
}

/**
 * bag_unpack() with an output schema: its columns, those not of the input from the bag, after all of the input where it
 * begins with `*`.
 */
function unpackGiven(
  node: SyntaxNode,
  input: Rel,
  bag: Expr,
  prefix: string,
  given: readonly Column[],
  kept: readonly Column[],
): Rel {
  const own = given.filter((c) => !kept.some((k) => k.name === c.name));
  const outputs = own
    .filter((c) => !input.columns.some((i) => i.name === c.name))
    .map((column) => ({ column, key: column.name.slice(column.name.startsWith(prefix) ? prefix.length : 0) }));
  const columns = [...kept, ...own.map((c) => input.columns.find((i) => i.name === c.name) ?? c)];
  return { kind: 'bagUnpack', input, bag, outputs, conflict: 'error', columns, place: placeOf(node) };
}

function pivot(
  node: SyntaxNode,
  callNode: SyntaxNode,
  positional: readonly SyntaxNode[],
  input: Rel,
  row: Scope,
  binder: Binder,
): Rel {
  const pivotNode = positional[0] ?? refuse('pivot() without a column', callNode);
  const place = placeOf(callNode);
  const column = binder.scalar(pivotNode, row);
  // Values are names only where their text is certain.
  if (!['string', 'int', 'long', 'guid'].includes(column.type))
    return refuse(
      `pivot() on a ${column.type}`,
      pivotNode,
      'Make a text of it first, with tostring() or format_datetime().',
    );
  const aggregate: Expr = positional[1]
    ? binder.scalar(positional[1], row)
    : { kind: 'aggregate', name: 'count', args: [], type: 'long', place };
  const used = usedColumns(aggregate);
  const keyNodes = positional.slice(2);
  const keyColumns =
    keyNodes.length > 0
      ? keyNodes.map((n) => binder.scalar(n, row))
      : input.columns
          .filter((c) => !(column.kind === 'column' && c.name === column.name) && !used.has(c.name))
          .map(columnExpr);
  const keys = keyColumns.map((expr, i): Assignment => ({
    column: { name: expr.kind === 'column' ? expr.name : nameOfKey(keyNodes[i]!, i), type: expr.type },
    expr,
  }));
  const said = child(node, 'Schema');
  const given =
    said &&
    schemaColumns(children(need(said, 'Schema'), 'Columns')).filter((c) => !keys.some((k) => k.column.name === c.name));
  const known = given && row.base === undefined ? undefined : binder.discovered(callNode, row);
  const found = known?.columns ?? (known?.written ? undefined : given);
  const shaped = (columns: readonly Column[]): Column[] => columns.map((c) => ({ name: c.name, type: aggregate.type }));
  if (!found)
    throw new NeedsDiscovery({
      ...known!,
      plugin: 'pivot',
      input,
      value: column,
      kept: keys.map((k) => k.column),
      shape: shaped,
    });
  if (found.some((c) => c.name === ''))
    return refuse('pivot() of an empty value', callNode, 'Filter it away first, or give it a name with iff().');
  const taken = new Set(keys.map((k) => k.column.name));
  const outputs = found.map((c) => ({
    column: {
      name: taken.has(c.name) ? refuse(`pivot() of a value named as the column '${c.name}'`, callNode) : c.name,
      type: aggregate.type,
    },
    value: c.name,
  }));
  return {
    kind: 'pivot',
    input,
    pivot: column,
    aggregate,
    keys,
    outputs,
    columns: [...keys.map((k) => k.column), ...outputs.map((o) => o.column)],
    place: placeOf(node),
  };
}
function nameOfKey(node: SyntaxNode, i: number): string {
  return givenNames(node)?.[0] ?? `Column${i + 1}`;
}
function usedColumns(expr: Expr): Set<string> {
  if (expr.kind === 'column') return new Set([expr.name]);
  return 'args' in expr
    ? new Set(expr.args.flatMap((a) => [...usedColumns(a)]))
    : 'value' in expr && typeof expr.value === 'object' && expr.value !== null
      ? usedColumns(expr.value)
      : new Set();
}

function ipLookup(
  node: SyntaxNode,
  plugin: 'ipv4_lookup' | 'ipv6_lookup',
  positional: readonly SyntaxNode[],
  named: ReadonlyMap<string, SyntaxNode>,
  input: Rel,
  row: Scope,
  binder: Binder,
): Rel {
  const [lookupNode, sourceNode, networkNode, ...extra] = positional;
  if (!lookupNode || !sourceNode || !networkNode) return refuse(`${plugin}() without its three first arguments`, node);
  const lookup = binder.tabular(lookupNode, row.withSubject(undefined));
  const keys = extra
    .filter((n) => kindOf(bareOf(n)) === 'NameReference')
    .map((n) => [nameOf(bareOf(n)), nameOf(bareOf(n))] as const);
  const flag = named.get('return_unmatched') ?? extra.find((n) => kindOf(bareOf(n)) !== 'NameReference');
  const columns = outputsOf(node);
  const rightColumns = lookup.columns.filter((c) => !keys.some(([, k]) => k === c.name));
  if (columns.length !== input.columns.length + rightColumns.length)
    return refuse(`${plugin}() over these columns`, node);
  const found: Rel = {
    kind: 'ipLookup',
    inRange: plugin === 'ipv4_lookup' ? 'ipv4_is_in_range' : 'ipv6_is_in_range',
    input,
    lookup,
    source: binder.scalar(sourceNode, row),
    network: binder.scalar(networkNode, row.withRow(lookup.columns)),
    keys,
    rightColumns,
    columns,
    place: placeOf(node),
    unmatched: flag ? constantOf(flag, row, binder)?.value === true : false,
  };
  // As the last operator it shows the lookup table's columns first; operators behind it have Microsoft's order.
  if (plugin === 'ipv4_lookup' || !node.Parent?.Parent || kindOf(node.Parent.Parent) !== 'ExpressionStatement')
    return found;
  const shown = [...columns.slice(input.columns.length), ...columns.slice(0, input.columns.length)];
  const items = shown.map((column) => ({ column, expr: columnExpr(column) }));
  return { kind: 'project', input: found, items, columns: shown, place: placeOf(node) };
}

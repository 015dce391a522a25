/**
 * The one door to Microsoft's KQL parser and binder (`@kusto/language-service-next`, C# compiled to JavaScript by
 * Bridge.NET).
 * The two bundles set the globals Bridge, System and Kusto and must load in this order. `$ctorN` names are Bridge
 * overload numbers: they may
 * be renumbered by any release, so the version is pinned and no other file knows them.
 */
import '@kusto/language-service-next/bridge.min.js';
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js';
import { AppError } from '../base/errors.ts';
import { parseLiteral } from './literal.ts';
import type { KqlSchema, SchemaDatabase, SchemaTable } from './schema.ts';
import type { Column, KqlType } from '../model/kqlType.ts';

/** A .NET collection as Bridge represents it. */
export type NetList<T> = readonly T[] | { readonly Count?: number; getItem?(i: number): T } | null | undefined;

export interface KustoSymbol {
  readonly Name: string;
  readonly Kind: number;
  readonly Columns?: NetList<ColumnSymbol>;
  readonly Members?: NetList<KustoSymbol>;
  readonly IsOpen?: boolean;
  readonly IsSorted?: boolean;
  readonly IsSerialized?: boolean;
  readonly Type?: KustoSymbol;
  readonly Description?: string;
}
export interface ColumnSymbol extends KustoSymbol {
  readonly Type: KustoSymbol;
  readonly OriginalColumns?: NetList<ColumnSymbol>;
}
export interface ParameterInfo extends KustoSymbol {
  readonly DefaultValue?: SyntaxNode | null;
  readonly DeclaredTypes?: NetList<KustoSymbol>;
}
export interface Signature {
  readonly Parameters: NetList<ParameterInfo>;
  readonly Symbol?: KustoSymbol;
  /** The body as it is declared; absent for stored and built-in functions. */
  readonly Declaration?: SyntaxNode | null;
}

/** A node or token of the syntax tree; named children are read with `child` and `children`. */
export interface SyntaxNode {
  readonly Kind: number;
  /** Whether there is an error of syntax at or below it, and what the binder says of it alone. */
  readonly ContainsSyntaxDiagnostics?: boolean;
  readonly SemanticDiagnostics?: NetList<Diagnostic>;
  readonly IsToken: boolean;
  readonly IsMissing: boolean;
  readonly ChildCount: number;
  readonly TextStart: number;
  readonly Width: number;
  readonly End: number;
  readonly Parent: SyntaxNode | null;
  readonly ResultType?: KustoSymbol | null;
  readonly ReferencedSymbol?: KustoSymbol | null;
  readonly ReferencedSignature?: Signature | null;
  /** Tokens only: the text as written, and its value without quotes. */
  readonly Text?: string;
  readonly ValueText?: string;
  readonly SimpleName?: string;
  GetChild(i: number): SyntaxNode | null;
  GetName(i: number): string;
  toString(): string;
  GetCalledFunctionBody?(): SyntaxNode | null;
  GetTokenAt?(position: number): SyntaxNode | null;
}

export interface Diagnostic {
  readonly Severity: string;
  readonly Code: string;
  readonly Start: number;
  readonly Length: number;
  readonly Message: string;
}
export interface KustoCode {
  readonly Text: string;
  readonly Syntax: SyntaxNode;
  readonly ResultType?: KustoSymbol | null;
  /** Was it bound? Not where only syntax was asked for, or where it is too deep. */
  readonly HasSemantics: boolean;
  GetDiagnostics(): NetList<Diagnostic>;
}
/** Microsoft's immutable description of what names mean. Opaque: made by `globalsFor`. */
export interface GlobalState {
  readonly Functions: NetList<KustoSymbol>;
  readonly Aggregates: NetList<KustoSymbol>;
  readonly PlugIns: NetList<KustoSymbol>;
  readonly Database: KustoSymbol;
  WithCluster(cluster: KustoSymbol): GlobalState;
  WithDatabase(database: KustoSymbol): GlobalState;
  WithFunctions(functions: unknown): GlobalState;
  WithCache(): GlobalState;
}

interface ReturnContext {
  readonly Arguments: NetList<SyntaxNode>;
}
type Ctor<A extends readonly unknown[], R = KustoSymbol> = new (...args: A) => R;
interface KustoApi {
  readonly KustoCode: {
    Parse(text: string, globals: GlobalState): KustoCode;
    ParseAndAnalyze(text: string, globals: GlobalState): KustoCode;
  };
  readonly GlobalState: { readonly Default: GlobalState };
  readonly Symbols: {
    readonly ScalarTypes: Readonly<Record<string, KustoSymbol>>;
    readonly ColumnSymbol: Ctor<[string, KustoSymbol, null, null, null, null], ColumnSymbol>;
    readonly TableSymbol: {
      readonly $ctor4: Ctor<[string, readonly KustoSymbol[]], KustoSymbol & { WithIsOpen(open: boolean): KustoSymbol }>;
    };
    readonly FunctionSymbol: {
      readonly $ctor16: Ctor<[string, string, string, string | null]>;
      readonly ctor: Ctor<[string, (context: ReturnContext) => KustoSymbol, number, readonly KustoSymbol[]]>;
    };
    readonly Parameter: { readonly $ctor2: Ctor<[string, KustoSymbol]> };
    readonly DatabaseSymbol: {
      readonly ctor: Ctor<[string, readonly KustoSymbol[]]>;
      readonly $ctor1: Ctor<[string, readonly KustoSymbol[], boolean]>;
    };
    readonly ClusterSymbol: { readonly ctor: Ctor<[string, readonly KustoSymbol[]]> };
    readonly Tabularity: { readonly Unspecified: number; readonly Tabular: number };
  };
  readonly Diagnostic: { readonly NoDiagnostics: NetList<Diagnostic> };
  readonly Syntax: { readonly SyntaxKind: unknown };
  readonly Binding: {
    readonly Binder: {
      GetExpressionResultName(node: SyntaxNode, defaultName: string | null, row: null): string | null;
    };
    readonly ColumnMap: { readonly prototype: ColumnMap };
  };
  /** The editor services: kustoEditor.ts knows their shape. */
  readonly Editor: unknown;
  readonly Utils: { readonly CancellationToken: new () => unknown };
}
/** The binder's columns by name: one, a list of one type, or a dictionary by type. */
interface ColumnMap {
  Add(column: ColumnSymbol): void;
  GetTypeKey(type: KustoSymbol): unknown;
  readonly _nameMap: {
    tryGetValue(name: string, found: { v?: unknown }): boolean;
    setItem(name: string, value: unknown): void;
  };
}
interface NetSystem {
  readonly Array: {
    getCount(list: unknown): number;
    getItem(list: unknown, i: number): unknown;
    init(items: readonly unknown[], type: unknown): unknown;
  };
  readonly Enum: { toString(type: unknown, value: number): string };
}

const host = globalThis as unknown as { readonly Kusto: { readonly Language: KustoApi }; readonly System: NetSystem };
/** The raw API, for the editor services of this layer. */
export const kusto: KustoApi = host.Kusto.Language;
const net = host.System;
const symbols = kusto.Symbols;
let asShipped = false;
mendColumnMap();

/**
 * A column whose type differs from two of its name and of one type is lost in Microsoft's build: a union over many
 * tables then has `Status` of
 * the first type alone, where the service has a column for each. Added one by one, none is.
 */
function mendColumnMap(): void {
  const { prototype } = kusto.Binding.ColumnMap;
  const add = prototype.Add;
  prototype.Add = function (this: ColumnMap, column) {
    if (asShipped) {
      add.call(this, column);
      return;
    }
    const found: { v?: unknown } = {};
    const held =
      this._nameMap.tryGetValue(column.Name, found) &&
      typeof (found.v as { getItem?: unknown }).getItem === 'function' &&
      !('tryGetValue' in (found.v as object))
        ? list(found.v as NetList<ColumnSymbol>)
        : [];
    const split = held.length > 0 && this.GetTypeKey(held[0]!.Type) !== this.GetTypeKey(column.Type);
    if (split) this._nameMap.setItem(column.Name, held[0]);
    add.call(this, column);
    if (split) for (const other of held.slice(1)) add.call(this, other);
  };
}

/** A .NET collection as an array. */
export function list<T>(items: NetList<T>): T[] {
  if (!items) return [];
  if (Array.isArray(items)) return items as T[];
  const found = items as { readonly Count?: number; getItem?(i: number): T };
  const count = found.Count ?? net.Array.getCount(items);
  return Array.from({ length: count }, (_, i) =>
    found.getItem ? found.getItem(i) : (net.Array.getItem(items, i) as T),
  );
}
/** An array as the .NET array a constructor wants. */
function netArray(items: readonly unknown[], type: unknown): unknown {
  return net.Array.init(items, type);
}
function enumName(type: unknown, value: number): string {
  return net.Enum.toString(type, value);
}

const kindNames: string[] = [];
/** The kind of a node or token by its C# name, e.g. `FilterOperator`, `LongLiteralExpression`. */
export function kindOf(node: SyntaxNode): string {
  const kind = node.Kind;
  return (kindNames[kind] ??= enumName(kusto.Syntax.SyntaxKind, kind));
}
/** The class of a symbol without its namespace, e.g. `TableSymbol`, `ColumnSymbol`, `VariableSymbol`. */
export function symbolClass(symbol: KustoSymbol | null | undefined): string {
  const name = (symbol?.constructor as { readonly $$name?: string } | undefined)?.$$name ?? '';
  return name.slice(name.lastIndexOf('.') + 1);
}

/** A named child, e.g. `child(filter, 'Condition')`; undefined where absent or empty. */
export function child(node: SyntaxNode, name: string): SyntaxNode | undefined {
  const found = (node as unknown as Record<string, SyntaxNode | null | undefined>)[name];
  return found === null || found === undefined || (found.IsToken && !found.Text) ? undefined : found;
}
/** A named child the grammar promises. */
export function need(node: SyntaxNode, name: string): SyntaxNode {
  const found = child(node, name);
  if (!found) throw new AppError('bug.syntaxTree', `The syntax tree has no ${name} in ${kindOf(node)}.`);
  return found;
}
/** The elements of a named list child, without separators. */
export function children(node: SyntaxNode, name: string): SyntaxNode[] {
  const found = (node as unknown as Record<string, SyntaxNode | null | undefined>)[name];
  return found ? elements(found) : [];
}
export function elements(listNode: SyntaxNode): SyntaxNode[] {
  const items: SyntaxNode[] = [];
  for (let i = 0; i < listNode.ChildCount; i++) {
    const item = listNode.GetChild(i);
    if (item) items.push(kindOf(item) === 'SeparatedElement' ? (item.GetChild(0) ?? item) : item);
  }
  return items;
}
/** Every node below and with `node`, parents first; return false from `visit` to skip what is below. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => boolean | void): void {
  if (visit(node) === false) return;
  for (let i = 0; i < node.ChildCount; i++) {
    const next = node.GetChild(i);
    if (next) walk(next, visit);
  }
}
/** The text a node spans, without leading trivia. */
export function textOf(node: SyntaxNode): string {
  const only = node.ChildCount === 1 ? node.GetChild(0) : null;
  // Writing a tree goes through every token's trivia, which for a name alone is in vain.
  return only?.IsToken && only.Text !== undefined ? only.Text : node.toString().trim();
}

/** The column name an expression has when none is given; undefined where it gets a numbered one. */
export function resultNameOf(node: SyntaxNode): string | undefined {
  return guarded(() => kusto.Binding.Binder.GetExpressionResultName(node, null, null)) || undefined;
}

const absent = new WeakSet<ColumnSymbol>();
const absentNames: string[] = [];
/** From here on a column the binder has made up is in no table's columns, nor is one made of it alone. */
export function forgetColumn(type: KustoSymbol | null | undefined, name: string): void {
  const found = list(type?.Columns).find((column) => column.Name === name);
  if (!found) return;
  absent.add(found);
  if (!absentNames.includes(name)) absentNames.push(name);
}
function isAbsent(column: ColumnSymbol): boolean {
  // Nearly all columns are told by their name; a copy may have a number behind it.
  if (!absentNames.some((name) => column.Name.startsWith(name))) return false;
  if (absent.has(column)) return true;
  const of = column.OriginalColumns;
  return of !== null && of !== undefined && list(of).length > 0 && list(of).every(isAbsent);
}

/**
 * Columns of a tabular result type; a type the product does not know (unknown, int-like aliases) falls to `dynamic`.
 */
export function columnsOf(type: KustoSymbol | null | undefined): Column[] {
  return list(type?.Columns)
    .filter((column) => !isAbsent(column))
    .map((column) => ({ name: column.Name, type: kqlTypeOf(column.Type) ?? 'dynamic' }));
}
const TYPE_NAMES: Readonly<Record<string, KqlType>> = {
  bool: 'bool',
  boolean: 'bool',
  int: 'int',
  int32: 'int',
  long: 'long',
  int64: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  uuid: 'guid',
  uniqueid: 'guid',
  dynamic: 'dynamic',
};
/**
 * The KQL type a type symbol stands for: `dynamic(...)` refinements are dynamic; undefined for tables, unknown, void.
 */
export function kqlTypeOf(type: KustoSymbol | null | undefined): KqlType | undefined {
  if (!type) return undefined;
  if (/^Dynamic|^TupleSymbol/.test(symbolClass(type)) && symbolClass(type) !== 'TupleSymbol') return 'dynamic';
  return TYPE_NAMES[type.Name];
}
/** The KQL type a name in a query stands for, aliases included. */
export function kqlTypeNamed(name: string): KqlType | undefined {
  return TYPE_NAMES[name.toLowerCase()];
}

const NET_TYPE: Readonly<Record<KqlType, string>> = {
  bool: 'Bool',
  int: 'Int',
  long: 'Long',
  real: 'Real',
  decimal: 'Decimal',
  string: 'String',
  datetime: 'DateTime',
  timespan: 'TimeSpan',
  guid: 'Guid',
  dynamic: 'Dynamic',
};
function scalarType(type: KqlType): KustoSymbol {
  return symbols.ScalarTypes[NET_TYPE[type]]!;
}
function columnSymbol(column: Column): ColumnSymbol {
  return new symbols.ColumnSymbol(column.name, scalarType(column.type), null, null, null, null);
}
function tableSymbol(table: SchemaTable): KustoSymbol {
  const made = new symbols.TableSymbol.$ctor4(table.name, table.columns.map(columnSymbol));
  return table.open ? made.WithIsOpen(true) : made;
}

/** Where a table symbol came from: lets a plan say which catalog's table a name is. */
interface TableOrigin {
  readonly database: SchemaDatabase;
  readonly table: SchemaTable;
}
const origins = new WeakMap<object, TableOrigin>();
export function originOf(symbol: KustoSymbol | null | undefined): TableOrigin | undefined {
  return symbol ? origins.get(symbol) : undefined;
}

const databases = new WeakMap<SchemaDatabase, KustoSymbol>();
/** The database symbol of a schema, made once per schema object (schemas are immutable). */
function databaseSymbol(database: SchemaDatabase): KustoSymbol {
  let made = databases.get(database);
  if (made) return made;
  const tables = database.tables.map((table) => {
    const symbol = tableSymbol(table);
    origins.set(symbol, { database, table });
    return symbol;
  });
  const functions = (database.functions ?? []).map(
    (f) => new symbols.FunctionSymbol.$ctor16(f.name, parameterList(f.parameters), bodyText(f.body), null),
  );
  made = new symbols.DatabaseSymbol.ctor(database.name, [...tables, ...functions]);
  databases.set(database, made);
  return made;
}
function parameterList(text: string): string {
  const bare = text.trim();
  return bare.startsWith('(') ? bare : `(${bare})`;
}
function bodyText(text: string): string {
  const bare = text.trim();
  return bare.startsWith('{') ? bare : `{ ${bare} }`;
}

/** Functions of Azure Monitor and Sentinel that every workspace has and whose columns depend on its data. */
const OPEN_FUNCTIONS: readonly { readonly name: string; readonly columns: readonly Column[] }[] = [
  {
    name: '_GetWatchlist',
    columns: [
      { name: '_DTItemId', type: 'string' },
      { name: 'LastUpdatedTimeUTC', type: 'datetime' },
      { name: 'SearchKey', type: 'string' },
      { name: 'WatchlistItem', type: 'dynamic' },
    ],
  },
];

/** States as they were before they got their cache, which holds unions as `mendColumnMap` has them. */
const uncached = new WeakMap<GlobalState, GlobalState>();
const globalsCache = new WeakMap<
  SchemaDatabase,
  { readonly resolve: KqlSchema['resolve']; readonly globals: GlobalState }
>();
/**
 * What names mean for a query over `schema`: its tables and functions, `workspace()`, `app()`, `resource()`,
 * watchlists. Cached per database object.
 */
export function globalsFor(schema: KqlSchema): GlobalState {
  const cached = globalsCache.get(schema.database);
  if (cached && cached.resolve === schema.resolve) return cached.globals;
  const database = databaseSymbol(schema.database);
  const cluster = new symbols.ClusterSymbol.ctor('workspace', [database]);
  const base = kusto.GlobalState.Default.WithCluster(cluster).WithDatabase(database);
  const own = new Set((schema.database.functions ?? []).map((f) => f.name));
  const extra = [
    ...(['workspace', 'app', 'resource'] as const).map(
      (kind) =>
        new symbols.FunctionSymbol.ctor(
          kind,
          (context) => {
            const name = constantText(list(context.Arguments)[0]);
            const found = name === undefined ? undefined : schema.resolve?.(kind, name);
            return found ? databaseSymbol(found) : new symbols.DatabaseSymbol.$ctor1(name ?? kind, [], true);
          },
          symbols.Tabularity.Unspecified,
          [new symbols.Parameter.$ctor2('name', scalarType('string'))],
        ),
    ),
    ...OPEN_FUNCTIONS.filter((f) => !own.has(f.name)).map(
      (f) =>
        new symbols.FunctionSymbol.ctor(
          f.name,
          () => tableSymbol({ name: f.name, columns: f.columns, open: true }),
          symbols.Tabularity.Tabular,
          [new symbols.Parameter.$ctor2('name', scalarType('string'))],
        ),
    ),
  ];
  const bare = base.WithFunctions(netArray([...list(base.Functions), ...extra], symbols.FunctionSymbol));
  const globals = bare.WithCache();
  uncached.set(globals, bare);
  globalsCache.set(schema.database, { resolve: schema.resolve, globals });
  return globals;
}
function constantText(node: SyntaxNode | undefined): string | undefined {
  const token = node && child(node, 'Token');
  const value = token?.Text === undefined ? undefined : parseLiteral('string', token.Text);
  return typeof value === 'string' ? value : undefined;
}

/** A diagnostic with its place: offsets in UTF-16 units, line and column from 1. */
export interface PlacedDiagnostic {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
}
export function lineColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/**
 * Parses and binds. Nothing the generated code throws passes this door (Node would print its 4 MB line):
 * `query.unsupported` where it cannot take the text.
 */
export function analyze(text: string, globals: GlobalState): KustoCode {
  return read(text, () => kusto.KustoCode.ParseAndAnalyze(text, globals));
}
/** What Microsoft's build says as it is shipped, without what `mendColumnMap` mends. */
export function analyzeAsShipped(text: string, globals: GlobalState): KustoCode {
  asShipped = true;
  try {
    return analyze(text, (uncached.get(globals) ?? globals).WithCache());
  } finally {
    asShipped = false;
  }
}
/** Whether Microsoft's build as it is shipped finds no error at a place. */
export function acceptsAsShipped(text: string, globals: GlobalState, place: number): boolean {
  return !diagnosticsOf(analyzeAsShipped(text, globals)).some((d) => d.severity === 'Error' && d.start === place);
}
export function parse(text: string, globals: GlobalState = kusto.GlobalState.Default): KustoCode {
  return read(text, () => kusto.KustoCode.Parse(text, globals));
}
/** Some texts make the parser itself fail, such as `extend a[int(null)]`, whose column it cannot name. */
function read(text: string, work: () => KustoCode): KustoCode {
  try {
    return work();
  } catch (thrown) {
    const said = String((thrown as Error | null)?.message ?? thrown).slice(0, 200);
    throw new AppError(
      'query.unsupported',
      `Microsoft's KQL parser fails on this text (${said}), and the local engine reads by it. Write the part it stumbles over another way, with a name for each column.`,
      { data: { construct: 'parser', start: 0, length: text.length } },
    );
  }
}
export function diagnosticsOf(code: KustoCode): PlacedDiagnostic[] {
  return guarded(() =>
    isFaultless(code)
      ? []
      : list(code.GetDiagnostics()).map((d) => ({
          severity: d.Severity,
          code: d.Code,
          message: d.Message,
          start: d.Start,
          length: d.Length,
          ...lineColumn(code.Text, d.Start),
        })),
  );
}
/** Nothing to say about any node: most queries, and a tenth of the price of gathering what there is not. */
function isFaultless(code: KustoCode): boolean {
  const nothing = kusto.Diagnostic.NoDiagnostics;
  const clean = (node: SyntaxNode): boolean => {
    const said = node.SemanticDiagnostics;
    if (said !== nothing && list(said).length > 0) return false;
    for (let i = 0, n = node.ChildCount; i < n; i++) {
      const inner = node.GetChild(i);
      if (inner && !inner.IsToken && !clean(inner)) return false;
    }
    return true;
  };
  return code.HasSemantics && code.Syntax.ContainsSyntaxDiagnostics === false && clean(code.Syntax);
}
/** Runs generated code: whatever it throws becomes an AppError whose stack is ours. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError(
      'bug.parser',
      `The KQL parser failed on this text: ${String((thrown as Error | null)?.message ?? thrown).slice(0, 200)}`,
    );
  }
}

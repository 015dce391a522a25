/**
 * The one door to Microsoft's KQL parser and binder (`@kusto/language-service-next`, C# compiled to JavaScript by
 * Bridge.NET): loads it, and says what of it we use. Only the files `kusto*` beside this one call what is here.
 *
 * The two bundles set the globals Bridge, System and Kusto and must load in this order. `$ctorN` names are Bridge
 * overload numbers: they may be renumbered by any release, so the version is pinned and no other file knows them.
 */
import '@kusto/language-service-next/bridge.min.js';
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js';
import { AppError } from '../base/errors.ts';

/** A .NET collection as Bridge represents it. */
export type NetList<T> = readonly T[] | { readonly Count?: number; getItem?(i: number): T } | null | undefined;

/**
 * What a name stands for, as Microsoft's library describes it: a table, a column, a function, a type. Only what we read
 * of it.
 */
export interface KustoSymbol {
  readonly Name: string;
  readonly Kind: number;
  readonly Columns?: NetList<ColumnSymbol>;
  readonly Members?: NetList<KustoSymbol>;
  readonly Signatures?: NetList<Signature>;
  readonly IsOpen?: boolean;
  readonly IsSorted?: boolean;
  readonly IsSerialized?: boolean;
  readonly Type?: KustoSymbol;
  readonly Description?: string;
}
/** A column's symbol; `OriginalColumns` are those a join or a union made it of. */
export interface ColumnSymbol extends KustoSymbol {
  readonly Type: KustoSymbol;
  readonly OriginalColumns?: NetList<ColumnSymbol>;
}
/** A parameter of a function's signature; `DefaultValue` where it may be left out. */
export interface ParameterInfo extends KustoSymbol {
  readonly DefaultValue?: SyntaxNode | null;
  readonly DeclaredTypes?: NetList<KustoSymbol>;
}
/** One way to call a function. */
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

/** A diagnostic as Microsoft's library gives it, its place in UTF-16 units of the text. */
export interface Diagnostic {
  readonly Severity: string;
  readonly Code: string;
  readonly Start: number;
  readonly Length: number;
  readonly Message: string;
}
/** A text that was parsed, and bound where that was asked for. */
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
  WithParameters(parameters: readonly KustoSymbol[]): GlobalState;
  WithCache(): GlobalState;
}

/** What a signature is told of the call whose type it says. */
export interface ReturnContext {
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
    readonly ParameterSymbol: { readonly ctor: Ctor<[string, KustoSymbol, string | null]> };
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
export interface ColumnMap {
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
export function netArray(items: readonly unknown[], type: unknown): unknown {
  return net.Array.init(items, type);
}
/** The C# name of a value of an enumeration. */
export function enumName(type: unknown, value: number): string {
  return net.Enum.toString(type, value);
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

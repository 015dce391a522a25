/** Parsing and binding with Microsoft's library, and what it says against a text. */
import { AppError } from '../base/errors.ts';
import { guarded, kusto, list } from './kustoApi.ts';
import type { ColumnMap, ColumnSymbol, GlobalState, KustoCode, NetList, SyntaxNode } from './kustoApi.ts';
import { withoutCache } from './kustoGlobals.ts';
import { checkDepth, checkExpansion, tooDeep } from './queryLimits.ts';

let asShipped = false;
mendColumnMap();

/**
 * A column whose type differs from two of its name and of one type is lost in Microsoft's build: a union over many
 * tables then has `Status` of the first type alone, where the service has a column for each. Added one by one, none is.
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
/** Line and column, both from 1, of an offset in UTF-16 units. */
export function lineColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/**
 * Parses and binds. Nothing the generated code throws passes this door (Node would print its 4 MB line):
 * `query.unsupported` where it cannot take the text, `query.tooComplex` where it would take it too long.
 */
export function analyze(text: string, globals: GlobalState): KustoCode {
  return read(text, () => {
    checkExpansion(text);
    return kusto.KustoCode.ParseAndAnalyze(text, globals);
  });
}
/** What Microsoft's build says as it is shipped, without what `mendColumnMap` mends. */
export function analyzeAsShipped(text: string, globals: GlobalState): KustoCode {
  asShipped = true;
  try {
    return analyze(text, withoutCache(globals).WithCache());
  } finally {
    asShipped = false;
  }
}
/** Whether Microsoft's build as it is shipped finds no error at a place. */
export function acceptsAsShipped(text: string, globals: GlobalState, place: number): boolean {
  return !diagnosticsOf(analyzeAsShipped(text, globals)).some((d) => d.severity === 'Error' && d.start === place);
}
/** Syntax only, nothing is bound. `query.unsupported` and `query.tooComplex` as above. */
export function parse(text: string, globals: GlobalState = kusto.GlobalState.Default): KustoCode {
  return read(text, () => kusto.KustoCode.Parse(text, globals));
}
/** Some texts make the parser itself fail, such as `extend a[int(null)]`, whose column it cannot name. */
function read(text: string, work: () => KustoCode): KustoCode {
  checkDepth(text);
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    if (thrown instanceof RangeError) throw tooDeep(text.length);
    const said = String((thrown as Error | null)?.message ?? thrown).slice(0, 200);
    throw new AppError(
      'query.unsupported',
      `Microsoft's KQL parser fails on this text (${said}), and the local engine reads by it. Write the part it stumbles over another way, with a name for each column.`,
      { data: { construct: 'parser', start: 0, length: text.length } },
    );
  }
}
/** What Microsoft's library says against a text that was parsed or bound, with places. */
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

import { symbolClass, walk } from '../kusto.ts';
import { list } from '../kustoApi.ts';
import type { ColumnSymbol, KustoSymbol, NetList, SyntaxNode } from '../kustoApi.ts';

/** The columns of a table symbol, or the originals of a column symbol that joins or unions made. */
export function columnSymbolsOf(symbol: KustoSymbol): ColumnSymbol[] {
  return list(
    symbolClass(symbol) === 'ColumnSymbol'
      ? (symbol as KustoSymbol & { readonly OriginalColumns?: NetList<ColumnSymbol> }).OriginalColumns
      : symbol.Columns,
  );
}

/** A name at a place of the text (UTF-16 units), and what it stands for; `kind` is the class of that. */
export interface NameUse {
  readonly name: string;
  readonly symbol: KustoSymbol;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Every name in a tree that stands for something, with the class of what it stands for (`TableSymbol`, `ColumnSymbol`,
 * ...).
 */
export function nameUses(root: SyntaxNode): NameUse[] {
  const found: NameUse[] = [];
  walk(root, (node) => {
    const symbol = node.ReferencedSymbol;
    if (!symbol || !isName(node) || node.IsMissing || node.Width === 0) return;
    found.push({
      name: symbol.Name,
      symbol,
      kind: symbolClass(symbol),
      start: node.TextStart,
      end: node.TextStart + node.Width,
    });
  });
  return found;
}
function isName(node: SyntaxNode): boolean {
  return symbolClass(node as unknown as KustoSymbol) === 'NameReference';
}

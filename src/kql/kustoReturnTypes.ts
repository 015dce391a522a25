import { kusto, list } from './kustoApi.ts';
import type { KustoSymbol, ReturnContext, Signature, SyntaxNode } from './kustoApi.ts';

/** `ReturnTypeKind.Custom` of Microsoft's library: the type is what a function says of the call. */
const CUSTOM = 2;

/** A signature whose type of result is not settled yet. */
interface OpenSignature extends Signature {
  ReturnKind: number;
  CustomReturnType: ((context: ReturnContext) => KustoSymbol) | null;
}

/**
 * Lets Microsoft's binder know the types the service really gives where its own table says another, so that whatever is
 * made of such a value has the right type too: a real of ceiling(), unless of a decimal; a real of jaccard_index(); a
 * real of datetime_diff() in weeks. `textOf` reads a constant text of the call.
 */
export function mendReturnTypes(textOf: (node: SyntaxNode | undefined) => string | undefined): void {
  const { Real: real, Long: long, Decimal: decimal } = kusto.Symbols.ScalarTypes;
  const mended: Readonly<Record<string, (args: readonly SyntaxNode[]) => KustoSymbol>> = {
    ceiling: ([value]) => (value?.ResultType === decimal ? decimal! : real!),
    jaccard_index: () => real!,
    datetime_diff: ([part]) => (textOf(part)?.toLowerCase() === 'week' ? real! : long!),
  };
  for (const symbol of list(kusto.GlobalState.Default.Functions)) {
    const typeOf = Object.hasOwn(mended, symbol.Name) ? mended[symbol.Name] : undefined;
    if (!typeOf) continue;
    for (const signature of list(symbol.Signatures) as OpenSignature[]) {
      signature.CustomReturnType = (context) => typeOf(list(context.Arguments));
      signature.ReturnKind = CUSTOM;
    }
  }
}

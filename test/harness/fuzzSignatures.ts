import { kusto, list } from '../../src/kql/kustoApi.ts';
import type { NetList } from '../../src/kql/kustoApi.ts';

/** What a parameter takes: one of these values, a literal only, or any expression of one of the types. */
export interface FuzzParameter {
  readonly types: readonly string[];
  readonly values: readonly string[];
  readonly repeats: boolean;
}
export interface FuzzSignature {
  readonly name: string;
  readonly least: number;
  readonly parameters: readonly FuzzParameter[];
}

interface Parameter {
  readonly TypeKind: number;
  readonly DeclaredTypes?: NetList<{ readonly Name: string }>;
  readonly Values?: NetList<unknown>;
  readonly MaxOccurring: number;
}
interface Symbols {
  readonly ParameterTypeKind: Readonly<Record<string, unknown>>;
}
const ANY = ['long', 'real', 'string', 'bool', 'datetime', 'timespan', 'dynamic'];
/** Types by Microsoft's kinds of parameter; what is not named takes any. */
const OF_KIND: Readonly<Record<string, readonly string[]>> = {
  Integer: ['long'],
  RealOrDecimal: ['real'],
  StringOrDynamic: ['string', 'dynamic'],
  StringOrArray: ['string', 'dynamic'],
  IntegerOrArray: ['long', 'dynamic'],
  DynamicArray: ['dynamic'],
  DynamicBag: ['dynamic'],
  Number: ['long', 'real'],
  NumberOrBool: ['long', 'real', 'bool'],
  Summable: ['long', 'real', 'timespan'],
  CommonNumber: ['long'],
  CommonSummable: ['long'],
  NotDynamic: ['long', 'string', 'datetime'],
  CommonScalar: ['long'],
  CommonOrderable: ['long'],
};

/**
 * The signatures of Microsoft's functions of those names: what can be called, and with what, so that more than refusals
 * is fuzzed.
 */
export function signaturesOf(names: ReadonlySet<string>, kind: 'Functions' | 'Aggregates'): FuzzSignature[] {
  const kinds = (kusto as unknown as { Symbols: Symbols }).Symbols.ParameterTypeKind;
  const nameOfKind = new Map(
    Object.entries(kinds)
      .filter((e): e is [string, number] => typeof e[1] === 'number')
      .map(([name, value]) => [value, name]),
  );
  return list(kusto.GlobalState.Default[kind])
    .filter((f) => names.has(f.Name))
    .flatMap((f) => {
      const signatures = list(
        (
          f as unknown as {
            Signatures: NetList<{ readonly MinArgumentCount: number; readonly Parameters: NetList<Parameter> }>;
          }
        ).Signatures,
      );
      return signatures.map(({ MinArgumentCount, Parameters }) => ({
        name: f.Name,
        least: MinArgumentCount,
        parameters: list(Parameters).map(({ TypeKind, DeclaredTypes, Values, MaxOccurring }) => {
          const declared = list(DeclaredTypes).map((t) => t.Name);
          return {
            types: declared.length > 0 ? declared : (OF_KIND[nameOfKind.get(TypeKind) ?? ''] ?? ANY),
            values: list(Values).map(String),
            repeats: MaxOccurring > 1,
          };
        }),
      }));
    });
}

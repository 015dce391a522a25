import { child, kindOf, symbolClass } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { builtInKind } from '../kustoEditor.ts';
import type { EditorCode } from '../kustoEditor.ts';
import { findDoc } from './docs/find.ts';
import type { DocKind } from './docs/find.ts';
import type { CompletionKind, Documentation } from './face.ts';

/** A word of the language itself, as written. */
export interface Word {
  readonly kind: DocKind;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The operator, statement, function or plugin whose name stands at an offset, or ends there. */
export function wordAt(code: EditorCode, at: number): Word | undefined {
  return wordFrom(code, at) ?? (at > 0 ? wordFrom(code, at - 1) : undefined);
}

function wordFrom({ code }: EditorCode, at: number): Word | undefined {
  const token = code?.Syntax.GetTokenAt?.(at);
  const parent = token?.Parent;
  if (!token?.Text || !parent || token.TextStart > at || token.TextStart + token.Width < at) return undefined;
  const word = (kind: DocKind): Word => ({
    kind,
    name: token.Text!,
    start: token.TextStart,
    end: token.TextStart + token.Width,
  });
  if (symbolClass(parent.ReferencedSymbol) === 'OperatorSymbol' && child(parent, 'Operator') === token)
    return word('expression');
  if (kindOf(token).endsWith('Keyword') && isFirst(token, parent)) {
    const kind = kindOf(parent);
    if (/(Operator|Statement|Clause)$/.test(kind) || /^(DataTable|ExternalData)Expression$/.test(kind))
      return word('operator');
    if (/^(ToScalar|ToTable|Materialize)Expression$/.test(kind)) return word('scalar');
  }
  if (kindOf(token) === 'QueryParametersKeyword') return word('operator');
  const name = symbolClass(parent as never) === 'NameReference' ? parent : parent.Parent;
  const symbol = name?.ReferencedSymbol;
  const kind = symbol ? builtInKind(symbol) : undefined;
  return kind ? { ...word(kind), name: symbol!.Name } : undefined;
}

function isFirst(token: SyntaxNode, parent: SyntaxNode): boolean {
  for (let i = 0; i < parent.ChildCount; i++) {
    const one = parent.GetChild(i);
    if (one) return one === token;
  }
  return false;
}

/** What is said about a word of the language; undefined where nothing is. */
export function aboutWord(kind: DocKind, name: string): Documentation | undefined {
  const doc = findDoc(kind, name);
  return doc && { notes: [doc.text, ...(doc.local === undefined ? [] : [doc.local])], link: doc.url };
}

const BY_COMPLETION: Partial<Readonly<Record<CompletionKind, readonly DocKind[]>>> = {
  keyword: ['operator', 'expression', 'scalar'],
  operator: ['expression', 'operator'],
  function: ['scalar', 'plugin'],
  plugin: ['plugin'],
  aggregate: ['aggregate', 'scalar'],
};
/** The same for an item of the completion list. */
export function aboutItem(kind: CompletionKind, name: string): Documentation | undefined {
  for (const one of BY_COMPLETION[kind] ?? []) {
    const found = aboutWord(one, name.trim());
    if (found) return found;
  }
  return undefined;
}

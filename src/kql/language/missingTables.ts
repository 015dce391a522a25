import { parameterText } from '../bind/tree.ts';
import { children, kindOf, walk } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { TextChange, TextRange } from './face.ts';

/**
 * A workspace that lacks one table of a union refuses all of it, unless the union is fuzzy: the change that makes it
 * so, where the table at this place is one of several of a union. Elsewhere the word would help nobody: a workspace
 * without the only table has no rows to give.
 */
export function fuzzyUnion(root: SyntaxNode, { start, end }: TextRange): TextChange | undefined {
  let union: SyntaxNode | undefined;
  // The innermost comes last.
  walk(root, (node) => {
    if (kindOf(node) === 'UnionOperator' && node.TextStart <= start && node.End >= end) union = node;
  });
  if (!union || parameterText(union, 'isfuzzy') !== undefined) return undefined;
  const input = union.Parent && kindOf(union.Parent) === 'PipeExpression' && union.Parent.TextStart < union.TextStart;
  if (children(union, 'Expressions').length + (input ? 1 : 0) < 2) return undefined;
  const behind = union.TextStart + 'union'.length;
  return { start: behind, end: behind, newText: ' isfuzzy=true' };
}

import { child, children, kindOf, need, textOf } from '../kusto.ts';
import type { PlacedDiagnostic } from '../kustoAnalysis.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { nodeAt, parameterText } from './tree.ts';

/**
 * Errors of Microsoft's binder that the service does not make: a missing table in a fuzzy union, the types of a
 * plugin's named arguments (the binder takes them by position), fractions of seconds in make_timespan and
 * make_datetime, a literal (which is a long) as the degree of a polynomial, the length of a bag (there is none), a term
 * after the `not` of a search.
 */
export function isTolerated(diagnostic: PlacedDiagnostic, root: SyntaxNode): boolean {
  if (/^KS0/.test(diagnostic.code)) return false;
  for (let node = nodeAt(root, diagnostic.start, diagnostic.length); node; node = node.Parent) {
    const kind = kindOf(node);
    if (kind === 'UnionOperator')
      return (
        /does not refer to any known/.test(diagnostic.message) &&
        parameterText(node, 'isfuzzy')?.toLowerCase() === 'true'
      );
    if (kind === 'SimpleNamedExpression' && node.Parent && insideEvaluate(node))
      return /expected/.test(diagnostic.message);
    if (kind === 'FunctionCallExpression') {
      const name = textOf(child(node, 'Name') ?? node);
      if (name === 'make_timespan' || name === 'make_datetime') return /must be an integer/.test(diagnostic.message);
      if (name === 'array_length') return /must be a dynamic array/.test(diagnostic.message);
      if (name === 'not' && insideSearch(node)) return /type bool expected/.test(diagnostic.message);
      if (name === 'series_fit_poly') return /type int expected/.test(diagnostic.message);
      if (name === 'count') return /type bool expected/.test(diagnostic.message);
      // Conflicts and ignored properties stand by their place as well as by their name.
      if (name === 'bag_unpack' && node.Parent && kindOf(node.Parent) === 'EvaluateOperator')
        return (
          /expects \d+ arguments/.test(diagnostic.message) &&
          [3, 4].includes(children(need(node, 'ArgumentList'), 'Expressions').length)
        );
    }
  }
  return false;
}
function insideSearch(node: SyntaxNode): boolean {
  for (let at: SyntaxNode | null = node.Parent; at; at = at.Parent) {
    if (kindOf(at) === 'SearchOperator') return true;
    if (kindOf(at) === 'PipeExpression') return false;
  }
  return false;
}
function insideEvaluate(node: SyntaxNode): boolean {
  for (let at: SyntaxNode | null = node.Parent; at; at = at.Parent) {
    if (kindOf(at) === 'EvaluateOperator') return true;
    if (kindOf(at) === 'PipeExpression') return false;
  }
  return false;
}

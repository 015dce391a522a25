import type { Column } from '../../model/kqlType.ts';
import { child, columnsOf, kindOf } from '../kusto.ts';
import type { PlacedDiagnostic } from '../kustoAnalysis.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { nodeAt, quotedName } from './tree.ts';

/** A part of the text to write otherwise; the query is then bound again. */
export interface Rewriting {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
/** Thrown while binding where a part of the text is to be written otherwise: the caller does so, and binds again. */
export class NeedsText extends Error {
  readonly rewriting: Rewriting;
  constructor(rewriting: Rewriting) {
    super('the text is written otherwise first');
    this.rewriting = rewriting;
  }
}

/**
 * A name that a union has split by type (`Operation` of many tables is `Operation_string` and `Operation_dynamic`)
 * written as what the rows have of it, where no value is lost by that: as text where one of the types is string, as the
 * widest number among numbers. Microsoft's own build lets some of these names pass, and queries of other people, whose
 * tables have one type, count on it. Undefined where the name is not such a one, or has to be a column's. (A table of
 * that name makes the error another, so it is not looked at.)
 */
export function splitName(error: PlacedDiagnostic, root: SyntaxNode): Rewriting | undefined {
  let node = nodeAt(root, error.start, error.length);
  if (node && kindOf(node) === 'TokenName') node = node.Parent;
  if (!node || kindOf(node) !== 'NameReference' || node.SimpleName === undefined) return undefined;
  const name = node.SimpleName;
  const value = united(rowAround(node).filter((c) => c.name === `${name}_${c.type}`));
  const place = value === undefined ? 'nowhere' : placeOf(node);
  if (value === undefined || place === 'nowhere') return undefined;
  return {
    start: error.start,
    end: error.start + error.length,
    text: place === 'named' ? `${quotedName(name)} = ${value}` : value,
  };
}

/** Whether a name stands in the condition of `search` or `find`, which is each table's for itself. */
export function isInSearch(error: PlacedDiagnostic, root: SyntaxNode): boolean {
  for (let at = nodeAt(root, error.start, error.length); at?.Parent; at = at.Parent) {
    const kind = kindOf(at.Parent);
    if (kind === 'SearchOperator' || kind === 'FindOperator') return child(at.Parent, 'Condition') === at;
  }
  return false;
}

function united(variants: readonly Column[]): string | undefined {
  if (variants.length < 2) return undefined;
  const types = variants.map((c) => c.type);
  const numbers = types.every((t) => t === 'int' || t === 'long' || t === 'real');
  // A long is not always exact as a real.
  const type = types.includes('string')
    ? 'string'
    : numbers && !(types.includes('long') && types.includes('real'))
      ? types.includes('real')
        ? 'real'
        : 'long'
      : undefined;
  return (
    type &&
    `coalesce(${variants.map((c) => (c.type === type ? quotedName(c.name) : `to${type}(${quotedName(c.name)})`)).join(', ')})`
  );
}

/** The columns of the rows an expression stands on. */
function rowAround(node: SyntaxNode): Column[] {
  for (let at: SyntaxNode = node; at.Parent; at = at.Parent)
    if (kindOf(at.Parent) === 'PipeExpression' && child(at.Parent, 'Operator') === at)
      return columnsOf(child(at.Parent, 'Expression')?.ResultType);
  return [];
}
/** Whether any expression may stand at a node's place, one with a name in front, or only a name. */
function placeOf(node: SyntaxNode): 'value' | 'named' | 'nowhere' {
  let at = node.Parent;
  while (at && (kindOf(at) === 'SeparatedElement' || kindOf(at) === 'List')) at = at.Parent;
  const kind = at ? kindOf(at) : '';
  if (kind === 'ProjectOperator' || kind === 'ExtendOperator' || kind === 'SummarizeByClause') return 'named';
  return kind === 'ExpressionList' ||
    kind === 'SimpleNamedExpression' ||
    kind === 'FilterOperator' ||
    (kind.endsWith('Expression') && kind !== 'PathExpression' && kind !== 'ElementExpression')
    ? 'value'
    : 'nowhere';
}

import { kqlName } from '../../model/kqlNames.ts';
import { child, children, kindOf, need, walk } from '../kusto.ts';
import { parse } from '../kustoAnalysis.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { KqlSchema } from '../schema.ts';
import type { QueryText } from './queryText.ts';
import { nameOf, wildcard } from './tree.ts';

/**
 * The query with patterns of `union`, `search` and `find` that match views of it alone written out as their names:
 * Microsoft's binder looks for tables only, and then knows no columns. A pattern that matches a table as well keeps its
 * binding.
 */
export function withViewsNamed(query: QueryText, schema: KqlSchema): QueryText {
  if (!/\bview\b/.test(query.text) || !/\b(union|search|find)\b/.test(query.text) || !query.text.includes('*'))
    return query;
  const root = parse(query.text).Syntax;
  const views = children(root, 'Statements').filter(
    (s) => kindOf(s) === 'LetStatement' && isView(need(s, 'Expression')),
  );
  const patterns: SyntaxNode[] = [];
  walk(root, (node) => {
    if (kindOf(node) === 'UnionOperator' || kindOf(node) === 'FindInClause')
      patterns.push(
        ...children(node, 'Expressions').filter((leg) => /Wildcarded/.test(kindOf(child(leg, 'Name') ?? leg))),
      );
  });
  // From the end, so that the places before stay what they are.
  return patterns
    .sort((a, b) => b.TextStart - a.TextStart)
    .reduce((written, pattern) => {
      const matches = wildcard(nameOf(pattern));
      const names = views
        .filter((v) => v.End <= pattern.TextStart)
        .map((v) => nameOf(need(v, 'Name')))
        .filter(matches);
      if (names.length === 0 || schema.database.tables.some((t) => matches(t.name))) return written;
      const [start, end] = [pattern.TextStart, pattern.End];
      const text = names
        .map(kqlName)
        .join(', ')
        .padEnd(end - start);
      return {
        ...written,
        text: written.text.slice(0, start) + text + written.text.slice(end),
        inserts: [...written.inserts, { at: end, length: text.length - (end - start) }],
      };
    }, query);
}
function isView(node: SyntaxNode): boolean {
  return (
    kindOf(node) === 'FunctionDeclaration' &&
    child(node, 'ViewKeyword') !== undefined &&
    children(need(node, 'Parameters'), 'Parameters').length === 0
  );
}

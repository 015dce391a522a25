import { children, child, kindOf, walk } from '../kusto.ts';
import { parse } from '../kustoAnalysis.ts';
import type { QueryText } from './queryText.ts';
import { nameOf } from './tree.ts';

/**
 * `find ... project a, pack_all()` as Microsoft's parser knows it, `pack(*)`, in as many characters: the service takes
 * both.
 */
export function withPackAll(query: QueryText): QueryText {
  if (!/\bfind\b/.test(query.text) || !/\bpack_all\s*\(\s*\)/.test(query.text)) return query;
  let text = query.text;
  walk(parse(query.text).Syntax, (node) => {
    const project = kindOf(node) === 'FindOperator' ? child(node, 'Project') : undefined;
    for (const column of project ? children(project, 'Columns') : []) {
      const call =
        nameOf(column) === 'pack_all' ? /^pack_all\s*\(\s*\)/.exec(text.slice(column.TextStart))?.[0] : undefined;
      if (call !== undefined)
        text =
          text.slice(0, column.TextStart) + 'pack(*)'.padEnd(call.length) + text.slice(column.TextStart + call.length);
    }
  });
  return { ...query, text };
}

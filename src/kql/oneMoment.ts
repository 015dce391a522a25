import { formatDatetime } from '../model/values/datetime.ts';
import { child, children, kindOf, walk } from './kusto.ts';
import type { SyntaxNode } from './kustoApi.ts';
import { calledName, letDeclarations, nameOf } from './treeNames.ts';
import type { Edit } from './textEdits.ts';

/** A call of `now` or `ago` in a query's text; offsets in UTF-16 units. */
export interface InstantCall {
  readonly name: 'now' | 'ago';
  readonly start: number;
  readonly end: number;
  /** Where its argument stands, if it has one. */
  readonly argument?: { readonly start: number; readonly end: number };
}

/**
 * The calls of `now` and `ago` that mean the moment of the query, in order. None where the query sets that moment
 * itself (`set query_now`); not those of functions of these names that the query declares.
 */
export function findInstants(root: SyntaxNode): readonly InstantCall[] {
  const own = letDeclarations(root);
  const found: InstantCall[] = [];
  let fixed = false;
  walk(root, (node) => {
    if (kindOf(node) === 'SetOptionStatement') {
      const name = child(node, 'Name');
      fixed ||= name !== undefined && nameOf(name).toLowerCase() === 'query_now';
    }
    if (kindOf(node) !== 'FunctionCallExpression') return;
    const name = calledName(node);
    if ((name !== 'now' && name !== 'ago') || own.has(name)) return;
    const list = child(node, 'ArgumentList');
    const given = list ? children(list, 'Expressions') : [];
    const argument = given[0];
    // What has another number of arguments is for the service to refuse as it is written.
    if (given.length > 1 || (name === 'ago' && !argument)) return;
    found.push({
      name,
      start: node.TextStart,
      end: node.End,
      ...(argument ? { argument: { start: argument.TextStart, end: argument.End } } : {}),
    });
  });
  return fixed ? [] : found;
}

/** What puts one instant (ticks) in the place of these calls: the same text then means the same wherever it is run. */
export function atOneMoment(text: string, calls: readonly InstantCall[], moment: bigint): Edit[] {
  const instant = `datetime(${formatDatetime(moment)})`;
  return calls.flatMap(({ name, start, end, argument }): Edit[] => {
    // Line breaks stay, so that lines keep their numbers.
    const breaks = (from: number, to: number): string => text.slice(from, to).replaceAll(/[^\r\n]/g, '');
    if (!argument) return [{ start, end, text: `${instant}${breaks(start, end)}` }];
    const sign = name === 'now' ? '+' : '-';
    return [
      { start, end: argument.start, text: `(${instant} ${sign} (${breaks(start, argument.start)}` },
      { start: argument.end, end, text: `${breaks(argument.end, end)}))` },
    ];
  });
}

import { child, children, kindOf, walk } from './kusto.ts';
import type { SyntaxNode } from './kustoApi.ts';
import type { InstantCall } from './oneMoment.ts';
import { calledName, letDeclarations, nameOf } from './treeNames.ts';

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

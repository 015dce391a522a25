import { AppError } from '../../base/errors.ts';
import { parseSignature } from '../../kql/queryFiles/parameters.ts';
import { literalText } from '../../kql/print/literals.ts';
import type { SavedQueryBody } from '../../model/savedQuery.ts';

/**
 * A function as a query that stands alone, for a query pack, which keeps none: what it takes becomes `let` statements
 * with the defaults. Throws `input.queries` where one has no default.
 */
export function withoutFunction(body: SavedQueryBody): SavedQueryBody {
  const { functionAlias, functionParameters = '', ...rest } = body;
  if (functionAlias === undefined) return body;
  const signature = parseSignature(functionParameters);
  const open = signature?.parameters.find(({ fallback }) => fallback === undefined)?.name ?? signature?.unread[0];
  if (!signature || open !== undefined)
    throw new AppError(
      'input.queries',
      `"${body.name}" is the function ${functionAlias}(${functionParameters}), and a query pack keeps no functions: ` +
        `as a query it would not run, for ${open ?? 'what it takes'} has no default. Export it to a workspace.`,
    );
  const lets = signature.parameters.map(
    ({ name, type, fallback }) => `let ${name} = ${literalText(type, fallback ?? null)};\n`,
  );
  return { ...rest, text: `${lets.join('')}${body.text}` };
}

import { literalText } from '../print/literals.ts';
import type { LiteralValue } from '../literal.ts';
import { codeStart } from '../scan.ts';
import { edited } from '../textEdits.ts';
import type { Edit } from '../textEdits.ts';
import { readFrontComment } from './frontComment.ts';
import type { FileQuery } from './queryFile.ts';

/** A query as it is run: its parameters have values, and what its comment says of it is left out. */
export interface PreparedQuery {
  readonly text: string;
  /** What makes it of the text that the file has. */
  readonly edits: readonly Edit[];
}

/**
 * A query with the values of its parameters (`withValues`) and without its front comment: those lines become empty
 * comments, for they name what is ours, and places in errors stay true.
 */
export function prepareQuery(
  query: FileQuery,
  values: ReadonlyMap<string, LiteralValue>,
): PreparedQuery & { readonly missing: readonly string[] } {
  const { declaration } = query;
  const inside = (at: number): boolean =>
    declaration !== undefined && declaration.start <= at && at < declaration.start + declaration.length;
  const lines = readFrontComment(query.text)
    .lines.filter((line) => !inside(line.start))
    .map((line) => ({ start: line.start, end: line.start + line.length, text: '//' }));
  const { edits: valued, missing } = withValues(query, values);
  const edits: Edit[] = [...lines, ...valued];
  return { text: edited(query.text, edits), edits, missing };
}

/**
 * Gives the parameters of a query their values: those given by name, else their defaults. Each becomes a `let` with a
 * literal of its type, in place of the declaration or before the first statement, so that Log Analytics, which does not
 * take parameters, runs it too. `missing` names the parameters that have no value; the text is then not to be run.
 */
export function withValues(
  query: FileQuery,
  values: ReadonlyMap<string, LiteralValue>,
): PreparedQuery & { readonly missing: readonly string[] } {
  const missing: string[] = [];
  const letOf = (parameter: FileQuery['parameters'][number]): string => {
    const value = values.has(parameter.name) ? values.get(parameter.name) : parameter.fallback;
    if (value === undefined) missing.push(parameter.name);
    return `let ${parameter.name} = ${literalText(parameter.type, value ?? null)}`;
  };
  const { declaration } = query;
  const declared = declaration?.parameters ?? [];
  const own = query.parameters.filter(({ name }) => !declared.some((other) => other.name === name));
  const start = codeStart(query.text);
  const edits: Edit[] = [];
  if (own.length > 0) edits.push({ start, end: start, text: `${own.map(letOf).join('; ')}; ` });
  if (declaration)
    edits.push({
      start: declaration.start,
      end: declaration.start + declaration.length,
      text: declared.map(letOf).join('; '),
    });
  return { text: edited(query.text, edits), edits, missing };
}

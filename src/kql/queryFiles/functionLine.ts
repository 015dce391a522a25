import { parseSignature } from './parameters.ts';
import type { FunctionLine } from './queryFile.ts';

/** Reads what stands behind `// @function`; undefined where it is no name, or its brackets do not match. */
export function parseFunctionLine(text: string): FunctionLine | undefined {
  const [, alias, brackets = '()'] = /^([A-Za-z_]\w{0,199})\s*(\(.*\))?$/s.exec(text.trim()) ?? [];
  const signature = brackets.slice(1, -1).trim();
  const parameters = parseSignature(signature)?.parameters;
  return alias === undefined || parameters === undefined ? undefined : { alias, signature, parameters };
}

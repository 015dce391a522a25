import { readFile } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';
import { decodeText } from '../base/decodeText.ts';
import { parseBaseline } from '../core/baseline/parseBaseline.ts';
import type { BaselineFile, BaselineProblem } from '../model/baseline.ts';
import { textOf } from './command.ts';
import type { Values } from './command.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';
import { findInRepository } from './customersFile.ts';

/**
 * The baseline of `--baseline`, else the repository's `.tenantscope/baseline.json`, and everything that is wrong with
 * it. Rejects with `input.baseline` where there is none.
 */
export async function readBaselineFile(values: Values): Promise<{
  readonly path: string;
  readonly text: string;
  readonly baseline: BaselineFile;
  readonly problems: readonly BaselineProblem[];
}> {
  const given = textOf(values, 'baseline');
  const found = given === undefined ? await findInRepository(process.cwd(), 'baseline') : await readGiven(given);
  if (!found)
    throw new AppError(
      'input.baseline',
      'There is no .tenantscope/baseline.json here or above. Name the file with --baseline. Nothing was sent.',
    );
  return { path: found.label, text: found.text, ...parseBaseline(found.text, found.label) };
}

/**
 * The same for those who act on it: a file with a mistake says less than was meant, so that it is refused whole
 * (`input.baseline`), and each mistake told.
 */
export async function soundBaseline(
  values: Values,
  terminal: Pick<Terminal, 'say'>,
): Promise<{ readonly path: string; readonly baseline: BaselineFile }> {
  const { path, baseline, problems } = await readBaselineFile(values);
  if (problems.length === 0) return { path, baseline };
  for (const problem of problems) terminal.say(safeText(problemText(problem)));
  const many = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  throw new AppError('input.baseline', `The baseline has ${many}. Nothing was sent; mend the file.`);
}

/** The same for those who can do without one: undefined where none is named and the repository has none. */
export async function soundBaselineIfAny(
  values: Values,
  terminal: Pick<Terminal, 'say'>,
): Promise<BaselineFile | undefined> {
  if (textOf(values, 'baseline') === undefined && !(await findInRepository(process.cwd(), 'baseline')))
    return undefined;
  return (await soundBaseline(values, terminal)).baseline;
}

/** `FILE:LINE: what is wrong`. */
export function problemText({ file, line, message }: BaselineProblem): string {
  return `${file}:${line}: ${message}`;
}

async function readGiven(path: string): Promise<{ readonly label: string; readonly text: string }> {
  try {
    return { label: path, text: decodeText(await readFile(path)) };
  } catch (error) {
    throw new AppError('input.baseline', `--baseline: ${path} cannot be read: ${(error as Error).message}`);
  }
}

import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { decodeText } from '../base/decodeText.ts';
import { AppError } from '../base/errors.ts';
import { ALERT_FILE, ALERT_FOLDER, readAlertFile } from '../kql/queryFiles/alertFile.ts';
import type { AlertFile } from '../kql/queryFiles/alertFile.ts';
import { positionOf } from '../kql/queryFiles/places.ts';
import type { FileProblem } from '../kql/queryFiles/queryFile.ts';
import type { AlertDefinition } from '../model/alert.ts';
import { textOf } from './command.ts';
import type { Values } from './command.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';

/** An alert, and the file that says it. */
export interface FoundAlert {
  readonly path: string;
  readonly text: string;
  readonly file: AlertFile;
  readonly definition: AlertDefinition;
}

/** The folder of `--alerts`, else the one of the folder in use. */
export function alertFolder(values: Values): string {
  return resolve(textOf(values, 'alerts') ?? ALERT_FOLDER);
}

/**
 * The alerts of a folder, by the names of their files, and how many could not be read: each is told with its place.
 * Rejects with `input.file` where there is no such folder, and for two of one name.
 */
export async function readAlerts(
  values: Values,
  terminal: Pick<Terminal, 'say'>,
): Promise<{ readonly found: readonly FoundAlert[]; readonly unread: number }> {
  const folder = alertFolder(values);
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new AppError('input.file', `There is no folder of alerts ${folder}. --alerts names another.`, { cause });
  });
  const found: FoundAlert[] = [];
  let unread = 0;
  for (const name of names.filter((one) => ALERT_FILE.test(one)).sort()) {
    const path = join(folder, name);
    const text = decodeText(await readFile(path));
    const file = await readAlertFile(path, text);
    sayAlertProblems({ path, text }, file.problems, terminal);
    const { definition } = file;
    if (!definition) {
      unread++;
      continue;
    }
    const twin = found.find((one) => one.definition.name.toLowerCase() === definition.name.toLowerCase());
    if (twin)
      throw new AppError(
        'input.file',
        `${twin.path} and ${path} are both called ${definition.name}. Give one of them another "@name".`,
      );
    found.push({ path, text, file, definition });
  }
  return { found, unread };
}

/** Tells problems of a file, each with its place. */
export function sayAlertProblems(
  { path, text }: Pick<FoundAlert, 'path' | 'text'>,
  problems: readonly FileProblem[],
  terminal: Pick<Terminal, 'say'>,
): void {
  for (const { message, start } of problems) {
    const { line, column } = positionOf(text, start);
    terminal.say(safeText(`${path}:${line}:${column}: ${message}`));
  }
}

/** The alert of a name; rejects with `input.usage`, naming those there are. */
export function chooseAlert(found: readonly FoundAlert[], name: string | undefined): FoundAlert {
  const known = found.map(({ definition }) => definition.name).join(', ');
  const told = known === '' ? '' : ` There are ${known}.`;
  if (name === undefined) throw new AppError('input.usage', `NAME is missing.${told}`);
  const one = found.find(({ definition }) => definition.name.toLowerCase() === name.toLowerCase());
  if (one) return one;
  throw new AppError('input.usage', `There is no alert "${name.slice(0, 60)}".${told}`);
}

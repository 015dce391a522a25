import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { decodeText } from '../base/decodeText.ts';
import { AppError } from '../base/errors.ts';
import { positionOf } from '../kql/queryFiles/places.ts';
import { readRollupFile, ROLLUP_FILE, ROLLUP_FOLDER } from '../kql/queryFiles/rollupFile.ts';
import type { RollupDefinition } from '../model/rollup.ts';
import { textOf } from './command.ts';
import type { Values } from './command.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';

/** A roll-up and the file that says it. */
export interface FoundRollup {
  readonly path: string;
  readonly definition: RollupDefinition;
}

/** The folder of `--rollups`, else the one of the folder in use. */
export function rollupFolder(values: Values): string {
  return resolve(textOf(values, 'rollups') ?? ROLLUP_FOLDER);
}

/**
 * The roll-ups of a folder, by the names of their files, and how many could not be read: each is told with its place.
 * Rejects with `input.file` where there is no such folder, and for two of one name.
 */
export async function readRollups(
  values: Values,
  terminal: Pick<Terminal, 'say'>,
): Promise<{ readonly found: readonly FoundRollup[]; readonly unread: number }> {
  const folder = rollupFolder(values);
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new AppError(
      'input.file',
      `There is no folder of roll-ups ${folder}. "tenantscope rollup create" makes one; --rollups names another.`,
      { cause },
    );
  });
  const found: FoundRollup[] = [];
  let unread = 0;
  for (const name of names.filter((one) => ROLLUP_FILE.test(one)).sort()) {
    const path = join(folder, name);
    const text = decodeText(await readFile(path));
    const { definition, problems } = await readRollupFile(path, text);
    for (const { message, start } of problems) {
      const { line, column } = positionOf(text, start);
      terminal.say(safeText(`${path}:${line}:${column}: ${message}`));
    }
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
    found.push({ path, definition });
  }
  return { found, unread };
}

/** The roll-up of a name; rejects with `input.usage`, naming those there are. */
export function chooseRollup(found: readonly FoundRollup[], name: string): FoundRollup {
  const one = found.find(({ definition }) => definition.name.toLowerCase() === name.toLowerCase());
  if (one) return one;
  const known = found.map(({ definition }) => definition.name).join(', ');
  throw new AppError(
    'input.usage',
    `There is no roll-up "${name.slice(0, 60)}"${known === '' ? '' : `; there are ${known}`}.`,
  );
}

/** The folder of the lake; undefined where none is named. */
export function findLake(values: Values): string | undefined {
  return textOf(values, 'lake') ?? (process.env['TENANTSCOPE_LAKE'] || undefined);
}

/** The folder of the lake. Throws `input.usage` where none is named; `holds` says what it is for. */
export function lakeOf(values: Values, holds: string): string {
  const lake = findLake(values);
  if (lake !== undefined) return lake;
  throw new AppError('input.usage', `--lake DIR is missing: ${holds}.`);
}

import { resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import { readRollupFile, ROLLUP_FILE, ROLLUP_FOLDER } from '../kql/queryFiles/rollupFile.ts';
import type { RollupFile } from '../kql/queryFiles/rollupFile.ts';
import { textOf } from './command.ts';
import type { Values } from './command.ts';
import { chooseDefinition, readDefinitions } from './definitionFolder.ts';
import type { FoundDefinition } from './definitionFolder.ts';
import type { Terminal } from './output/terminal.ts';

/** A roll-up, and the file that says it. */
export type FoundRollup = FoundDefinition<RollupFile>;

/** The folder of `--rollups`, else the one of the folder in use. */
export function rollupFolder(values: Values): string {
  return resolve(textOf(values, 'rollups') ?? ROLLUP_FOLDER);
}

/** The roll-ups of the folder, and how many could not be read; told and refused as `readDefinitions` does. */
export function readRollups(
  values: Values,
  terminal: Pick<Terminal, 'say'>,
): Promise<{ readonly found: readonly FoundRollup[]; readonly unread: number }> {
  const [folder, hint] = [rollupFolder(values), '"tenantscope rollup create" makes one; --rollups names another.'];
  return readDefinitions({ folder, files: ROLLUP_FILE, noun: 'roll-ups', hint, read: readRollupFile }, terminal);
}

/** The roll-up of a name; throws `input.usage`, naming those there are. */
export function chooseRollup(found: readonly FoundRollup[], name: string): FoundRollup {
  return chooseDefinition(found, name, 'roll-up');
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

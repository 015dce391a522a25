import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { settingsOfComment } from '../../kql/queryFiles/rollupSettings.ts';
import { readRollupFile } from '../../kql/queryFiles/rollupFile.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readText } from '../queryText.ts';
import { rollupFolder } from '../rollupFiles.ts';
import { dryRun } from './rollupDryRun.ts';

/** What a new file says where its query does not. */
const DEFAULTS = { window: '1h', lateness: '10m', schedule: 'every 1h' } as const;

/**
 * `rollup create`: a roll-up of a query. It is planned over the workspaces of its scope and its last window read
 * before the file is written; what cannot be rolled up is refused, with why.
 */
export async function createRollup(from: string, values: Values, terminal: Terminal): Promise<number> {
  const text = await readText(from, terminal);
  const own = basename(from)
    .replace(/\.\w+$/, '')
    .replaceAll(/\W+/g, '_');
  const said = settingsOfComment(text).settings;
  const name = textOf(values, 'name') ?? said.get('name')?.[0]?.value ?? (from === '-' ? '' : own);
  const lines = Object.entries({ name, ...DEFAULTS })
    .filter(([setting]) => !said.has(setting as keyof typeof DEFAULTS))
    .map(([setting, value]) => `// @${setting} ${value}\n`);
  const file = `${lines.join('')}${text.trimEnd()}\n`;
  const { definition, problems } = await readRollupFile(`${name}.kql`, file);
  if (!definition)
    throw new AppError('input.file', `${from} makes no roll-up: ${problems.map(({ message }) => message).join(' ')}`);
  if (textOf(values, 'name') !== undefined && definition.name !== name)
    throw new AppError('input.usage', `${from} says "@name ${definition.name}" itself: leave out --name.`);
  const code = await dryRun([definition], values, terminal);
  if (values['dry-run'] === true || (code !== EXIT.complete && code !== EXIT.partial)) return code;
  const folder = rollupFolder(values);
  const path = join(folder, `${definition.name}.kql`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, file, { flag: 'wx' }).catch((cause: unknown) => {
    throw new AppError(
      'input.exportPath',
      (cause as NodeJS.ErrnoException).code === 'EEXIST'
        ? `${path} is there already. Give another --name, or remove it first.`
        : `${path} could not be written.`,
      { cause },
    );
  });
  terminal.say(safeText(`Created ${path}.`));
  return code;
}

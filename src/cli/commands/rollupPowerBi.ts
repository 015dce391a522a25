import { resolve } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { counted } from '../../base/counted.ts';
import { textOf, textsOf } from '../command.ts';
import type { Values } from '../command.ts';
import { placesOf } from '../centres/centresOption.ts';
import { openAzure, openRollups } from '../compose.ts';
import { readConnection } from '../connection.ts';
import { EXIT } from '../exitCodes.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { chooseRollup, readRollups } from '../rollupFiles.ts';

/** Options of `rollup powerbi` alone. */
export const POWER_BI_OPTIONS = {
  centre: { type: 'string' },
  out: { type: 'string' },
  customer: { type: 'string', multiple: true },
} as const;

/** For `--help`. */
export const POWER_BI_HELP = `  --customer NAME        powerbi: a role that sees this customer alone; may be given several times`;

/** `rollup powerbi`: a Power BI project (PBIP) over what one roll-up, or all of the folder, stored in a centre. */
export async function exportPowerBi(name: string | undefined, values: Values, terminal: Terminal): Promise<number> {
  const out = textOf(values, 'out');
  if (out === undefined) throw new AppError('input.usage', '--out DIR is missing: the folder of the project.');
  const centre = textOf(values, 'centre') ?? 'lake';
  const { found, unread } = await readRollups(values, terminal);
  const chosen = name === undefined ? found : [chooseRollup(found, name)];
  const definitions = chosen
    .map(({ definition }) => definition)
    .filter(({ sinks }) => name !== undefined || sinks.includes(centre));
  if (definitions.length === 0) throw new AppError('input.rollup', `No roll-up is stored in "${centre.slice(0, 40)}".`);
  const { centres, state } = await placesOf(values, terminal, [centre]);
  const place = centres.find((one) => one.name === centre);
  if (!place) throw new AppError('input.usage', `There is no centre "${centre.slice(0, 40)}".`);
  const { powerBiFiles, powerBiSource, writeProject } = await import('../../app/powerBi.ts');
  const azure = place.kind === 'lake' && !state ? undefined : await openAzure(values, terminal);
  const { rollups, close } = await openRollups(values, terminal, [centre], azure && (() => Promise.resolve(azure)));
  try {
    const source = await powerBiSource(
      place.kind === 'lake' ? { ...place, folder: resolve(place.folder) } : place,
      (await readConnection(values, process.env)).file.cloud.logAnalytics,
      () => azure!.estate.load(),
    );
    const project = await powerBiFiles({ source, definitions, customers: textsOf(values, 'customer') }, rollups);
    await writeProject(resolve(out), project);
    for (const note of project.notes) terminal.say(safeText(note));
    terminal.say(safeText(`Wrote a Power BI project of ${counted(definitions.length, 'roll-up')} to ${out}.`));
    return unread > 0 && name === undefined ? EXIT.partial : EXIT.complete;
  } finally {
    await close();
  }
}

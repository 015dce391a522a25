import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { toSavedQuery } from '../../core/queryPacks/toSavedQuery.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readPack } from '../packFiles.ts';
import { sayProblems } from '../queryFile.ts';
import { chosenByName, readPlace } from './packPlace.ts';
import { planAndDo } from './workspaceAction.ts';

/**
 * `pack export PATH`: keeps the queries of files as saved searches of a workspace, or in a query pack. What cannot be
 * kept is left out and told. The exit code.
 */
export async function exportPack(path: string, values: Values, terminal: Terminal): Promise<number> {
  const files = await readPack(path, terminal);
  for (const file of files) sayProblems(file, terminal);
  const queries = chosenByName(
    files.flatMap((file) => file.queries),
    ({ name }) => name,
    values,
  );
  const made = queries.map(toSavedQuery);
  const bodies = made.flatMap((one) => ('body' in one ? [one.body] : []));
  for (const one of made) if ('refusal' in one) terminal.say(safeText(`${one.name} is left out: ${one.refusal}`));
  if (bodies.length === 0)
    throw new AppError('input.file', `There is no query to export in ${path}. Nothing was sent.`);
  const azure = await openAzure(values, terminal);
  try {
    const place = await readPlace(azure, values, terminal);
    const plan = await azure.savedQueries.planExport(place, bodies, { signal: terminal.signal });
    const sentence = `${counted(bodies.length, 'query is', 'queries are')} in ${place.told}.`;
    const code = await planAndDo(azure, plan, sentence, { action: 'export', name: path, values, terminal });
    return code === EXIT.complete && bodies.length < queries.length ? EXIT.partial : code;
  } finally {
    azure.dispose();
  }
}
